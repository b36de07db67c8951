"""The sample company's exports as they would be on a day, with corrections, notices and customers handed over."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from zlib import crc32

from ccinsight.sample import write_sample

Row = list[str]

_ENCODINGS = {
    "avtaler.csv": "cp1252",
    "saker.csv": "cp1252",
    "fakturaer.csv": "cp1252",
    "brukertall.csv": "utf-8-sig",
    "moter.txt": "utf-16",
}
# Rows are known some days after what they tell of happened, by chance up to so many.
_LATEST = {"fakturaer.csv": 12, "moter.txt": 6}
_PLANNED_AHEAD = timedelta(days=45)


def day_of(text: str) -> date | None:
    """A day as the sample writes it; None for what is none."""
    try:
        day, month, year = (int(part) for part in text[:10].split("."))
        return date(year, month, day)
    except ValueError:
        return None


def written(day: date) -> str:
    return f"{day:%d.%m.%Y}"


@dataclass(frozen=True)
class Change:
    """A change that an export shows from a day on: in rows of an agreement, columns take other values."""

    on: date
    agreement_id: str
    kind: str
    values: dict[str, str]


@dataclass
class Company:
    """The exports of a made-up supplier, read once. ``changes``: what becomes of its agreements, by day."""

    folder: Path
    tables: dict[str, list[Row]]
    changes: list[Change] = field(default_factory=list)

    @classmethod
    def make(cls, folder: Path, customers: int, tickets: int, seed: int, end: date) -> Company:
        """Draws a company as it is on ``end``."""
        write_sample(folder, customers, tickets, seed, end)
        tables = {}
        for name, encoding in _ENCODINGS.items():
            text = folder.joinpath(name).read_text(encoding)
            tables[name] = list(csv.reader(io.StringIO(text, newline=""), delimiter=_sign(name)))
        return cls(folder, tables)

    @property
    def settings(self) -> Path:
        return self.folder / "ccinsight.toml"

    def file(self, name: str, on: date) -> bytes:
        """An export as it would be at the end of a day."""
        if name == "priser.xlsx":
            return self.folder.joinpath(name).read_bytes()
        header, *rows = self.tables[name]
        known = _KNOWN[name]
        found = [row for each in rows if (row := known(header, each, on)) is not None]
        if name == "avtaler.csv":
            found = [self._changed(header, row, on) for row in found]
        target = io.StringIO(newline="")
        csv.writer(target, delimiter=_sign(name), lineterminator="\r\n").writerows([header, *found])
        return target.getvalue().encode(_ENCODINGS[name])

    def good_agreements(self, on: date) -> list[dict[str, str]]:
        """The agreements of the export of a day that an import takes."""
        header, *_rows = self.tables["avtaler.csv"]
        text = self.file("avtaler.csv", on).decode("cp1252")
        rows = [
            dict(zip(header, row, strict=True))
            for row in list(csv.reader(io.StringIO(text), delimiter=";"))[1:]
        ]
        return [row for row in rows if not row["Avtalenr"].startswith("A-9")]

    def planned_meetings(self, on: date) -> dict[str, tuple[str, date]]:
        """Meeting → customer and day, of the status meetings that the export of a day has as planned and not held."""
        header, *_rows = self.tables["moter.txt"]
        text = self.file("moter.txt", on).decode("utf-16")
        found = {}
        for each in list(csv.reader(io.StringIO(text), delimiter="\t"))[1:]:
            row = dict(zip(header, each, strict=True))
            planned = day_of(row["Planlagt"])
            if (
                row["Type"] == "Statusmøte"
                and planned
                and not row["Avholdt"]
                and not row["Møte"].startswith("M-9")
            ):
                found[row["Møte"]] = (row["Firma-ID"], planned)
        return found

    def _changed(self, header: Row, row: Row, on: date) -> Row:
        for change in self.changes:
            if change.on <= on and row[0] == change.agreement_id:
                row = [change.values.get(name, value) for name, value in zip(header, row, strict=True)]
        return row


def _sign(name: str) -> str:
    return "\t" if name == "moter.txt" else ";"


def _delay(name: str, key: str) -> timedelta:
    """How long after its day a row is known; the same for a row each time."""
    return timedelta(days=crc32(key.encode()) % (_LATEST[name] + 1))


def _until(*columns: str) -> Callable[[Row, Row, date], Row | None]:
    """Rows by the day in the first of the columns; days in the others that lie ahead are blanked."""

    def known(header: Row, row: Row, on: date) -> Row | None:
        at = [header.index(column) for column in columns]
        if len(row) <= max(at):
            return row
        first = day_of(row[at[0]])
        if first is not None and first > on:
            return None
        return [
            "" if place in at[1:] and (day := day_of(value)) and day > on else value
            for place, value in enumerate(row)
        ]

    return known


def _ticket(header: Row, row: Row, on: date) -> Row | None:
    found, closed = _until("Opprettet", "Svar ved", "Lukket ved")(header, row, on), header.index("Lukket ved")
    if found is not None and len(found) == len(header) and row[closed] and not found[closed]:
        found[header.index("Status")] = "Åpen"
    return found


def _invoice(header: Row, row: Row, on: date) -> Row | None:
    issued = day_of(row[header.index("Fakturadato")])
    return None if issued and issued + _delay("fakturaer.csv", row[0]) > on else row


def _meeting(header: Row, row: Row, on: date) -> Row | None:
    planned, held = day_of(row[header.index("Planlagt")]), day_of(row[header.index("Avholdt")])
    is_held = held is not None and held + _delay("moter.txt", row[0]) <= on
    if not is_held and (planned is None or planned - _PLANNED_AHEAD > on) and (planned or held):
        return None
    if is_held or not held:
        return row
    return ["" if at == header.index("Avholdt") else text for at, text in enumerate(row)]


_KNOWN: dict[str, Callable[[Row, Row, date], Row | None]] = {
    "avtaler.csv": _until("Tegningsdato", "Oppsagt dato", "Partner bekreftet"),
    "saker.csv": _ticket,
    "brukertall.csv": _until("Telledato"),
    "fakturaer.csv": _invoice,
    "moter.txt": _meeting,
}


def plan_changes(company: Company, start: date, end: date, managers: Iterable[str]) -> None:
    """Plans corrected dates, notices and handed over customers, spread over the days."""
    managers = sorted(managers)
    days = (end - start).days
    rows = [
        row
        for row in company.good_agreements(end)
        if not row["Oppsagt dato"]
        and row["Vår kontakt"] in managers
        and (day_of(row["Tegningsdato"]) or end) < start
    ]
    for number, row in enumerate(rows):
        on = start + timedelta(days=(7 + number * 23) % max(days - 7, 1))
        subscribed = day_of(row["Tegningsdato"])
        assert subscribed
        if number % 3 == 0:
            moved = subscribed + timedelta(days=(-9, 5, 17)[number // 3 % 3])
            change = Change(on, row["Avtalenr"], "corrected", {"Tegningsdato": written(moved)})
        elif number % 6 == 1:
            values = {"Oppsagt dato": written(on - timedelta(days=3)), "Oppsagt av": "Kunde"}
            change = Change(on, row["Avtalenr"], "notice", values)
        elif number % 6 == 4:
            other = managers[(managers.index(row["Vår kontakt"]) + 1) % len(managers)]
            company.changes += [
                Change(on, each["Avtalenr"], "handed over", {"Vår kontakt": other})
                for each in rows
                if each["Firma-ID"] == row["Firma-ID"] and each is not row
            ]
            change = Change(on, row["Avtalenr"], "handed over", {"Vår kontakt": other})
        else:
            continue
        company.changes.append(change)
    company.changes.sort(key=lambda each: each.on)
