"""Lives through days: imports, messages, calendars, and what people do; each day is held against its reports."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zlib import crc32

from benchmarks.simulation.calendars import Calendars
from benchmarks.simulation.exports import Company, plan_changes
from benchmarks.simulation.folder import Arrivals
from benchmarks.simulation.messages import Letters
from benchmarks.simulation.rows import stored_rows
from benchmarks.simulation.truth import Truth

from ccinsight.files import delivery_file, key_file
from ccinsight.i18n import set_language
from ccinsight.ingest import import_paths
from ccinsight.ingest.history.undoing import undo
from ccinsight.integrations.delivery.choices import Choices, Frequency
from ccinsight.integrations.delivery.recipients import recipients
from ccinsight.notes.duties import DONE, NOT_NEEDED, VERDICT, Duty, DutyMarks
from tests.integrations.delivery.mail_server import Post

_EXPORTS = ("avtaler.csv", "saker.csv", "fakturaer.csv", "brukertall.csv", "moter.txt", "priser.xlsx")
_MONDAY, _THURSDAY = 0, 3
_ONE_DAY = timedelta(days=1)
UNDO_EVERY = 90
MANAGERS = 2


@dataclass
class Year:
    """A company, its database, and whoever gets messages of it."""

    company: Company
    database: Path
    start: date
    end: date
    arrivals: Arrivals
    letters: Letters
    calendars: Calendars
    faults: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _imported: dict[str, date] = field(default_factory=dict)  # file → the day that it was of

    @classmethod
    def prepare(
        cls, folder: Path, post: Post, start: date, end: date, customers: int, tickets: int, seed: int
    ) -> Year:
        """Draws the company, makes the database as of the first day, and says who gets what."""
        set_language("en")
        company = Company.make(folder / "company", customers, tickets, seed, end)
        database = folder / "ccinsight.duckdb"
        managers = [name for name in _managers(company, end) if name]
        addresses = {name: f"manager{at}@partner.example" for at, name in enumerate(managers[:MANAGERS])}
        plan_changes(company, start, end, addresses)
        _write_delivery(database, addresses, post.port)
        faults: list[str] = []
        year = cls(
            company,
            database,
            start,
            end,
            Arrivals(folder / "inn", database, company.settings, faults),
            Letters(database, post, faults),
            Calendars(database, faults),
            faults,
        )
        year._bring(_EXPORTS, start - _ONE_DAY)
        people = recipients(database, start)
        Choices(database).choose(people[0].key, Frequency.DAILY, datetime.combine(start, time()))
        year.calendars.subscribe(people, start)
        return year

    def days(self) -> Iterator[date]:
        """The days, the last one too."""
        return (self.start + timedelta(days=at) for at in range((self.end - self.start).days + 1))

    def live(self, day: date) -> None:
        """A day: exports in the night, messages and calendars in the morning, people at noon."""
        number = (day - self.start).days
        if number % UNDO_EVERY == UNDO_EVERY - 1:
            self._undo(day)
        elif names := self._due_exports(day):
            self._bring(names, day)
        truth = Truth.of(self.database, self.company, self._imported, day)
        is_asleep = number % 7 == 0 and number % 35 == 14  # the machine is off on some mornings
        if not is_asleep:
            self.letters.morning(truth, number)
        self.calendars.morning(truth, is_weekly=day.weekday() == _MONDAY)
        self._people_act(truth)

    def check_rows(self) -> None:
        """Compares what the folder brought with one import of the last day's exports."""
        self._bring(_EXPORTS, self.end)
        folder = self.company.folder.parent / "all"
        folder.mkdir(exist_ok=True)
        paths = []
        for name in _EXPORTS:
            paths.append(folder / name)
            paths[-1].write_bytes(self.company.file(name, self.end))
        fresh = folder / "fresh.duckdb"
        fresh.unlink(missing_ok=True)
        shutil.copy(key_file(self.database), key_file(fresh))
        import_paths(paths, fresh, self.company.settings, imported_at=datetime.combine(self.end, time(7)))
        for export, rows in stored_rows(fresh).items():
            found = stored_rows(self.database)[export]
            self.counts[f"rows of {export}"] = sum(found.values())
            if rows != found:
                missing, more = (rows - found).total(), (found - rows).total()
                self.faults.append(f"{export}: {missing} rows missing, {more} too many")

    def figures(self) -> list[str]:
        """What was done and found, as lines."""
        kinds = Counter(change.kind for change in self.company.changes)
        return [
            f"{(self.end - self.start).days + 1} days; changes in the exports: {dict(kinds)}",
            f"done by people and by the machine: {dict(self.counts)}",
            f"arrivals: {dict(self.arrivals.ways)}; receipts: {dict(self.arrivals.receipts)}",
            *self.letters.figures(),
            *self.calendars.figures(),
            *[f"fault: {text}" for text in self.found_wrong()[:50]],
            f"{len(self.found_wrong())} faults",
        ]

    def found_wrong(self) -> list[str]:
        """Each thing that is wrong, as a sentence."""
        return self.faults + self.letters.missed()

    def _due_exports(self, day: date) -> tuple[str, ...]:
        if day.day == 2:
            return _EXPORTS
        # once a week, now before that week's message and now after it
        if day.weekday() == (_THURSDAY if day.isocalendar().week % 2 else _MONDAY):
            return ("avtaler.csv", "saker.csv", "fakturaer.csv", "moter.txt")
        return ()

    def _bring(self, names: tuple[str, ...], day: date, way: str = "") -> None:
        self.arrivals.bring({name: self.company.file(name, day) for name in names}, day, way)
        self._imported |= dict.fromkeys(names, day)
        self.counts["imports"] += 1

    def _undo(self, day: date) -> None:
        """All exports come, and somebody undoes their import."""
        before = dict(self._imported)
        self._bring(_EXPORTS, day, "whole")
        undo(self.database)
        self._imported = before
        self.counts["undone imports"] += 1

    def _people_act(self, truth: Truth) -> None:
        """Account managers close some of what a message named to them, and reopen a little of it later."""
        marks = DutyMarks.beside(self.database)
        at = datetime.combine(truth.day, time(12))
        known = self.letters.named()
        for row in truth.duties:
            if row["kind"] == VERDICT:  # it is given on its own page, and isn't closed
                continue
            chance = crc32(f"{row['duty_id']} {truth.day.isocalendar()[:2]}".encode()) % 100
            named = (truth.managers.get(row["customer_id"]), row["duty_id"]) in known
            if named and chance < 50 and chance % 5 == truth.day.weekday():
                state, note = (NOT_NEEDED, "agreed") if chance < 5 else (DONE, "")
                marks.close([Duty.of(row)], state, closed_on=truth.day, note=note, saved_at=at)
                self.counts["duties closed by hand"] += 1
        if truth.day.day in (11, 25):
            closed = [row for row in marks.rows() if crc32(str(row["mark_id"]).encode()) % 3 == 0][-2:]
            self.counts["duties reopened"] += marks.undo([_duty(row) for row in closed], undone_at=at)


def _duty(mark: Mapping[str, object]) -> Duty:
    return Duty.of({**mark})


def _managers(company: Company, on: date) -> list[str]:
    """The account managers, whoever has most customers first."""
    return [
        name
        for name, _count in Counter(row["Vår kontakt"] for row in company.good_agreements(on)).most_common()
    ]


def _write_delivery(database: Path, addresses: Mapping[str, str], port: int) -> None:
    names = "\n".join(f'"{name}" = "{address}"' for name, address in addresses.items())
    file = delivery_file(database)
    file.write_text(
        'public_address = "https://crm.partner.example"\nlanguage = "en"\n'
        f'[smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "ccinsight@partner.example"\n'
        f'[account_managers]\n{names}\n[management]\naddresses = ["leder@partner.example"]\n',
        "utf-8",
    )
    file.chmod(0o600)
