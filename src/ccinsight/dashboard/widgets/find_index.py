"""What the finder finds besides customers: pages, figures, tables, saved views, settings and definitions.

Each entry is found by its title, by what people call it (registry/words.toml) and by its text, and leads to the page
that shows it. The product has no pages of help: what a column means, with its rule and clause, is the help, and stands
in the list itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache

import streamlit as st

from ccinsight.access import Reader, Right
from ccinsight.dashboard import navigation
from ccinsight.dashboard.navigation import PAGES
from ccinsight.dashboard.session import address, keys
from ccinsight.dashboard.session.link_values import LANGUAGE
from ccinsight.dashboard.widgets import layout, view_opening
from ccinsight.i18n import LANGUAGES, N_, _, language
from ccinsight.registry import MEASURES, REPORTS, Column
from ccinsight.registry.words import Place, words

GROUPS = {
    "page": N_("Pages"),
    "figure": N_("Figures"),
    "report": N_("Tables"),
    "view": N_("Saved views"),
    "setting": N_("Settings"),
    "definition": N_("What words mean"),
}


@dataclass(frozen=True)
class Entry:
    """``key`` is ``kind:name``; ``words`` are what people call it."""

    key: str
    title: str
    detail: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Setting:
    """Something to choose, where it is: its page, or "" for the one that is shown."""

    title: str
    detail: str
    page: str = ""
    right: Right | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)


SETTINGS = {
    "language": Setting(N_("Language"), N_("Switch between Norwegian and English.")),
    "mine": Setting(N_("I am the account manager"), N_("ccinsight then opens with your customers.")),
    "views": Setting(N_("Save view"), N_("Keep what this page shows under a name.")),
    "tokens": Setting(N_("Make an access token"), N_("For Excel, Power BI and other programs."), "delivery"),
    "alerts": Setting(N_("New alert"), N_("A message when a condition begins to hold."), "delivery"),
    "digest": Setting(N_("Messages to you"), N_("How often the digest comes, or never."), "delivery"),
    "calendar": Setting(N_("Subscribe in the calendar"), N_("Deadlines in Outlook or Google."), "deadlines"),
    "upload": Setting(N_("Import more files"), N_("Upload exports."), "data", Right.IMPORT),
}


def entries(reader: Reader) -> list[dict[str, object]]:
    """All that the reader may open, in the language in use, as JSON can hold it: for the browser to search."""
    pages = frozenset(name for name in PAGES if navigation.is_open_to(reader, name))
    fixed = _fixed(language(), pages, navigation.shows_whole_database(reader), reader.may(Right.IMPORT))
    views = [
        Entry(f"view:{view.view_id}", view.name, view_opening.page_title(view))
        for view in view_opening.views()
        if not view.is_hidden
    ]
    return [asdict(entry) for entry in (*fixed, *views)]


def go(key: str, reader: Reader) -> None:
    """For callbacks: opens what an entry leads to, where it is one that the reader was shown."""
    kind, _colon, name = key.partition(":")
    if key not in {entry["key"] for entry in entries(reader)}:
        return
    match kind:
        case "view":
            view_opening.open_view(int(name))
        case "page":
            address.go(name)
        case "setting":
            _set(name)
        case _:
            place = _places(kind)[name]
            _go_to(place.page, place.parameters)
            if place.tab:
                layout.open_next(place.page, place.tab)


def _go_to(page: str, parameters: Mapping[str, str]) -> None:
    """A page with what isn't named at its default; a page about one customer stays at the customer."""
    own = {name: None for name in PAGES[page].parameters if name != navigation.ID}
    address.go(page, **{**own, **parameters})


def _set(name: str) -> None:
    state = st.session_state
    shown = state.get(keys.FIND_PAGE, navigation.DEFAULT)
    match name:
        case "language":
            others = [each for each in LANGUAGES if each != language()]
            address.go(shown, **{LANGUAGE: others[0]})
        case "mine":
            state[keys.FILTERS_OPEN] = shown
        case "views":
            state[keys.VIEWS_OPEN] = shown
        case _:
            address.go(SETTINGS[name].page)


@lru_cache(maxsize=16)
def _fixed(
    _language: str, pages: frozenset[str], shows_whole_database: bool, may_import: bool
) -> tuple[Entry, ...]:
    """The entries that are the same for all readers with these pages and rights."""
    shown = pages if shows_whole_database else pages - {"data"}
    return (
        *_pages(pages),
        *_figures(shown),
        *_reports(shown),
        *_settings(pages, may_import=may_import),
        *_definitions(shown),
    )


def _pages(pages: frozenset[str]) -> Iterator[Entry]:
    for name, page in PAGES.items():
        if name in pages and page.is_in_menu:
            yield Entry(f"page:{name}", _(page.title), _(page.group), words().pages.get(name, ()))


def _figures(pages: frozenset[str]) -> Iterator[Entry]:
    for name, place in words().figures.items():
        if place.page in pages:
            measure = MEASURES[name]
            yield Entry(f"figure:{name}", _(measure.label), measure.help_text(), place.words)


def _reports(pages: frozenset[str]) -> Iterator[Entry]:
    for name, place in words().reports.items():
        if place.page in pages:
            report = REPORTS[name]
            detail = f"{_(report.description)} ({_(PAGES[place.page].title)})"
            yield Entry(f"report:{name}", _(report.title), detail, place.words)


def _settings(pages: frozenset[str], *, may_import: bool) -> Iterator[Entry]:
    for name, setting in SETTINGS.items():
        is_open = not setting.page or setting.page in pages
        if is_open and (setting.right is None or may_import):
            yield Entry(f"setting:{name}", _(setting.title), _(setting.detail), words().settings[name])


def _definitions(pages: frozenset[str]) -> Iterator[Entry]:
    for key, (column, place) in _columns().items():
        if place.page in pages:
            yield Entry(f"definition:{key}", _(column.label), column.help_text())


def _places(kind: str) -> Mapping[str, Place]:
    if kind == "definition":
        return {key: place for key, (_column, place) in _columns().items()}
    return words().figures if kind == "figure" else words().reports


@lru_cache(maxsize=1)
def _columns() -> dict[str, tuple[Column, Place]]:
    """The columns that a page shows, each definition once, with the place of the first report that has it."""
    found: dict[str, tuple[Column, Place]] = {}
    seen: set[tuple[str, str]] = set()
    for name, place in words().reports.items():
        for column in REPORTS[name].columns:
            if (defined := (column.label, column.description)) not in seen:
                seen.add(defined)
                found[f"{name}.{column.name}"] = column, place
    return found
