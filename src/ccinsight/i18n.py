"""Languages: gettext catalogues and locale formats, Norwegian bokmål first.

Code is written with English texts, ``_("Renewals")``; the catalogues in ``locale/`` hold the Norwegian ones
and the English plurals. The language is a context variable: a thread or a call that sets it affects nobody
else.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale, dates, numbers
from babel.support import NullTranslations, Translations

LANGUAGES = {"nb": "Norsk", "en": "English"}
DEFAULT_LANGUAGE = "nb"
# English for people in Norway: their dates, their amounts, English words.
_FORMATS = {"nb": "nb_NO", "en": "en_GB"}
# Numbers and dates kept as texts: a page shows some hundred, mostly the same few; formatting one takes 0.05 ms.
_FORMATTED = 20_000
_FOLDER = Path(__file__).parent / "locale"

_current: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)

Number = int | float | Decimal


def set_language(language: str) -> None:
    """Sets the language of this thread of work. Raises ValueError for one that isn't in LANGUAGES."""
    if language not in LANGUAGES:
        raise ValueError(language)
    _current.set(language)


def language() -> str:
    """The language in use: "nb" or "en"."""
    return _current.get()


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Sets the language for a block. Raises ValueError for one that isn't in LANGUAGES."""
    before = _current.get()
    set_language(language)
    try:
        yield
    finally:
        _current.set(before)


def terminal_language() -> str:
    """The command line's language: CCINSIGHT_LANGUAGE, else the terminal's own, else English."""
    wanted = os.environ.get("CCINSIGHT_LANGUAGE", "")
    if wanted in LANGUAGES:
        return wanted
    own = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "nb" if own[:2] in {"nb", "no", "nn"} else "en"


@cache
def _catalogue(name: str) -> NullTranslations:
    return Translations.load(_FOLDER, [name], domain="ccinsight")


def gettext(text: str) -> str:
    """The text in the language in use; of "", which is where a catalogue keeps its header, ""."""
    return _catalogue(language()).gettext(text) if text else ""


def in_every_language(text: str) -> tuple[str, ...]:
    """The text in each language: for what a file of ours says, in whatever language it was written."""
    return tuple(_catalogue(name).gettext(text) for name in LANGUAGES)


def ngettext(one: str, many: str, count: int) -> str:
    """The text for this count in the language in use; the count itself is left to ``format``."""
    return _catalogue(language()).ngettext(one, many, count)


_ = gettext


def N_(text: str) -> str:  # noqa: N802 (the customary name for a text that is translated later)
    """Marks a text for the catalogues where it stands; it is translated where it is shown."""
    return text


# Python's own words for the usual faults of files and ports, as they are looked up in the catalogues.
_SYSTEM_TEXTS = (
    N_("No such file or directory"),
    N_("Is a directory"),
    N_("Not a directory"),
    N_("File exists"),
    N_("Directory not empty"),
    N_("Permission denied"),
    N_("Operation not permitted"),
    N_("No space left on device"),
    N_("Disk quota exceeded"),
    N_("Read-only file system"),
    N_("File name too long"),
    N_("Input/output error"),
    N_("Address already in use"),
    N_("Cannot assign requested address"),
)


def os_reason(error: OSError) -> str:
    """What the system says is wrong, in the language in use where it is one of the usual faults."""
    return gettext(error.strerror or str(error) or type(error).__name__)


@cache
def _locale(name: str) -> Locale:
    return Locale.parse(_FORMATS[name])


@lru_cache(maxsize=_FORMATTED, typed=True)
def _formatted_number(value: Number, decimals: int, name: str) -> str:
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    exact = rounded(value, decimals)
    return _without_minus_zero(numbers.format_decimal(exact, format=pattern, locale=_locale(name)))


@lru_cache(maxsize=_FORMATTED)
def _formatted_date(value: date, pattern: str, name: str) -> str:
    return str(dates.format_date(value, format=pattern, locale=_locale(name)))


