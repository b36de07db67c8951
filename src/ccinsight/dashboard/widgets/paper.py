"""A page drawn for paper: what stands on each sheet, the page's state in words, and the button that prints it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ccinsight.dashboard.navigation import PAGES
from ccinsight.dashboard.session import address
from ccinsight.dashboard.session.reads import Choices
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import filter_bar, layout
from ccinsight.dashboard.widgets.table_files import file_head
from ccinsight.i18n import _, day

# What fits beside the page's number; the first sheet says all of it.
_LONGEST = 110
_BOX = "font:8pt Helvetica Neue,Arial,sans-serif;color:#55606c"
_STYLE = Path(__file__).with_name("paper.css")
_component = st.components.v2.component(
    "ccinsight_paper",
    html='<nav class="paper-bar"><button type="button"></button><a></a><span></span></nav>',
    js=Path(__file__).with_name("paper.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def show(page: str, view: View, choices: Choices) -> None:
    """What comes before the page: how it is printed, and the day, the filters, the reader and the address."""
    title = _title(page, choices)
    filters = [] if address.customer_id() in choices.customers else list(file_head(view).filters)
    said = [f"{label}: {value}" for label, value in filters]
    reader = [view.reader.name] if view.reader.name else []
    st.html(_STYLE)
    st.html(
        f"<style>{_margins(title, _('As of {day}').format(day=day(view.as_of)), [*said, *reader])}</style>"
    )
    _component(
        key="paper",
        data={
            "print": _("Print"),
            "back": _("Back to the page"),
            "address": address.link(page, print=None),
            "hint": _("The search, order and filters of a single table aren't carried over."),
        },
        height="content",
    )
    who = [_("Read by {name}").format(name=view.reader.name)] if view.reader.name else []
    lines = [" · ".join([title, *filter_bar.day_texts(view)]), " · ".join([*said, *who])]
    lines.append(address.link(page, print=None))
    st.caption("  \n".join(layout.plain(line) for line in lines if line))


def _title(page: str, choices: Choices) -> str:
    """The page's title in the menu, with the customer that it is about."""
    customer = choices.customers.get(address.customer_id() or "", "")
    return ": ".join(part for part in (_(PAGES[page].title), customer) if part)


def _margins(title: str, as_of: str, said: list[str]) -> str:
    """The style that writes title, day, filters, reader and page numbers on each sheet."""
    text = " · ".join(said)
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    before, between, after = _("Page {page} of {pages}").replace("{pages}", "{page}").split("{page}")
    number = f"{_quoted(before)} counter(page) {_quoted(between)} counter(pages) {_quoted(after)}"
    boxes = {
        "top-left": _quoted(title),
        "top-right": _quoted(as_of),
        "bottom-left": _quoted(text),
        "bottom-right": number,
    }
    return (
        "@page{" + "".join(f"@{place}{{{_BOX};content:{content}}}" for place, content in boxes.items()) + "}"
    )


def _quoted(text: str) -> str:
    """A text as a string of a style sheet, whatever signs are in it."""
    return (
        '"'
        + "".join(sign if sign.isalnum() or sign in " .,·–…" else f"\\{ord(sign):x} " for sign in text)
        + '"'
    )
