"""What the dashboard's tests share: the day they look at, and how a page is opened."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from xml.etree import ElementTree

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT

# A site under test searches every installed package for components, which takes longer than most pages.
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)

# A day within the sample's data, so that no test depends on the calendar.
AS_OF = "2026-10-01"
IMPORTED_AT = datetime(2026, 10, 1, 8, 0)

Open = Callable[..., AppTest]


def site_at(page: str) -> AppTest:
    """The site of a new session that is about to be drawn for the first time, on this page."""
    site = AppTest.from_file(str(ROOT / "app.py"), default_timeout=150)
    if page != "overview":
        site.switch_page(f"pages/{page}.py")
    return site


def written(site: AppTest) -> list[list[list[str]]]:
    """The tables written out on the page: of each its rows of texts, the headings first."""
    bodies = [element.proto.body for element in site.get("html") if "<table" in element.proto.body]
    return [
        [[cell.text or "" for cell in row] for row in ElementTree.fromstring(body).iter("tr")]
        for body in bodies
    ]


def table_of(site: AppTest, key: str) -> str:
    """The key of the one grid with rows to choose whose key begins so."""
    names = [element.proto.id.split("-", 2)[-1] for element in site.dataframe]  # "$$ID-hash-key"
    (table,) = [name for name in names if name.startswith(f"table-{key}-")]
    return table


def tick(site: AppTest, key: str, *rows: int) -> AppTest:
    """Ticks rows, from 0, of a grid with rows to choose."""
    ticked = {"rows": list(rows), "columns": [], "cells": []}
    site.session_state[table_of(site, key)] = {"selection": ticked}
    return site.run()


def undo(site: AppTest) -> AppTest:
    """Confirms that the last import is undone."""
    (key,) = [button.key for button in site.button if str(button.key).startswith("undo-")]
    return site.button(key=str(key)).click().run()


def pick(site: AppTest, name: str, values: list[str]) -> AppTest:
    """Chooses a filter in the page's bar, whose lists are drawn while they are open."""
    site.button(key="open-filters").click().run()
    return site.multiselect(key=f"pick-{name}").set_value(values).run()
