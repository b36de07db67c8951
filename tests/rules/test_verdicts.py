"""Who was right, person or score: the rates equal a count of the agreements themselves, day by day."""

from __future__ import annotations

import calendar
import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.outputs.frames import to_frame
from ccinsight.rules import risk, verdicts
from ccinsight.rules.verdicts import Judged
from tests.reports.companies import Row, agreement, company, count, price, ticket

AS_OF = date(2026, 3, 1)
ONE_DAY = timedelta(days=1)
# All agreements begin on one of these days of 2020.
STARTS = (date(2020, 1, 1), date(2020, 5, 15), date(2020, 8, 31))
CUSTOMERS = 30


def _minus_months(day: date, months: int) -> date:
    """Conventions of the agreement: the day of the month, or the last one of a shorter month."""
    month = day.year * 12 + day.month - 1 - months
    year, place = divmod(month, 12)
    return date(year, place + 1, min(day.day, calendar.monthrange(year, place + 1)[1]))


def _deadline(renewal: date) -> date:
    """R2 by trial: the last day from which a month's notice still fits before the renewal."""
    day = renewal
    while _minus_months(day, -1) > renewal - ONE_DAY:
        day -= ONE_DAY
    return day


def _agreements(dice: random.Random) -> list[Row]:
    found = []
    for number in range(CUSTOMERS):
        start = STARTS[number % len(STARTS)]
        terminated = start + timedelta(days=dice.randint(400, 2_400)) if dice.random() < 0.6 else None
        party = dice.choice(["customer", "customer", "supplier"]) if terminated else None
        found.append(
            agreement(
                f"A-{number}",
                str(number),
                subscribed_on=start,
                terminated_on=terminated,
                terminated_by=party,
                registered_users=10,
            )
        )
    return found


def _renewals(row: Row) -> Iterator[tuple[date, date, bool]]:
    """Each renewal date that the agreement comes to, its deadline, and whether a notice ended the agreement there."""
    start, notice = row["subscribed_on"], row["terminated_on"]
    for years in range(1, 8):
        renewal = start.replace(year=start.year + years)
        deadline = _deadline(renewal)
        has_left = notice is not None and notice <= deadline
        yield renewal, deadline, has_left
        if has_left:
            return


def _given(agreements: list[Row], dice: random.Random) -> list[Row]:
    """One to three verdicts at most milestones, on days from the milestone to after the deadline."""
    found: list[Row] = []
    for row in agreements:
        for renewal, deadline, _left in _renewals(row):
            for milestone in (6, 3):
                asked = _minus_months(deadline, milestone)
                for _again in range(dice.choice([0, 1, 1, 1, 2, 3])):
                    on = asked + timedelta(days=dice.randint(0, 110))
                    found.append(_verdict(len(found) + 1, row, renewal, milestone, on, dice))
    return found


def _verdict(
    number: int, row: Row, renewal: date, milestone: int, on: date, dice: random.Random
) -> dict[str, Any]:
    names = ("reason", "action", "action_on", "given_by", "state", "closed_on", "closed_by", "note")
    return {
        **dict.fromkeys(names),
        "verdict_id": number,
        "agreement_id": row["agreement_id"],
        "customer_id": row["customer_id"],
        "renewal_on": renewal,
        "milestone": milestone,
        "verdict": dice.choice(["stays", "stays", "in_doubt", "leaves"]),
        "given_at": datetime(on.year, on.month, on.day, 12),
    }


