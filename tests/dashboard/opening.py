"""What the dashboard's tests share: the day they look at, and how a page is opened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from xml.etree import ElementTree

from streamlit.testing.v1 import AppTest

# A day within the sample's data, so that no test depends on the calendar.
AS_OF = "2026-10-01"
IMPORTED_AT = datetime(2026, 10, 1, 8, 0)

Open = Callable[..., AppTest]


def written(site: AppTest) -> list[list[list[str]]]:
    """The tables written out on the page: of each its rows of texts, the headings first."""
    bodies = [element.proto.body for element in site.get("html") if "<table" in element.proto.body]
    return [
        [[cell.text or "" for cell in row] for row in ElementTree.fromstring(body).iter("tr")]
        for body in bodies
    ]


def pick(site: AppTest, name: str, values: list[str]) -> AppTest:
    """Chooses a filter in the page's bar, whose lists are drawn while they are open."""
    site.button(key="open-filters").click().run()
    return site.multiselect(key=f"pick-{name}").set_value(values).run()
