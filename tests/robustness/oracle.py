"""What a text means, worked out a second time: by the words of exports.md, without SQL and without ccinsight.

Each function takes a text as it stands in a file and gives its value, or a word for why there is none. Where
exports.md leaves something open, a comment says what ccinsight does.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
SPACES = " \t\n\r\u00a0\u202f"


# An apostrophe that begins a word or a quotation, and guards nothing.
_OWN_APOSTROPHE = re.compile(r"'(?:[stn][ -]|[^-=+@0-9](?:.*[^ \t\n\r\f\v])?'(?![^\W_]))", re.DOTALL)


def unguarded(text: str) -> str:
    """A text without spaces around it and the apostrophe that guards it."""
    text = text.strip(SPACES)
    if text.startswith("'") and not _OWN_APOSTROPHE.match(text):
        text = text[1:].strip(SPACES)
    return text


class No(Enum):
    """Why a text is no value. EMPTY is no fault: the value is unknown."""

    EMPTY = "empty"
    AMBIGUOUS = "ambiguous"
    WRONG = "wrong"


# ---------------------------------------------------------------- dates

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[ T](\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?(Z|[-+]\d\d(?::?\d\d)?))?)?",
    re.ASCII,
)
_SUPEROFFICE = re.compile(r"\[DT?:(\d\d?)/(\d\d?)/(\d{4})(?: (\d\d?):(\d\d)(?::(\d\d))?)?\]", re.ASCII)
_PARTS = re.compile(
    r"(\d\d?)([-./])(\d\d?)\2(\d{4})(?: (\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?", re.ASCII
)


def moment(text: str, day_first: bool | None = None) -> datetime | No:
    """A point in time, Norwegian local time without an offset; midnight where the text has no time."""
    text = unguarded(text)
    if not text:
        return No.EMPTY
    if found := _ISO.fullmatch(text):
        year, month, day, hour, minute, second, fraction, offset = found.groups()
        read = _moment(year, month, day, hour, minute, second, fraction)
        return _in_norway(read, offset) if offset and isinstance(read, datetime) else read
    if found := _SUPEROFFICE.fullmatch(text):
        month, day, year, hour, minute, second = found.groups()
        return _moment(year, month, day, hour, minute, second, None)
    if found := _PARTS.fullmatch(text):
        first, sign, then, year, hour, minute, second, fraction = found.groups()
        order = _is_day_first(sign, int(first), int(then), day_first)
        if order is None:
            both = (moment(text, order) for order in (True, False))
            return No.WRONG if any(isinstance(each, No) for each in both) else No.AMBIGUOUS
        day, month = (first, then) if order else (then, first)
        return _moment(year, month, day, hour, minute, second, fraction)
    return No.WRONG


def day(text: str, day_first: bool | None = None) -> date | No:
    """A date; a time of day is dropped."""
    read = moment(text, day_first)
    return read.date() if isinstance(read, datetime) else read


def _is_day_first(sign: str, first: int, then: int, setting: bool | None) -> bool | None:
    if sign == "." or first > 12 or first == then:
        return True
    return setting


def _moment(
    year: str,
    month: str,
    day: str,
    hour: str | None,
    minute: str | None,
    second: str | None,
    part: str | None,
) -> datetime | No:
    # A year that no export of today can hold is taken for a slip of the keys.
    if not 1900 <= int(year) <= 2199:
        return No.WRONG
    micros = int(((part or "") + "000000")[:6])
    try:
        return datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), micros
        )
    except ValueError:
        return No.WRONG


def _in_norway(read: datetime, offset: str) -> datetime | No:
    if offset == "Z":
        east = timedelta()
    else:
        digits = offset[1:].replace(":", "").ljust(4, "0")
        # No clock is further than 14 hours from Greenwich's.
        if int(digits[:2]) > 14 or int(digits[2:]) > 59:
            return No.WRONG
        east = timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) * (-1 if offset[0] == "-" else 1)
    return (read - east).replace(tzinfo=UTC).astimezone(OSLO).replace(tzinfo=None)


def instant(local: datetime, is_second: bool = False) -> datetime:
    """The instant of a Norwegian local time: of the hour that comes twice the pass asked for; a skipped time has the
    winter offset (R10).
    """
    fold = int(is_second and not is_skipped(local))
    return local.replace(tzinfo=OSLO, fold=fold).astimezone(UTC)


def is_skipped(local: datetime) -> bool:
    """Whether the clock skips the time in spring."""
    return local.replace(tzinfo=OSLO).astimezone(UTC).astimezone(OSLO).replace(tzinfo=None) != local


def later_instant(opened: datetime, local: datetime) -> datetime | No:
    """The instant of a reply or closing that has no offset, after an opening that is known as an instant (R10)."""
    for is_second in (False, True):
        if instant(local, is_second) >= opened:
            return instant(local, is_second)
    return No.WRONG


# ---------------------------------------------------------------- numbers

_BRACKETS = re.compile(r"\[[IF]:(-?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,2})?)\]", re.ASCII)
_CURRENCY = r"(?:kr|KR|Kr|NOK|Nok|nok)"
_AROUND = re.compile(rf"(-?) ?(?:{_CURRENCY} ?(-?))?(.*?)( ?{_CURRENCY}| ?,-)?", re.ASCII)
_WHOLE = re.compile(r"\d+", re.ASCII)
_LONE_SIGN = re.compile(r"[1-9]\d{0,2}([.,])\d{3}", re.ASCII)


def number(text: str, sign: str | None = None, *, is_money: bool = False) -> Decimal | No:
    """A number, exact. ``sign``: the file's decimal sign where it is set."""
    text = unguarded(text)
    if not text:
        return No.EMPTY
    if found := _BRACKETS.fullmatch(text):
        return Decimal(found[1])
    plain = text.replace("\u2212", "-").replace("\u00a0", " ").replace("\u202f", " ")
    return _bare(plain, sign, is_money)


