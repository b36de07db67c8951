"""Whether a page ever shows figures of two builds of the database, while an import puts a new one in place.

Each page is opened before the import and after it. An element that differs tells which build it was drawn from, so
while the import is under way all such elements of a page must be the old ones, or all the new ones.
"""

from __future__ import annotations

import asyncio
import csv
import random
import time
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
from benchmarks.benchdata import AS_OF, PAGES
from benchmarks.reader import Reader, errors
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

# A place on a page → what stands there.
Contents = Mapping[tuple[int, ...], bytes]
_QUERY = f"as-of={AS_OF.isoformat()}"
_SPENT, _CUSTOMER = "Brukt tid", "Firma-ID"


def write_changed_tickets(source: Path, target: Path, count: int, minutes: int) -> int:
    """Writes the newest tickets of an export, each with so many minutes more and, for figures to change on many pages,
    with the customer of another; gives how many there are.
    """
    with source.open(encoding="cp1252", newline="") as file:
        rows = csv.DictReader(file, delimiter=";")
        newest = deque(rows, maxlen=count)
        fields = list(rows.fieldnames or [])
    with target.open("w", encoding="cp1252", newline="") as file:
        writer = csv.DictWriter(file, fields, delimiter=";")
        writer.writeheader()
        customers = [row[_CUSTOMER] for row in newest]
        for row, customer in zip(newest, customers[minutes:] + customers[:minutes], strict=True):
            writer.writerow({**row, _CUSTOMER: customer, _SPENT: int(row[_SPENT] or 0) + minutes})
    return len(newest)


def contents(sent: list[ForwardMsg]) -> Contents:
    """What a page shows in the end, by place."""
    return {
        tuple(message.metadata.delta_path): _shown(message.delta.new_element)
        for message in sent
        if message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element"
    }


def _shown(element: Element) -> bytes:
    """An element as bytes; a table's rows as text, for what Arrow has in the place of a null says nothing."""
    if not element.dataframe.arrow_data.data:
        return bytes(element.SerializeToString(deterministic=True))
    rows = pa.ipc.open_stream(element.dataframe.arrow_data.data).read_all().to_pylist()
    rest = Element()
    rest.CopyFrom(element)
    rest.dataframe.arrow_data.ClearField("data")
    return bytes(rest.SerializeToString(deterministic=True)) + repr(rows).encode()


def stable(first: Contents, second: Contents) -> Contents:
    """What two openings of a page show alike; the rest changes by itself."""
    return {place: shown for place, shown in first.items() if second.get(place) == shown}


def changed(before: Contents, after: Contents) -> set[tuple[int, ...]]:
    """The places that tell the builds apart."""
    return {place for place in before.keys() & after.keys() if before[place] != after[place]}


def is_mixed(before: Contents, after: Contents, shown: Contents) -> bool:
    """True where a page shows neither the old elements alone nor the new ones alone."""
    places = changed(before, after)
    return not any(all(shown.get(place) == build[place] for place in places) for build in (before, after))


@dataclass
class Watch:
    """Opens all pages again and again; what they showed is compared once the import is done."""

    reader: Reader
    customer: str
    before: dict[str, Contents] = field(default_factory=dict)
    seen: list[tuple[str, Contents]] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)

    async def start(self) -> None:
        """Remembers the pages as they are."""
        self.before = await self._all()

    async def look(self, done: asyncio.Event, seconds_after: float, seed: int) -> None:
        """Opens pages, until the import has been done for a while."""
        choice, until = random.Random(seed), None
        while until is None or time.monotonic() < until:
            if until is None and done.is_set():
                until = time.monotonic() + seconds_after
            page = choice.choice(PAGES)
            sent = await self.reader.messages(page, self._query(page))
            self.errors.update(f"{page}: {error}" for error in errors(sent))
            self.seen.append((page, contents(sent)))

    async def mixtures(self) -> tuple[list[str], str]:
        """The pages that showed a mixture, and a sentence of how much was compared."""
        after = await self._all()
        telling = {page for page in PAGES if len(changed(self.before[page], after[page])) > 1}
        looked = [(page, shown) for page, shown in self.seen if page in telling]
        found = [page for page, shown in looked if is_mixed(self.before[page], after[page], shown)]
        old = sum(
            all(
                shown.get(place) == self.before[page][place]
                for place in changed(self.before[page], after[page])
            )
            for page, shown in looked
        )
        text = (
            f"{len(looked)} openings of {len(telling)} pages compared: {old} old, "
            f"{len(looked) - old - len(found)} new, {len(found)} mixed"
        )
        return found, text

    def _query(self, page: str) -> str:
        return f"{_QUERY}&id={self.customer}" if page in ("customer", "meeting") else _QUERY

    async def _all(self) -> dict[str, Contents]:
        found = {}
        for page in PAGES:
            first, second = [
                contents(await self.reader.messages(page, self._query(page))) for _again in range(2)
            ]
            found[page] = stable(first, second)
        return found