@pytest.fixture(scope="module")
def five_years() -> tuple[Warehouse, list[Row], list[Row]]:
    """A company with agreements of six years, its verdicts, and users and tickets that give some high scores."""
    dice = random.Random(7)
    agreements = _agreements(dice)
    tickets: list[Row] = []
    counts: list[Row] = []
    for number in range(CUSTOMERS):
        falls = number % 3 == 0
        for month in range(74):
            year, place = divmod(month, 12)
            day = date(2020 + year, place + 1, 10)
            for each in range(0 if falls and month % 24 > 11 else 1):
                opened = datetime(day.year, day.month, day.day, 9 + each)
                closed = opened + timedelta(hours=1)
                tickets.append(
                    ticket(f"T-{len(tickets)}", opened, str(number), status="closed", closed_at=closed)
                )
            if month % 6 == 0:
                users = 10 - (month // 12 if falls else 0)
                counts.append(count(day, users, str(number), active_users=users // (2 if falls else 1)))
    house = company(
        agreements=agreements, tickets=tickets, user_counts=counts, prices=[price(date(2019, 1, 1), "1200")]
    )
    return house, agreements, _given(agreements, dice)


def _counted(house: Warehouse, agreements: list[Row], given: list[Row]) -> tuple[Counter[Any], Counter[Any]]:
    """The same from the rows themselves: what became of each verdict, and what could not be judged."""
    known: Counter[Any] = Counter()
    left_out: Counter[Any] = Counter()
    scores: dict[date, dict[str, float]] = {}
    for row in agreements:
        for renewal, deadline, has_left in _renewals(row):
            if deadline > AS_OF or deadline < AS_OF.replace(year=AS_OF.year - 5):
                continue
            for milestone in (6, 3):
                said = [
                    each
                    for each in given
                    if (each["agreement_id"], each["renewal_on"], each["milestone"])
                    == (row["agreement_id"], renewal, milestone)
                    and each["given_at"].date() < deadline
                ]
                if not said:
                    continue
                last = said[-1]
                if has_left and row["terminated_on"] <= last["given_at"].date():
                    left_out["notice"] += 1
                    continue
                if has_left and row["terminated_by"] == "supplier":
                    left_out["supplier"] += 1
                    continue
                asked = _minus_months(deadline, milestone)
                if asked not in scores:
                    frame = risk.scores(house, asked, SEES_ALL)
                    scores[asked] = dict(zip(frame["customer_id"], frame["score"], strict=True))
                score = scores[asked].get(row["customer_id"])
                is_high = None if score is None or pd.isna(score) else score >= 40
                known[milestone, last["verdict"], is_high, has_left] += 1
    return known, left_out


def _sum(known: Counter[Any], **wanted: Any) -> int:
    names = ("milestone", "verdict", "is_high", "left")
    return sum(
        times
        for key, times in known.items()
        if all(dict(zip(names, key, strict=True))[name] == value for name, value in wanted.items())
    )


def test_the_rates_equal_a_count_of_the_agreements(
    five_years: tuple[Warehouse, list[Row], list[Row]],
) -> None:
    house, agreements, given = five_years
    table = house.report("renewal_verdicts", Scope(AS_OF, SEES_ALL), verdicts=given)

    found: Judged = verdicts.judge(to_frame(table), lambda day: risk.scores(house, day, SEES_ALL))

    known, left_out = _counted(house, agreements, given)
    assert (found.notice_known, found.supplier_left) == (left_out["notice"], left_out["supplier"])
    assert left_out["notice"] and left_out["supplier"]
    assert {each[2] for each in known} == {True, False, None}
    for row in found.rates.to_dict("records"):
        of = {"milestone": row["milestone"]}
        both = {
            key: times for key, times in known.items() if key[0] == row["milestone"] and key[1] != "in_doubt"
        }
        scored = {key: times for key, times in both.items() if key[2] is not None}
        right = sum(times for key, times in scored.items() if (key[1] == "leaves") == key[3])
        assert row["renewals"] == sum(scored.values()) > 0
        assert row["person_right"] == right
        assert row["score_right"] == sum(times for key, times in scored.items() if key[2] == key[3])
        assert row["person_share"] == pytest.approx(right / row["renewals"])
        assert row["in_doubt"] == _sum(known, verdict="in_doubt", **of)
        assert row["score_unknown"] == sum(both.values()) - row["renewals"]
    for row in found.by_verdict.to_dict("records"):
        of = {"milestone": row["milestone"], "verdict": row["verdict"]}
        assert (row["renewals"], row["left"]) == (_sum(known, **of), _sum(known, left=True, **of))
    for milestone in (6, 3):
        bands = found.by_band[found.by_band["milestone"] == milestone].set_index("score_band")
        high = bands.loc[["40–49", "50–100"]].sum()
        assert high["renewals"] == _sum(known, milestone=milestone, is_high=True)
        assert high["left"] == _sum(known, milestone=milestone, is_high=True, left=True)
        assert bands.loc["unknown", "renewals"] == _sum(known, milestone=milestone, is_high=None)


def test_without_a_verdict_nothing_is_judged(five_years: tuple[Warehouse, list[Row], list[Row]]) -> None:
    table = five_years[0].report("renewal_verdicts", Scope(AS_OF, SEES_ALL), verdicts=[])

    found = verdicts.judge(to_frame(table), lambda day: pytest.fail(f"{day} isn't needed"))

    assert found.rates["renewals"].sum() == 0
    assert found.rates["person_share"].isna().all()
