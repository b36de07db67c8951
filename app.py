"""The router: language, database, filters and day, then the page. Nothing else."""

import streamlit as st

from ccinsight import clock
from ccinsight.dashboard import navigation
from ccinsight.dashboard.pages import first_run
from ccinsight.dashboard.session import address, given, printing, reads, runs, sign_in, view
from ccinsight.dashboard.widgets import (
    browser,
    chart_view,
    filter_bar,
    find,
    layout,
    my_customers,
    paper,
    saved_views,
    sidebar,
    view_opening,
)
from ccinsight.errors import CcinsightError, NoDatabaseError
from ccinsight.i18n import language, set_language

st.set_page_config(page_title="ccinsight", page_icon=layout.ICON, layout="wide")


def begin(page: str = "") -> None:
    """What every page begins with, the sign-in included, which has no name."""
    layout.style()
    browser.show(page)


printing.begin()
today = clock.today()
set_language(address.read_language())
who = sign_in.require(begin)
follows_link = address.follow(today)
set_language(address.language(follows_link=follows_link))

name, page, site = navigation.navigation(who, is_hidden=printing.is_on())
begin(name)
choices = failure = None
reads.start_run()
try:
    choices = reads.choices(who)
except NoDatabaseError:
    pass
except CcinsightError as error:
    failure = error

if follows_link:
    address.read(name, today, choices or reads.Choices())
if choices:
    my_customers.begin(choices.account_managers)
    view_opening.read()
    view_opening.follow(name)
if (asked := address.asked_page()) in site and asked != name:
    st.switch_page(site[asked], query_params=address.leave_for(asked))
if not printing.is_on():
    if choices:
        sidebar.show()
        saved_views.list_in_sidebar()
    else:
        sidebar.show_language()
    sign_in.show_reader(who)
address.follow_again(later=failure is not None)
if failure:
    # the address keeps what it says, and is followed again once the database can be read
    layout.stopped(failure)
    st.stop()
shown = view.View(address.as_of(today), today, who, address.filters())
view.show(shown)
view_opening.arrive(name)
address.write(name, today)
given.begin((name, language()))
if choices and printing.is_on():
    paper.show(name, shown, choices)
elif choices:
    find.show(name)
    filter_bar.show(name, shown, choices)

try:
    if choices or name == "mapping":
        with runs.run(), chart_view.after_tables():
            page.run()
        given.end()
    else:
        first_run.show(who)
except CcinsightError as error:
    layout.stopped(error)