def rounded(value: Number, decimals: int = 0) -> Decimal:
    """Half away from zero, as R7, a spreadsheet and the browser do; a floating number as it is written."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def is_unknown(value: object) -> bool:
    """True for None, NaN and pandas' missing values."""
    if value is None:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    if isinstance(value, Decimal):
        return value.is_nan()
    return type(value).__name__ in {"NaTType", "NAType"}


def number(value: Number | None, decimals: int = 0) -> str:
    """``1 234,5`` in Norwegian, ``1,234.5`` in English; unknown is named."""
    if value is None or is_unknown(value):
        return _("unknown")
    return _formatted_number(value, decimals, language())


def decimal_mark(name: str) -> str:
    """The mark before the decimals in a language: a comma in Norwegian."""
    return str(numbers.get_decimal_symbol(_locale(name)))


def _without_minus_zero(text: str) -> str:
    """A little below zero is rounded to ``0``, not ``-0``."""
    return text if any(digit in text for digit in "123456789") else text.lstrip("-\N{MINUS SIGN}")


def amount(value: Number | None, decimals: int = 0) -> str:
    """NOK without VAT: ``1 234 567 kr``."""
    if value is None or is_unknown(value):
        return _("unknown")
    return f"{number(value, decimals)}\N{NO-BREAK SPACE}kr"


def percent(value: Number | None, decimals: int = 0) -> str:
    """A fraction as percent: ``85 %`` in Norwegian, ``85%`` in English; never 0 or 100 where it is neither."""
    if value is None or is_unknown(value):
        return _("unknown")
    sign = "\N{NO-BREAK SPACE}%" if language() == "nb" else "%"
    return share(value, decimals, lambda percents, places: f"{number(percents, places)}{sign}")


def share(value: Number, decimals: int, write: Callable[[float, int], str]) -> str:
    """A fraction as ``write`` writes percents with so many decimals, with more where it would seem 0 or 100.

    Two of 1 400 are ``0,1 %``, and 1 399 of them ``99,9 %``. What two more decimals don't tell from 0 or 100 is
    ``under 0,01 %`` or ``over 99,99 %``.
    """
    percents = float(value) * 100
    is_exact = math.isclose(percents, 100) or percents == 0
    for places in range(decimals, decimals + 3):
        if is_exact or float(f"{percents:.{places}f}") not in (0, 100):
            return write(percents, places)
    least = 10.0 ** -(decimals + 2)
    if 0 < percents < 1:
        return _("under {share}").format(share=write(least, decimals + 2))
    if 99 < percents < 100:
        return _("over {share}").format(share=write(100 - least, decimals + 2))
    return write(percents, decimals)


def hours(value: Number | None, decimals: int = 1) -> str:
    """Hours: ``16,4 t`` in Norwegian, ``16.4 h`` in English."""
    if value is None or is_unknown(value):
        return _("unknown")
    unit = "t" if language() == "nb" else "h"
    return f"{number(value, decimals)}\N{NO-BREAK SPACE}{unit}"


def day(value: date | datetime | None) -> str:
    """A date: ``31.12.2026`` in Norwegian, ``31 Dec 2026`` in English."""
    if value is None or is_unknown(value):
        return _("unknown")
    # a point in time is kept as its date: the times of a day would each take a place
    on = value.date() if isinstance(value, datetime) else value
    return _formatted_date(on, "dd.MM.yyyy" if language() == "nb" else "d MMM yyyy", language())


def moment(value: datetime | None) -> str:
    """A point in time to the minute: ``31.12.2026 14:05``."""
    if value is None or is_unknown(value):
        return _("unknown")
    return f"{day(value)} {value:%H:%M}"


def month(value: date | None) -> str:
    """A month: ``des. 2026``."""
    if value is None or is_unknown(value):
        return _("unknown")
    return _formatted_date(value, "LLL yyyy", language())
