"""Writes tickets as bytes of Windows-1252, whole columns at a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ccinsight.sample import words
from ccinsight.sample.dates import DAY_SECONDS
from ccinsight.sample.dice import Ints
from ccinsight.sample.tickets import CHANNELS, MISSING, ROLES, SEVERITIES, STATUSES, TITLES, Tickets
from ccinsight.sample.topics import TOPICS

ENCODING = "cp1252"
HEADER = (
    "Saks-ID", "Tittel", "Status", "Opprettet", "Svar ved", "Lukket ved", "Firma-ID", "Fullt navn",
    "Kontaktrolle", "Kategori", "Prioritet", "Kanal", "Eier", "Brukt tid", "Fakturerbar tid",
)  # fmt: skip
FIRST_ID = 10_001
_MOST_MINUTES = 2_000
# No common factor with the number of names, so that the people of a customer have different ones.
_NAME_STEP = 4_649


def quoted(text: str) -> str:
    """A CSV field, in quotes where it must be."""
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ';"\r\n') else text


class TicketFile:
    """Writes chunks of tickets to an open file; ``written`` counts them."""

    def __init__(
        self, target: BinaryIO, customer_ids: list[str], owners: tuple[str, ...], first: date, days: int
    ) -> None:
        self._target = target
        self.written = 0
        target.write((";".join(HEADER) + "\r\n").encode(ENCODING))
        names = [
            f"{first_name} {last_name}" for first_name in words.FIRST_NAMES for last_name in words.LAST_NAMES
        ]
        self._names = len(names)
        self._days = _column([f"{first + timedelta(days=number):%d.%m.%Y} " for number in range(days)])
        self._clocks = _column([_clock(second) for second in range(DAY_SECONDS)], with_semicolon=False)
        self._customers, self._people, self._owners = _column(customer_ids), _column(names), _column(owners)
        self._titles, self._statuses, self._channels = _column(TITLES), _column(STATUSES), _column(CHANNELS)
        self._topics, self._severities = _column([topic.category for topic in TOPICS]), _column(SEVERITIES)
        self._roles, self._minutes = _column(ROLES), _column([str(minute) for minute in range(_MOST_MINUTES)])
        self._line_end = pa.scalar(b"\r\n", type=pa.binary())

    def write(self, tickets: Tickets) -> None:
        """Appends the tickets; their numbers go on from the last one."""
        size = len(tickets.opened)
        ids = pa.array(np.arange(FIRST_ID + self.written, FIRST_ID + self.written + size))
        person = np.where(tickets.person == MISSING, MISSING, tickets.person * _NAME_STEP % self._names)
        columns = [
            pc.cast(pc.cast(ids, pa.string()), pa.binary()),
            _take(self._titles, tickets.title),
            _take(self._statuses, tickets.status),
            *self._moment(tickets.opened),
            *self._moment(tickets.replied),
            *self._moment(tickets.closed),
            _take(self._customers, tickets.customer),
            _take(self._people, person),
            _take(self._roles, tickets.role),
            _take(self._topics, tickets.topic),
            _take(self._severities, tickets.severity),
            _take(self._channels, tickets.channel),
            _take(self._owners, tickets.owner),
            _take(self._minutes, tickets.minutes),
            _take(self._minutes, tickets.to_invoice),
            self._line_end,
        ]
        rows = pc.binary_join_element_wise(*columns, pa.scalar(b"", type=pa.binary()))
        self._target.write(rows.buffers()[2])
        self.written += size

    def _moment(self, moments: Ints) -> tuple[Any, Any]:
        is_missing = moments == MISSING
        day = np.where(is_missing, MISSING, moments // DAY_SECONDS)
        return _take(self._days, day), _take(
            self._clocks, np.where(is_missing, MISSING, moments % DAY_SECONDS)
        )


def _clock(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def _column(texts: list[str] | tuple[str, ...], with_semicolon: bool = True) -> Any:
    """The texts as fields that begin with their semicolon, and in front of them an empty one for MISSING."""
    start = ";" if with_semicolon else ""
    fields = [start, *(start + quoted(text) for text in texts)]
    return pa.array([field.encode(ENCODING) for field in fields], type=pa.binary())


def _take(column: Any, places: Ints) -> Any:
    return column.take(pa.array(places + 1))
