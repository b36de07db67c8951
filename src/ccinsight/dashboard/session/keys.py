"""The keys under which a session keeps what isn't a widget's own, each once. Widgets of one page name theirs there."""

# ---------------------------------------------------------------- the run
VIEW = "_view"  # the day, the filters and how to read reports with them
PRINTING = "_printing"  # whether the page is drawn for paper
GIVING = "_giving"  # the values that this run gives to widgets (session/given.py)
GIVEN = "_given"  # those of the last run that was drawn to its end, outside a run
GIVEN_BEFORE = "_given-before"  # the same, while a run goes on
CHARTS = "_charts"  # the charts of this run, drawn after the rest of the page

MARKS = "_marks"  # the marks of charts that filter tables
MARK_ROUNDS = "_mark-rounds"  # how often a chart was drawn without its chosen mark

# ---------------------------------------------------------------- the address (session/address.py)
PAGE = "_page"  # the page that is shown
TODAY = "_today"
UNKNOWN = "_unknown"  # what a link says that doesn't exist, for the reader
HELD = "_held"  # a page asked for, and the values to set, until the browser is there
AGAIN = "_again"  # follow the address once more in the next run
# The page that was just opened with another query than its own: the entry in the history is there and is to be mended.
SWITCHED = "_switched"
ARRIVING = "_arriving"  # `go` opens a page in the next run
QUERY = "_query"  # the query that the browser has
WRITTEN = "_written"  # the filters that the query says
WRITTEN_BEFORE = "_written_before"  # those before them, and until when a link may still have them
UNSET = "_unset"  # the values that controls of pages have when nobody has set them
SCRIPTS = "_scripts"  # how many scripts have put a query in the browser's address

# ---------------------------------------------------------------- the bar and the dialogs above every page
FILTERS_OPEN = "_filters-open"  # the page on which the lists of filters are open
VIEWS = "_views"  # the saved views that the reader of this run may see
VIEWS_OPEN = "_views-open"  # the page on which the saved views are open
VIEW_ASKED = "_view-asked"  # the saved view that is being opened, until its page is there
VIEW_SHOWN = "_view-shown"  # the number of the saved view that was opened last
VIEW_RESULT = "_view-result"  # what a click on a saved view came to, and the view as it was before
VIEW_RENAMED = "_view-renamed"  # the saved view that is being given another name
TABLES = "_tables"  # the tables that this run drew
TABS = "_tabs"  # the tabs that this run drew, and which is open
FIND = "find"
FIND_PAGE = "_find-page"  # the page on which the dialog was drawn
FIND_WANTED = "_find-wanted"
FIND_CHOSEN = "_find-chosen"
MINE = "_mine"  # the account manager that the reader is
MINE_CHANGED = "_mine-changed"
MINE_PICK = "pick-mine"

# ---------------------------------------------------------------- pages
FEED_MADE = "_feed-made"  # the address of a calendar that was just made, or why none was
TOKEN_MADE = "_token-made"  # the access token that was just made, or why none was
DELIVERY_RESULT = "_delivery-result"  # what a click on Delivery came to
ALERT_RESULT = "_alert-result"  # the alert that was just removed, or why one could not be set up or removed
REASON_RESULT = "_reason-result"  # what saving or taking back the reason of a termination came to
DUTIES_FOCUS = "_duties-focus"  # when duties were closed or opened last, and the kind of the first
DUTIES_RESULT = "_duties-result"  # what closing duties came to
LETTERS_RESULT = "_letters-result"  # what recording price letters, or taking them back, came to
LETTER_TEMPLATE = "_letter-template"  # the Word template that was chosen for price letters
OWN_SLIDES = "_own-slides"  # the PowerPoint slides that were chosen for status meetings
VERDICT_RESULT = "_verdict-result"  # the verdict that was just given, or why none was
MEETING_SOURCES = "_meeting-sources"  # the reports behind the meeting that is open
MEETINGS_MADE = "_meetings-made"  # the files of several meetings that were made last, and for what
PREVIEWED = "_previewed"  # the slides that were drawn last
IMPORT_DONE = "_import_done"
IMPORT_ROUND = "_import_round"
IMPORT_ASKED = "_import_asked"
IMPORT_PREVIEW = "_import_preview"  # what chosen files were recognised as
IMPORT_KEPT = "_import_kept"  # files that stay chosen while the reader says what their names mean
EXAMINED = "_examined"  # the one of them that the page Fields and values shows
FIRST_SETTINGS = "_first_settings"  # the settings of the first import, as TOML, until there is a database
MAPPING_DONE = "_naming_done"
STEPS_BASE = "_steps_base"  # the price plan's new list: what it began from
STEPS_WRITTEN = "_steps_written"
STEPS_ROUND = "_steps_round"