def _bare(plain: str, sign: str | None, is_money: bool) -> Decimal | No:
    has_dash = plain.endswith(",-")
    body = re.sub(rf" ?,-$| ?{_CURRENCY}$", "", plain)
    body = re.sub(rf"^(-?) ?{_CURRENCY} ?(-?)", r"\1\2", body)
    is_negative = body.startswith("-")
    body = body.removeprefix("-")
    sign = "," if has_dash else sign
    if found := _LONE_SIGN.fullmatch(body):
        if sign is None and is_money:
            return No.AMBIGUOUS
        if sign is not None and found[1] != sign:
            body = body.replace(found[1], "")
    digits = _digits(body)
    if digits is None or (has_dash and "." in digits):  # `,-` stands after whole kroner
        return No.WRONG
    return -Decimal(digits) if is_negative else Decimal(digits)


def _digits(body: str) -> str | None:
    """Digits and a decimal point, from digits grouped by threes in one of the ways that are in use."""
    for group, point in ((" ", ","), (" ", "."), (".", ","), (",", ".")):
        whole, mark, decimals = body.partition(point) if body.count(point) == 1 else (body, "", "")
        if mark and not _WHOLE.fullmatch(decimals):
            continue
        first, *groups = whole.split(group)
        is_grouped = len(first) <= 3 and all(len(each) == 3 for each in groups) if groups else True
        # A lone point or comma before three digits is a decimal sign, where it is anything.
        is_lone = len(groups) == 1 and group != " " and not mark
        if is_grouped and not is_lone and all(_WHOLE.fullmatch(each) for each in (first, *groups)):
            return "".join([first, *groups]) + (f".{decimals}" if mark else "")
    return None


def money(text: str, sign: str | None = None) -> Decimal | No:
    """An amount, with four decimals; it may be negative."""
    return _fitting(number(text, sign, is_money=True), 4, below=10**12)


def rate(text: str, sign: str | None = None) -> Decimal | No:
    """The price of one user, hour or seat."""
    return _fitting(number(text, sign, is_money=True), 4, below=10**7)


def quantity(text: str, sign: str | None = None) -> Decimal | No:
    """A number with six decimals."""
    return _fitting(number(text, sign), 6, below=10**7)


def count(text: str, sign: str | None = None) -> int | No:
    """A whole number that isn't negative. `1.234` users might be either, so that it is ambiguous too."""
    read = number(text, sign, is_money=True)
    if isinstance(read, No):
        return read
    if "e" in text.lower():  # an exponent is for what was divided
        return No.WRONG
    is_count = 0 <= read < 10**6 and read == read.to_integral_value()
    return int(read) if is_count else No.WRONG


def _fitting(read: Decimal | No, decimals: int, below: int) -> Decimal | No:
    """Rounded to the decimals of its column, if it is below the limit of its kind."""
    if isinstance(read, No):
        return read
    if abs(read) >= below:
        return No.WRONG
    rounded = read.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return rounded if abs(rounded) < below else No.WRONG


# ---------------------------------------------------------------- minutes and ids

_CLOCK = re.compile(r"(\d{1,6}):(\d\d)(?::(\d\d))?", re.ASCII)


def minutes(text: str, sign: str | None = None, *, in_seconds: bool = False) -> Decimal | No:
    """Minutes, from minutes, `h:mm`, `h:mm:ss`, or seconds where the setting says so."""
    if found := _CLOCK.fullmatch(unguarded(text)):
        hours, minute, second = (int(part or 0) for part in found.groups())
        if minute > 59 or second > 59:
            return No.WRONG
        return _fitting(hours * 60 + minute + Decimal(second) / 60, 6, below=10**7)
    exact = number(text, sign)
    read = _fitting(exact, 6, below=10**12)
    if isinstance(exact, No) or isinstance(read, No) or exact < 0:
        return No.EMPTY if exact is No.EMPTY else No.WRONG
    # They are divided as binary numbers, by 1 too: what these hold for 10^7 is too large a number.
    return _fitting(Decimal(float(read)) / (60 if in_seconds else 1), 6, below=10**7)


def plain_id(text: str) -> str | No:
    """An id, which is text; SuperOffice's brackets are taken off."""
    text = unguarded(text)
    found = re.fullmatch(r"\[[IF]:(-?[0-9.]+)\]", text)
    return (found[1] if found else text) or No.EMPTY
