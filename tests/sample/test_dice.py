"""Draws: the same on every machine, and shared out as asked for."""

from __future__ import annotations

from datetime import date

import numpy as np

from ccinsight.sample.dates import DAY_SECONDS, WorkCalendar
from ccinsight.sample.dice import Dice, lookup_table
from ccinsight.sample.topics import TOPICS, spread_out


def test_the_stream_is_the_same_everywhere() -> None:
    dice = Dice(1, 2, 3)
    assert [dice.below(1000) for _ in range(6)] == [670, 111, 511, 356, 704, 479]
    assert dice.many_below(6, 1000).tolist() == [711, 380, 82, 326, 141, 745]


def test_paths_and_seeds_give_streams_of_their_own() -> None:
    streams = {
        tuple(Dice(*path).many_below(4, 1 << 30).tolist()) for path in [(1, 1), (1, 2), (2, 1), (2, 2)]
    }
    assert len(streams) == 4


def test_a_lookup_table_is_shared_out_by_weight() -> None:
    assert np.bincount(lookup_table((1, 0, 3))).tolist() == [1024, 0, 3072]


def test_quantiles_stay_between_their_knots() -> None:
    knots = np.array([(0, 10, 100), (5, 5, 5)])
    drawn = Dice(1).many_along(knots, np.array([0, 1] * 500))
    assert set(drawn[1::2].tolist()) == {5}
    assert drawn[::2].min() >= 0 and drawn[::2].max() < 100
    assert 180 < (drawn[::2] < 10).sum() < 320


def test_long_tails_keep_their_bounds() -> None:
    dice = Dice(1)
    drawn = [dice.long_tailed(10, 200) for _ in range(2000)]
    assert min(drawn) >= 10 and max(drawn) == 200
    assert sorted(drawn)[1000] < 16


def test_working_time_stands_still_at_night_on_weekends_and_holidays() -> None:
    calendar = WorkCalendar.spanning(date(2026, 5, 11), date(2026, 5, 31))

    def moment(day: int, hour: int) -> int:
        return (day - 11) * DAY_SECONDS + hour * 3600

    # Thursday 14 May 2026 is Ascension Day; the 15th is worked; the weekend has the 17th.
    opened = np.array([moment(13, 15), moment(13, 20), moment(15, 15), moment(16, 12)])
    later = calendar.after(opened, np.array([2 * 3600, 0, 3 * 3600, 3600]))
    assert later.tolist() == [moment(15, 9), moment(15, 8), moment(18, 10), moment(18, 9)]


def test_titles_are_spread_out() -> None:
    assert spread_out("{a|b} c{| d}") == ["a c", "a c d", "b c", "b c d"]
    assert all(
        topic.titles and not any(set("{}|") & set(title) for title in topic.titles) for topic in TOPICS
    )
