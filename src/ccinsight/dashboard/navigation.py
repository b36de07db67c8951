"""The pages of the site, once: navigation, address and links read this table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import streamlit as st
from streamlit.navigation.page import Page as SitePage

from ccinsight.access import Reader, Right
from ccinsight.i18n import N_, _

DEFAULT = "overview"
# The customer that a page is about. It belongs to the page's address alone and is no filter.
ID = "id"
# "1": the page is drawn for paper (session/printing.py). No link within the site carries it but the one that prints.
PRINT = "print"


@dataclass(frozen=True)
class Parameter:
    """A parameter of a page's address. ``values`` None: any, checked by the page. The default stays out of it."""

    values: tuple[str, ...] | None = None
    default: str | None = None


@dataclass(frozen=True)
class Page:
    """A page: its name in the address, its title and group in the menu, its own parameters; some aren't in the menu."""

    name: str
    title: str
    icon: str
    group: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    is_in_menu: bool = True
    # only readers with one of these rights have the page; none: every reader
    rights: frozenset[Right] = frozenset()


_TODAY, _CUSTOMERS, _REVENUE, _DATA = N_("Today"), N_("Customers"), N_("Revenue"), N_("Data")
_ANY, _PAPER = Parameter(), Parameter(("1",))

PAGES: dict[str, Page] = {
    page.name: replace(page, parameters={**page.parameters, PRINT: _PAPER})
    for page in (
        Page("overview", N_("Overview"), "dashboard", _TODAY),
        Page(
            "to_do",
            N_("To do"),
            "checklist",
            _TODAY,
            {"show": Parameter(("soon", "all", "closed"), "soon"), "duty": _ANY},
        ),
        Page(
            "deadlines",
            N_("Deadlines"),
            "event",
            _TODAY,
            {"days": Parameter(("30", "60", "90", "180", "365"), "90")},
        ),
        Page("status_meetings", N_("Status meetings"), "groups", _TODAY),
        Page("delivery", N_("Delivery"), "outgoing_mail", _TODAY),
        # one meeting is reached from the customer, or from the list of meetings
        Page("meeting", N_("Status meeting"), "event_note", _TODAY, {ID: _ANY}, is_in_menu=False),
        Page("customer", N_("Customer"), "domain", _CUSTOMERS, {ID: _ANY, "tab": _ANY, "period": _ANY}),
        Page("utilization", N_("Utilization"), "support_agent", _CUSTOMERS),
        Page(
            "explore",
            N_("Explore"),
            "query_stats",
            _CUSTOMERS,
            {
                "measure": _ANY,
                "by": _ANY,
                "from": _ANY,
                "to": _ANY,
                "display": Parameter(("chart", "table", "pivot"), "chart"),
                "order": _ANY,
                "cell": _ANY,
            },
        ),
        Page(
            "risk",
            N_("Renewal risk"),
            "trending_down",
            _CUSTOMERS,
            {
                "risk": Parameter(("scores", "verdicts", "judged"), "scores"),
                "scored": _ANY,
                "verdict": _ANY,
                "lead": Parameter(("30", "60", "90"), "60"),
            },
        ),
        Page(
            "revenue",
            N_("Revenue"),
            "payments",
            _REVENUE,
            {"section": Parameter(None, "movements"), "movement": _ANY},
        ),
        Page(
            "review",
            N_("Review"),
            "finance_mode",
            _REVENUE,
            {
                "span": Parameter(("month", "quarter", "year", "twelve", "own"), "quarter"),
                "begins": _ANY,
                "from-day": _ANY,
                "to-day": _ANY,
                "movement": _ANY,
                "detail": Parameter(("lost", "new", "renewals", "unbilled"), "lost"),
            },
        ),
        Page(
            "renewals",
            N_("Renewals"),
            "autorenew",
            _REVENUE,
            {
                "months": Parameter(("3", "6", "12", "24"), "12"),
                "forecast": Parameter(("list", "forecast", "missed"), "list"),
                "renewal": _ANY,
            },
        ),
        Page(
            "price_plan",
            N_("Price change"),
            "price_change",
            _REVENUE,
            {
                "product": _ANY,
                "valid-on": _ANY,
                "sent-on": _ANY,
                "way": Parameter(("percent", "steps"), "percent"),
                "percent": _ANY,
                "steps": _ANY,
                "notices": Parameter(
                    ("mailing", "letters", "late", "direct", "whole_plan", "sent"), "mailing"
                ),
                "letters": Parameter(("plan", "planned"), "plan"),
            },
        ),
        Page(
            "leakage",
            N_("Leakage"),
            "receipt_long",
            _REVENUE,
            {
                "part": Parameter(("unbilled", "overbilled", "unknown", "users", "consulting"), "unbilled"),
                "years": Parameter(("1", "2", "3", "30"), "1"),
                "open": _ANY,
                "work": _ANY,
            },
        ),
        Page(
            "data",
            N_("Data"),
            "database",
            _DATA,
            {"check": _ANY},
            rights=frozenset({Right.INTERNAL_PAGES, Right.IMPORT}),
        ),
        Page(
            "mapping",
            N_("Fields and values"),
            "conversion_path",
            _DATA,
            rights=frozenset({Right.INTERNAL_PAGES}),
        ),
    )
}
# Every parameter that belongs to a page, and its default where it has one.
PARAMETERS: dict[str, Parameter] = {
    name: parameter for page in PAGES.values() for name, parameter in page.parameters.items()
}
DEFAULTS: dict[str, str] = {name: each.default for name, each in PARAMETERS.items() if each.default}


def is_open_to(reader: Reader, name: str) -> bool:
    """True where the reader has the page."""
    held = reader.rights if shows_whole_database(reader) else reader.rights - {Right.INTERNAL_PAGES}
    return not PAGES[name].rights or bool(PAGES[name].rights & held)


def shows_whole_database(reader: Reader) -> bool:
    """True where the reader is shown what is about the whole database: imports, rejected rows, warnings, problems."""
    return reader.sees_all and reader.may(Right.INTERNAL_PAGES)


def navigation(reader: Reader, *, is_hidden: bool = False) -> tuple[str, SitePage, dict[str, SitePage]]:
    """Draws a reader's navigation in its groups, if at all. Gives the page's name, the page, and all pages by name.

    A page that the reader doesn't have is like one that doesn't exist.
    """
    site = {
        page.name: st.Page(
            f"pages/{page.name}.py",
            title=_(page.title),
            icon=f":material/{page.icon}:",
            default=page.name == DEFAULT,
            visibility="visible" if page.is_in_menu else "hidden",
        )
        for page in PAGES.values()
        if is_open_to(reader, page.name)
    }
    groups: dict[str, list[SitePage]] = {}
    for name, each in site.items():
        groups.setdefault(_(PAGES[name].group), []).append(each)
    chosen = st.navigation(groups, position="hidden" if is_hidden else "sidebar", expanded=True)
    return chosen.url_path or DEFAULT, chosen, site
