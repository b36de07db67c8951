"""Tickets, drawn whole columns at a time, month by month, so that ten million fit in little memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise

import numpy as np

from ccinsight.sample.callers import Callers, Rhythm, rhythm_of
from ccinsight.sample.dates import DAY_SECONDS
from ccinsight.sample.dice import Dice, Flags, Ints, lookup_table
from ccinsight.sample.topics import PACES, TOPICS

CHUNK = 100_000
MISSING = -1

STATUSES = ("Avsluttet", "Åpen", "Utsatt", "Venter på kunde", "Koblet", "Slettet", "Spam")
_OPEN_STATUSES = lookup_table((0, 82, 10, 8))
_FIRST_LEFT_OUT = 4
_LEFT_OUT = lookup_table((0, 0, 0, 0, 13, 8, 5))
# The settings that come with the sample map Teams and Haster; Fjernhjelp and P2 stay unknown values.
CHANNELS = ("Telefon", "E-post", "Kundesenter", "Chat", "Skjema", "Internt", "Teams", "API", "Fjernhjelp", "")
_PHONE, _INTERNAL = 0, 5
_CHANNELS = np.stack([lookup_table((0, 560, 280, 0, 130, 0, 0, 20, 0, 10)),
                      lookup_table((300, 415, 140, 60, 40, 15, 16, 3, 3, 8))])  # fmt: skip
SEVERITIES = ("Lav", "Middels", "Høy", "Kritisk", "Haster", "P2", "")
_SEVERITIES = np.stack(
    [lookup_table((250, 570, 128, 8, 12, 4, 28)), lookup_table((0, 80, 360, 520, 20, 0, 20))]
)
ROLES = ("Bruker", "Driftsleverandør", "Annen", "Innleid", "")
_USER, _IT_OPERATIONS, _OTHER = 0, 1, 2
_ROLES = np.stack([lookup_table(weights) for weights in (
    (810, 35, 9, 4, 142), (690, 170, 9, 4, 127), (330, 200, 420, 0, 50),
)])  # fmt: skip

TITLES = [title for topic in TOPICS for title in topic.titles]
_TITLE_COUNTS = np.array([len(topic.titles) for topic in TOPICS])
_TITLE_STARTS = np.cumsum(_TITLE_COUNTS) - _TITLE_COUNTS
_TOPIC_SHARES = np.stack([
    lookup_table([topic.shares[0] for topic in TOPICS]),
    lookup_table([topic.shares[1] for topic in TOPICS]),
])  # fmt: skip
_PACE = np.array([list(PACES).index(topic.pace) for topic in TOPICS])
_MINUTES = np.array(list(PACES.values()))
_IS_DOWN = np.array([topic.is_access_down for topic in TOPICS])
_IS_CONSULTING = np.array([topic.scope == "consulting" for topic in TOPICS])
_IS_TRAINING = np.array([topic.scope == "training" for topic in TOPICS])
# Working minutes to the first reply, of other tickets and of access-down ones, and from there to the closing.
_REPLY = np.array([
    (1, 4, 8, 15, 25, 38, 55, 75, 100, 140, 190, 260, 350, 480, 700, 1300, 4800),
    (1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 22, 30, 42, 65, 120, 300, 960),
])  # fmt: skip
_CLOSE = np.array([(0, 0, 2, 5, 12, 25, 50, 90, 160, 280, 480, 800, 1300, 2000, 3200, 6000, 20000)])


@dataclass(frozen=True)
class Tickets:
    """Some tickets in order of time.

    Moments are seconds since the first day; the rest are places in lists: those above, customers in
    ``Callers.ids``, and people. MISSING where there is none.
    """

    month: int
    customer: Ints
    opened: Ints
    replied: Ints
    closed: Ints
    status: Ints
    channel: Ints
    topic: Ints
    title: Ints
    severity: Ints
    person: Ints
    role: Ints
    owner: Ints
    minutes: Ints
    to_invoice: Ints

    def billable(self) -> Ints:
        """Billable minutes (R8); 0 for tickets that are left out."""
        spent = np.where(_IS_CONSULTING[self.topic], np.maximum(self.minutes, 0), 0)
        billable = np.where(self.to_invoice >= 0, self.to_invoice, spent)
        return np.where(self.status < _FIRST_LEFT_OUT, billable, 0)


def draw_tickets(callers: Callers, tickets: int, owners: int, seed: int, as_of: date) -> Iterator[Tickets]:
    """So many tickets in chunks of at most CHUNK, month by month up to the end of the as-of date."""
    rhythm = rhythm_of(callers.first_month, callers.months, as_of)
    end = ((as_of - rhythm.calendar.first).days + 1) * DAY_SECONDS
    for month, size in enumerate(_shares(callers, rhythm, tickets)):
        for part, first in enumerate(range(0, size, CHUNK)):
            dice = Dice(seed, 5, month, part)
            yield _chunk(dice, callers, rhythm, month, min(CHUNK, size - first), owners, end)


def _shares(callers: Callers, rhythm: Rhythm, tickets: int) -> list[int]:
    """The tickets of each month, by how much customers call and by its days."""
    weights = [
        int(total) * days for total, days in zip(callers.weights.sum(axis=1), rhythm.day_sums, strict=True)
    ]
    passed = list(accumulate(weights, initial=0))
    ends = [tickets * weight // max(1, passed[-1]) for weight in passed]
    return [end - start for start, end in pairwise(ends)]


def _chunk(
    dice: Dice, callers: Callers, rhythm: Rhythm, month: int, size: int, owners: int, end: int
) -> Tickets:
    customer, opened, is_worked = _who_and_when(dice, callers, rhythm, month, size)
    topic = dice.many_from(size, _TOPIC_SHARES, callers.is_integrated[customer])
    is_down = _IS_DOWN[topic].astype(np.int64)
    channel = dice.many_from(size, _CHANNELS, is_worked)
    replied = _replies(dice, rhythm, opened, channel, is_down)
    minutes = dice.many_along(_MINUTES, _PACE[topic])
    minutes = _in_steps(minutes, np.where(_IS_CONSULTING[topic], 15, 1))
    closed = _closings(dice, rhythm, opened, replied, channel, minutes)
    replied, closed = np.where(replied < end, replied, MISSING), np.where(closed < end, closed, MISSING)
    role = dice.many_from(size, _ROLES, callers.role_kind[customer])
    is_untouched = (replied == MISSING) & (closed == MISSING)
    minutes = np.where(is_untouched | dice.many_chances(size, 60), MISSING, minutes)
    return Tickets(
        month,
        customer,
        opened,
        replied,
        closed,
        _statuses(dice, closed),
        channel,
        topic,
        _TITLE_STARTS[topic] + dice.many_below(size, _TITLE_COUNTS[topic]),
        dice.many_from(size, _SEVERITIES, is_down),
        _people(dice, callers, month, customer, role),
        role,
        dice.many_below(size, owners),
        minutes,
        _to_invoice(dice, topic, minutes),
    )


def _who_and_when(
    dice: Dice, callers: Callers, rhythm: Rhythm, month: int, size: int
) -> tuple[Ints, Ints, Ints]:
    """Customers and moments of opening, in order of time, and 1 where the moment is within working hours."""
    passed = np.cumsum(callers.weights[month])
    customer = np.searchsorted(passed, dice.many_below(size, int(passed[-1])), side="right")
    day = rhythm.first_days[month] + dice.many_from(size, rhythm.days[month])
    is_worked = rhythm.calendar.is_worked[day].astype(np.int64)
    clock = dice.many_from(size, rhythm.quarters, is_worked) * 900 + dice.many_below(size, 900)
    moment = day * DAY_SECONDS + clock
    order = np.argsort(moment, kind="stable")
    is_open = is_worked * ((clock >= 27_000) & (clock < 59_400))
    return customer[order], moment[order], is_open[order]


def _replies(dice: Dice, rhythm: Rhythm, opened: Ints, channel: Ints, is_down: Ints) -> Ints:
    """First replies: at once on the phone, else after some working time; some never."""
    size = len(opened)
    waited = dice.many_along(_REPLY, is_down) * 60 + dice.many_below(size, 60)
    later = rhythm.calendar.after(opened, waited)
    replied = np.where(channel == _PHONE, opened + dice.many_below(size, 150), later)
    never = dice.many_chances(size, np.where(channel == _INTERNAL, 500, 30))
    return np.where(never, MISSING, replied)


def _closings(dice: Dice, rhythm: Rhythm, opened: Ints, replied: Ints, channel: Ints, minutes: Ints) -> Ints:
    """Half of the phone calls close when the talk is over, the rest after some working time; some never."""
    size = len(opened)
    start = np.where(replied == MISSING, opened, replied)
    worked = dice.many_along(_CLOSE, np.zeros(size, dtype=np.int64)) * 60 + dice.many_below(size, 60)
    closed = np.maximum(start, rhythm.calendar.after(start, worked))
    is_quick: Flags = (channel == _PHONE) & dice.many_chances(size, 500)
    closed = np.where(is_quick, start + minutes * 60, closed)
    return np.where(dice.many_chances(size, 12), MISSING, closed)


def _statuses(dice: Dice, closed: Ints) -> Ints:
    size = len(closed)
    status = np.where(closed == MISSING, dice.many_from(size, _OPEN_STATUSES), 0)
    return np.where(dice.many_chances(size, 24), dice.many_from(size, _LEFT_OUT), status)


def _people(dice: Dice, callers: Callers, month: int, customer: Ints, role: Ints) -> Ints:
    """Who called: some people call much more than others; the IT supplier has three, outsiders are many."""
    size = len(customer)
    pool = np.where(role == _IT_OPERATIONS, 3, np.where(role == _OTHER, 40, callers.people[month, customer]))
    draw = dice.many_below(size, 1 << 16)
    number = ((draw * draw) >> 16) * pool >> 16
    shift = np.where(role == _IT_OPERATIONS, 4001, np.where(role == _OTHER, 7001, 0))
    is_nameless = dice.many_chances(size, callers.nameless_permille[customer])
    return np.where(is_nameless, MISSING, callers.first_person[customer] + shift + number)


def _to_invoice(dice: Dice, topic: Ints, minutes: Ints) -> Ints:
    """Minutes to invoice are set on some consulting (now and then to 0) and on a little training."""
    size = len(topic)
    permille = np.where(_IS_CONSULTING[topic], 350, np.where(_IS_TRAINING[topic], 60, 4))
    is_set = dice.many_chances(size, permille) & (minutes != MISSING)
    is_waived = dice.many_chances(size, np.where(_IS_CONSULTING[topic] | _IS_TRAINING[topic], 140, 1000))
    return np.where(is_set, np.where(is_waived, 0, _in_steps(minutes, 15)), MISSING)


def _in_steps(minutes: Ints, step: Ints | int) -> Ints:
    """Minutes rounded up to whole steps."""
    return -(-minutes // step) * step
