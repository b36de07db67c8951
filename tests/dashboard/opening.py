"""What the dashboard's tests share: the day they look at, and how a page is opened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from streamlit.testing.v1 import AppTest

# A day within the sample's data, so that no test depends on the calendar.
AS_OF = "2026-10-01"
IMPORTED_AT = datetime(2026, 10, 1, 8, 0)

Open = Callable[..., AppTest]
