"""The router: language, database, filters and day, then the page. Nothing else."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from ccinsight.dashboard import (
    address,
    filterbar,
    finding,
    layout,
    mine,
    pages,
    plot,
    runs,
    sidebar,
    store,
    view,
)
from ccinsight.errors import CcinsightError, NoDatabaseError
from ccinsight.i18n import set_language

st.set_page_config(page_title="ccinsight", page_icon=layout.ICON, layout="wide")

today = datetime.now(ZoneInfo("Europe/Oslo")).date()
follows_link = address.follow(today)
set_language(address.language(follows_link=follows_link))

name, page, site = pages.navigation()
layout.style()
choices = failure = None
store.start_run()
try:
    choices = store.choices()
except NoDatabaseError:
    pass
except CcinsightError as error:
    failure = error

if follows_link:
    address.read(name, today, choices or store.Choices())
if choices:
    mine.begin(choices.account_managers)
if (asked := address.asked_page()) and asked != name:
    st.switch_page(site[asked], query_params=address.leave_for(asked))
if choices:
    sidebar.show()
else:
    sidebar.show_language()
address.follow_again(later=failure is not None)
if failure:
    # the address keeps what it says, and is followed again once the database can be read
    layout.stopped(failure)
    st.stop()
shown = view.View(address.as_of(today), today, address.filters())
view.show(shown)
address.write(name, today)
if choices:
    finding.show()
    filterbar.show(name, shown, choices)

try:
    if choices or name == "data":
        with runs.run(), plot.after_tables():
            page.run()
    else:
        layout.no_database()
except CcinsightError as error:
    layout.stopped(error)
