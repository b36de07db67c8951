"""Mapping: the headers, values and categories that aren't known, and what they are."""

import streamlit as st

from ccinsight.dashboard.pages import mapping, mapping_examine, mapping_first
from ccinsight.dashboard.session import given, printing, reads
from ccinsight.dashboard.session.view import current
from ccinsight.dashboard.widgets import cards, layout
from ccinsight.dashboard.widgets.cards import Card
from ccinsight.i18n import _

view = current()
if not reads.exists():
    # before the first import the page is about the file that is to be imported
    mapping_first.show(view)
    given.end()
    st.stop()
names = mapping.read(view)
layout.head(mapping.title(names), view, "mapping")
mapping.show_done(names)
cards.show(
    [
        Card("headers_unmatched", len(names.open_headers)),
        Card(
            "values_unknown",
            len(names.open_values),
            mapping.in_rows(names.open_values["rows"].sum()),
        ),
        Card(
            "categories_unmapped",
            len(names.open_categories),
            mapping.in_tickets(names.open_categories["tickets"].sum()),
        ),
    ],
    "mapping",
)
layout.note(_("These cover all files and all tickets; filters don't apply."))

layout.section(_("Which headers aren't known?"))
if names.headers.empty:
    layout.nothing(_("Every header of the imported files is known."))
chosen = mapping.headers(names, view)

layout.section(_("Which values aren't known?"))
if names.values.empty:
    layout.nothing(_("Every value of the imported files is known."))
chosen |= mapping.values(names, view)

layout.section(_("What are the categories?"))
if names.categories.empty:
    layout.nothing(_("No ticket up to this day has a category."))
else:
    chosen |= mapping.categories(names, view)

if not printing.is_on():
    layout.section(_("Is there a file that can't be imported?"))
    chosen |= mapping_examine.show(view)

    layout.section(_("The settings with these choices"))
    mapping.settle(names, chosen, view)
