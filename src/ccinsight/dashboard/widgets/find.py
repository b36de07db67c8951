"""Find: a dialog on every page, by the key ``/`` or a button: customers, pages, figures, tables, views, settings.

Customers and the other entries (find_index.py) are sent when the dialog is first opened in a session, and by a
fragment: a page's run sends none of them, and opening the dialog doesn't run the page. The browser searches. 10 000
customers are about 0.9 MB, the other entries 0.08 MB.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ccinsight.access import Reader
from ccinsight.dashboard.session import address, keys, reader, reads
from ccinsight.dashboard.session.cache import Remembered, by_build, once
from ccinsight.dashboard.widgets import find_index, view_opening
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import _, language, ngettext, set_language
from ccinsight.registry.words import words

_FILES = {kind: Path(__file__).with_name(f"find.{kind}") for kind in ("html", "css", "js", "sql")}
_TEXTS = {kind: path.read_text(encoding="utf-8") for kind, path in _FILES.items()}
_finder = st.components.v2.component(
    "ccinsight_finder", html=_TEXTS["html"], css=_TEXTS["css"], js=_TEXTS["js"], isolate_styles=False
)
# A browser that reaches a server again asks it for the page, with the address's query, only where part of the page is
# drawn again from time to time. Else the session of a server that was restarted begins with the reader's next click,
# which may come without the filters. The dialog is on every page, and drawing it once a day costs nothing.
_OFTEN = timedelta(days=1)
# customer id, name, organisation number or "", agreement numbers, whether it has an agreement
Customer = tuple[str, str, str, list[str], bool]
_known_customers: Remembered[list[Customer]] = by_build(60, once)


def customers(of: Reader) -> list[Customer]:
    """All customers of a reader by name, those without an agreement last; remembered by build."""
    house = reads.warehouse()
    return _known_customers.get((house.build_id, of.sight), lambda: _read_customers(house, of))


def _read_customers(house: Warehouse, of: Reader) -> list[Customer]:
    names = reads.choices(of).customers
    with house.reading() as cursor:
        known = {
            key: (organisation, numbers)
            for key, organisation, numbers in cursor.execute(_TEXTS["sql"]).fetchall()
        }
    rows = [(key, name, *known.get(key, ("", [])), key in known) for key, name in names.items()]
    return sorted(rows, key=lambda row: not row[4])


def button() -> None:
    """The button that opens the dialog, with its key."""
    st.html(f'<button type="button" class="finder-button" data-find>{_("Find")}<kbd>/</kbd></button>')


@st.fragment(run_every=_OFTEN)
def show(page: str) -> None:
    """The dialog, in every run; drawn on a page it is closed."""
    st.session_state[keys.FIND_PAGE] = page
    set_language(address.language(follows_link=False))  # a fragment's own run begins without
    is_wanted = bool(st.session_state.pop(keys.FIND_WANTED, False))
    who = reader.current()
    sent = {"customers": customers(who), "entries": find_index.entries(who)} if is_wanted else {}
    _finder(
        key=keys.FIND,
        data={"version": _version(who), "labels": _labels(), **sent},
        on_wanted_change=_send,
        on_chosen_change=_go,
        height="content",
    )
    context = get_script_run_ctx()
    if st.session_state.pop(keys.FIND_CHOSEN, False) and context and context.fragment_ids_this_run:
        st.rerun()  # a fragment's own run doesn't go to a page


def _version(of: Reader) -> str:
    """What the entries depend on: sent again where it changes."""
    views = [(view.view_id, view.name) for view in view_opening.views()]
    seen = sha256(repr((of.sight, sorted(of.rights), views)).encode()).hexdigest()[:12]
    return f"{reads.warehouse().build_id}-{language()}-{seen}"


def _labels() -> dict[str, object]:
    return {
        "find": _("Find"),
        "placeholder": _("Customer, page, figure, table or setting"),
        "groups": {
            "customer": _("Customers"),
            **{kind: _(title) for kind, title in find_index.GROUPS.items()},
        },
        "ignored": words().ignored,
        "customer": _("customer {number}"),
        "organisation": _("org. no. {number}"),
        "agreement": _("agreement {number}"),
        "unknown": _("no agreement"),
        "loading": _("Fetching customers and pages …"),
        "none": _("Nothing fits. Try a part of a customer's name or one of its numbers, or another word."),
        "mixed": _("{count} found"),
        "one": ngettext("{count} customer", "{count} customers", 1),
        "many": ngettext("{count} customer", "{count} customers", 2),
        "more": _("{count} customers, the first 100 shown. Type more to narrow them down."),
        "locale": language(),
    }


def _send() -> None:
    st.session_state[keys.FIND_WANTED] = True


def _go() -> None:
    chosen: Any = st.session_state[keys.FIND].get("chosen")
    if chosen:
        kind, _colon, name = str(chosen).partition(":")
        if kind == "customer":
            address.go_to_customer(name)
        else:
            set_language(address.language(follows_link=False))  # a callback runs before the page has set one
            find_index.go(str(chosen), reader.current())
        st.session_state[keys.FIND_CHOSEN] = True
