"""Parses the common timestamp formats with Arrow, several times faster than SQL; any other text becomes null.

The SQL of timestamps.sql parses what is null here. Arrow's strptime is lenient: it reads 31 April as 1 May and accepts
missing spaces. So a pattern decides which texts are timestamps, and a day that its month lacks is excluded
(docs/decisions/0021-arrow-timestamps.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

_DAY, _MONTH, _YEAR = "(0?[1-9]|[12][0-9]|3[01])", "(0?[1-9]|1[0-2])", "(19|20|21)[0-9]{2}"
_HOUR, _MINUTE = "([01]?[0-9]|2[0-3])", "[0-5][0-9]"
_CERTAIN_DAY = "(1[3-9]|2[0-9]|3[01])"
_EQUAL = "|".join(
    f"0?{number}{{}}0?{number}" for number in range(1, 13)
)  # 5/5 is the same day in both orders
_ISO = f"{_YEAR}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_LATE = "(29|30|31)"  # the days that not every month has

_SAMPLE = 200


@dataclass(frozen=True)
class _Format:
    """A format of timestamps. ``pattern``: of the texts that have it; ``late``: of those with a day after the 28th."""

    pattern: str
    late: str
    format: str

    def parse(self, texts: pa.ChunkedArray) -> pa.ChunkedArray:
        """The timestamps, null where a text has another format or is not a timestamp."""
        parsed = pc.strptime(texts, format=self.format, unit="us", error_is_null=True)
        is_valid = pc.match_substring_regex(texts, self.pattern)
        is_first = pc.less(pc.day(parsed), 4)
        # Nearly all files have only days that exist: few texts are looked at twice.
        if pc.any(pc.match_substring_regex(texts.filter(is_first), self.late)).as_py():
            is_next_month = pc.and_(is_first, pc.match_substring_regex(texts, self.late))
            is_valid = pc.and_(is_valid, pc.invert(is_next_month))
        return pc.if_else(is_valid, parsed, pa.scalar(None, parsed.type))


def parse_timestamps(texts: pa.ChunkedArray, day_first: bool | None = None) -> pa.ChunkedArray:
    """The timestamps in microseconds, null where a text is null or is left to SQL.

    ``day_first``: the setting for `05/04/2026`; without it such a text is ambiguous (exports.md). The formats are those
    of up to 200 texts, evenly spread; texts of rarer formats are left to SQL.
    """
    filled = texts.drop_null()
    step = max(len(filled) // _SAMPLE, 1)
    # By single values: `pa.array` would load pandas first, which takes as long as a small file.
    sample = [filled[at].as_py() for at in range(0, len(filled), step)]
    found = [each for each in _formats(day_first) if any(map(re.compile(each.pattern).search, sample))]
    if not found:
        return pa.chunked_array([pa.nulls(len(texts), pa.timestamp("us"))])
    return pc.coalesce(*(each.parse(texts) for each in found))


@cache
def _formats(day_first: bool | None) -> tuple[_Format, ...]:
    return tuple(_all_formats(day_first))


def _all_formats(day_first: bool | None) -> Iterator[_Format]:
    for time, time_format in ((f"{_HOUR}:{_MINUTE}:{_MINUTE}", "%H:%M:%S"), (f"{_HOUR}:{_MINUTE}", "%H:%M")):
        rest = f"{_YEAR} {time}$"
        yield _Format(f"^{_DAY}[.]{_MONTH}[.]{rest}", f"^{_LATE}", f"%d.%m.%Y {time_format}")
        for sign in "/-":
            equal = _EQUAL.replace("{}", sign)
            certain = f"({_CERTAIN_DAY}{sign}{_MONTH}|{equal})"
            first = f"{_DAY}{sign}{_MONTH}" if day_first else certain
            yield _Format(f"^{first}{sign}{rest}", f"^{_LATE}", f"%d{sign}%m{sign}%Y {time_format}")
            if day_first is False:
                yield _Format(
                    f"^{_MONTH}{sign}{_DAY}{sign}{rest}",
                    f"^[0-9]+{sign}{_LATE}{sign}",
                    f"%m{sign}%d{sign}%Y {time_format}",
                )
    for separator in " T":
        yield _Format(
            f"^{_ISO}{separator}([01][0-9]|2[0-3]):{_MINUTE}:{_MINUTE}$",
            f"-{_LATE}{separator}",
            f"%Y-%m-%d{separator}%H:%M:%S",
        )
