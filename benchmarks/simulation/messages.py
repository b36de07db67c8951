"""Each morning's messages: sent by a real mail server, ended at each step of it, and compared with the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from benchmarks.simulation.mailbox import Letter, Named, read
from benchmarks.simulation.truth import Row, Truth, pair

from ccinsight.integrations.delivery import sending
from ccinsight.integrations.delivery.choices import Choices, Frequency
from ccinsight.integrations.delivery.messages import Messages, State
from ccinsight.integrations.delivery.recipients import Recipient, recipients
from ccinsight.integrations.delivery.smtp import Connection
from ccinsight.integrations.delivery.standing import Outcome
from tests.integrations.delivery.mail_server import Post

# What a message lists: what is near, and in any case what won't wait for the next one.
_SOON, _PRESSING = timedelta(days=14), timedelta(days=8)
CRASH_EVERY = 4  # runs that send


class Crash(BaseException):
    """The process ends here."""


@dataclass
class Fate:
    """A duty of an account manager: when it was open, when a message named it, and its last working day."""

    known_on: date
    last_seen: date
    act_by: date
    named_on: date | None = None
    mornings: int = 0  # on which a message could have named it in time

    @property
    def is_in_time(self) -> bool:
        return self.named_on is not None and self.named_on <= self.act_by

    @property
    def is_missed(self) -> bool:
        return self.mornings > 0 and not self.is_in_time


@dataclass
class Letters:
    """Everybody's messages of a year."""

    database: Path
    post: Post
    faults: list[str]
    counts: Counter[str] = field(default_factory=Counter)
    crashes: Counter[str] = field(default_factory=Counter)
    fates: dict[tuple[str, str], Fate] = field(default_factory=dict)
    _of_period: Counter[tuple[str, str]] = field(default_factory=Counter)
    _runs: int = 0

    def morning(self, truth: Truth, number: int) -> None:
        """Sends what is due, with a crash on some mornings, and reads what arrived."""
        people = recipients(self.database, truth.day)
        due = [each for each in people if self._is_due(each, truth.day)]
        self._know(truth, people, due)
        seen = len(self.post.messages)
        step = ""
        if due:
            self._runs += 1
            if self._runs % CRASH_EVERY == 0:
                step = _STEPS[3 * (self._runs // CRASH_EVERY) % len(_STEPS)]  # each of them, mixed
        if step:
            self._crash(step, truth.day, seen)
        results = list(sending.run_digests(self.database, truth.day, _at(truth.day, 8)))
        self.counts.update(f"run: {result.outcome.value}" for result in results)
        arrived = list(zip(self.post.recipients[seen:], map(read, self.post.messages[seen:]), strict=True))
        for address, letter in arrived:
            self._check(letter, next(each for each in people if each.address == address), truth)
        named = {address for address, _letter in arrived}
        for person in due:
            if person.address not in named:
                self._check_silence(person, truth)

    def figures(self) -> list[str]:
        """What was sent, and what became of the duties."""
        end = max(fate.last_seen for fate in self.fates.values())
        became = Counter(_became(fate, end) for fate in self.fates.values())
        return [
            f"messages: {len(self.post.messages)} arrived; {dict(self.counts)}",
            f"runs that ended at a step: {dict(self.crashes)}",
            f"{len(self.fates)} duties with a last day, by account manager: {dict(became)}",
        ]

    def named(self) -> set[tuple[str | None, str]]:
        """Account manager and duty of what messages named."""
        return {key for key, fate in self.fates.items() if fate.named_on is not None}

    def missed(self) -> list[str]:
        """The duties that a message should have named in time, and none did."""
        return [f"missed: {key} {fate}" for key, fate in self.fates.items() if fate.is_missed]

    def _is_due(self, person: Recipient, day: date) -> bool:
        return sending.standing_of(self.database, person, day).outcome is Outcome.DUE

    def _know(self, truth: Truth, people: list[Recipient], due: list[Recipient]) -> None:
        """Notes which duties are open, and whom a message of this morning could name them to in time."""
        for person in people:
            if person.reader.sees_all:
                continue
            for row in truth.of_manager(person.reader.name):
                if row["last_day"] is None:
                    continue
                act_by = row["last_working_day"]
                key = (person.reader.name, row["duty_id"])
                fate = self.fates.setdefault(key, Fate(truth.day, truth.day, act_by))
                if fate.act_by != act_by:  # a corrected date is another duty
                    fate = self.fates[key] = Fate(truth.day, truth.day, act_by)
                    self.counts["duties that moved"] += 1
                fate.last_seen = truth.day
                fate.mornings += person in due and truth.day <= act_by <= truth.day + _PRESSING

    def _check(self, letter: Letter, person: Recipient, truth: Truth) -> None:
        daily = Choices(self.database).of(person.key) is Frequency.DAILY
        period = str(truth.day) if daily else f"{truth.day:%G-W%V}"
        self._of_period[person.address, period] += 1
        if self._of_period[person.address, period] > 1:
            self.faults.append(f"{truth.day} {person.address}: two messages of {period}")
        if person.reader.sees_all:
            late = Counter(
                truth.managers.get(row["customer_id"]) or "No account manager"
                for row in truth.duties
                if _is_overdue(row)
            )
            if letter.managers != late:
                self.faults.append(f"{truth.day} management: overdue {letter.managers}, not {late}")
            return
        rows = [row for row in truth.of_manager(person.reader.name) if row["last_day"] is not None]
        overdue = [row for row in rows if _is_overdue(row)]
        soon = [row for row in rows if not _is_overdue(row) and row["last_working_day"] <= truth.day + _SOON]
        pressing = [row for row in soon if row["last_working_day"] <= truth.day + _PRESSING]
        for name, said, expected, least in (
            ("overdue", letter.overdue, overdue, []),
            ("soon", letter.soon, soon, pressing),
        ):
            self.faults += [
                f"{truth.day} {person.address} {name}: {fault}" for fault in _faults(said, expected, least)
            ]
        self._note_named(person.reader.name, letter, [*overdue, *soon], truth.day)

    def _note_named(self, manager: str, letter: Letter, rows: list[Row], day: date) -> None:
        expected = Counter(pair(row) for row in rows)
        for row in rows:
            fate = self.fates[manager, row["duty_id"]]
            if fate.named_on is None and letter.pairs[pair(row)] == expected[pair(row)]:
                fate.named_on = day

    def _check_silence(self, person: Recipient, truth: Truth) -> None:
        """Who was to get a message and got none has nothing that is near or overdue."""
        if person.reader.sees_all:
            return
        rows = [row for row in truth.of_manager(person.reader.name) if row["last_day"] is not None]
        near = [row for row in rows if row["last_working_day"] <= truth.day + _SOON]
        if near:
            self.faults.append(f"{truth.day} {person.address}: no message, and {len(near)} duties are near")

    def _crash(self, step: str, day: date, seen: int) -> None:
        """A run ends at a step. Somebody finds what it left uncertain, and settles or repeats it."""
        with _ending(step) as ended:
            try:
                list(sending.run_digests(self.database, day, _at(day, 7)))
            except Crash:
                self.crashes[step] += 1
            if not ended:
                return  # nothing was sent that far
        arrived = set(self.post.recipients[seen:])
        left = {each.reader_key for each in Messages(self.database).newest(50) if each.state is State.SENDING}
        list(sending.run_digests(self.database, day, _at(day, 7)))
        shown = [each for each in Messages(self.database).newest(50) if each.state is State.UNCERTAIN]
        if {each.reader_key for each in shown} != left:
            self.faults.append(f"{day}: {left} were left uncertain, and {shown} are shown")
        if (step in _UNCERTAIN) != bool(left):
            self.faults.append(f"{day}: a run ended at {step} and left {left} uncertain")
        for message in shown:
            self.counts["left uncertain and shown"] += 1
            if message.address in arrived:
                Messages(self.database).settle(message.address, _at(day, 8))
                self.counts["of these arrived"] += 1
            else:
                Messages(self.database).retry(message.address, _at(day, 8))
                self.counts["of these sent again by a person"] += 1


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour))


