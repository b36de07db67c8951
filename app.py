"""The router: language, database, filters and day, then the page. Nothing else."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from ccinsight.dashboard import address, layout, pages, plot, sidebar, store, upkeep, view
from ccinsight.errors import CcinsightError, NoDatabaseError
from ccinsight.i18n import set_language

st.set_page_config(page_title="ccinsight", page_icon=layout.ICON, layout="wide")

today = datetime.now(ZoneInfo("Europe/Oslo")).date()
follows_link = address.follow(today)
set_language(address.read_language() if follows_link else st.session_state[address.LANGUAGE])

name, page, site = pages.navigation()
layout.style()
try:
    choices = store.choices()
except NoDatabaseError:
    choices = None
except CcinsightError as error:
    layout.failed(error)
    st.stop()

if follows_link:
    address.read(today, choices or store.Choices())
if (asked := address.asked_page()) and asked != name:
    st.switch_page(site[asked], query_params=address.parameters(asked))
if choices:
    sidebar.show(choices)
else:
    sidebar.show_language()
view.show(view.View(address.as_of(today), today, address.filters()))
address.write(name, today)

try:
    if choices or name == "data":
        with plot.after_tables():
            page.run()
    else:
        layout.no_database()
    upkeep.settle(name)
except CcinsightError as error:
    layout.failed(error)
