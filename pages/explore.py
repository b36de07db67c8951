"""Explore: figures of the reader's own choice, by one or two of what they can be broken down by."""

from ccinsight.dashboard.pages import explore, explore_choices
from ccinsight.dashboard.session.view import current
from ccinsight.dashboard.widgets import layout
from ccinsight.errors import UsageError
from ccinsight.i18n import _

view = current()
choice = explore_choices.read()
layout.head(explore.title(choice), view, "explore")
layout.fills_if_missing("tickets", _("Tickets and time"))
explore_choices.draw(choice, view)
explore_choices.possible_note(choice)
if not choice.measures:
    layout.nothing(_("Choose the figures to see, and what to break them down by."))
else:
    try:
        explore.show(choice, view)
    except UsageError as error:
        layout.failed(error)