def _is_overdue(row: Row) -> bool:
    return row["last_day"] is not None and row["days_left"] < 0


def _faults(said: Named, expected: list[Row], least: list[Row]) -> Iterator[str]:
    """What a section says wrongly: duties that aren't open or aren't theirs, one twice, one that is left out."""
    pairs = Counter(pair(row) for row in expected)
    if said.count != len(expected):
        yield f"it counts {said.count}, and there are {len(expected)}"
    if said.pairs.total() + said.left_out != said.count:
        yield f"it lists {said.pairs.total()}, leaves out {said.left_out}, and counts {said.count}"
    if more := said.pairs - pairs:
        yield f"done, twice or another's: {dict(more)}"
    if missing := Counter(pair(row) for row in least) - said.pairs:
        yield f"not named: {dict(missing)}"


def _became(fate: Fate, end: date) -> str:
    """What became of a duty by the last day, in words."""
    if fate.is_in_time:
        return "named in time"
    if fate.is_missed:
        return "missed"
    if fate.known_on > fate.act_by:
        return (
            "known too late, and named then"
            if fate.named_on
            else "known too late, and closed before a message"
        )
    if fate.last_seen > fate.act_by:
        return "known and due between two messages"
    return "not near yet" if fate.last_seen == end else "closed, moved or handed over before a message"


# ---------------------------------------------------------------- steps of the sending

# Each is before or after a call of a run; those in between leave it unknown whether the message arrived.
_CALLS: dict[str, tuple[Any, str]] = {
    "composing": (sending, "compose"),
    "remembering": (sending, "remember"),
    "marking": (Messages, "begin"),
    "handing over": (Connection, "hand_over"),
    "noting the answer": (Messages, "end"),
}
_STEPS = [f"{when} {call}" for call in _CALLS for when in ("before", "after")]
_UNCERTAIN = {"after marking", "before handing over", "after handing over", "before noting the answer"}


@contextmanager
def _ending(step: str) -> Iterator[list[str]]:
    """The run ends before or after the call. Gives a list that the step is in once that happened."""
    when, name = step.split(" ", 1)
    owner, attribute = _CALLS[name]
    real: Callable[..., Any] = getattr(owner, attribute)
    ended: list[str] = []

    def ending(*args: Any, **options: Any) -> Any:
        if when == "after":
            real(*args, **options)
        ended.append(step)
        raise Crash

    setattr(owner, attribute, ending)
    try:
        yield ended
    finally:
        setattr(owner, attribute, real)
