"""What a program asks for: a report, its day, filters and options, and the form of the answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from ccinsight.database.exploring import Question, question, refuse_ahead, report_of
from ccinsight.database.scope import Filters
from ccinsight.errors import UsageError
from ccinsight.i18n import _
from ccinsight.integrations.api.problems import ProblemError
from ccinsight.notes.duties import FROM_NOTES
from ccinsight.outputs.tables import MIME_TYPES
from ccinsight.registry import CODES, REPORTS, Report
from ccinsight.registry.explore import EXPLORE

AS_OF, CUSTOMER, MANAGER, BAND, PARTNER = "as-of", "customer", "account-manager", "user-band", "partner"
FORMAT, FORM = "format", "form"
MEASURE, BY, FROM, TO, TOTALS = "measure", "by", "from", "to", "totals"
# The address of questions of one's own, below /api/v1/.
EXPLORE_PATH = "explore"
FILTERS = (CUSTOMER, MANAGER, BAND, PARTNER)
FORMATS = ("csv", "json", "parquet")
EXCEL = "excel"
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
RANGES = {"days": (0, 36_600), "months": (1, 1_200)}
PERCENT = (Decimal(-100), Decimal(1000))
# Options that a page or the warehouse gives, not a person; what is given as rows is none of an address either.
_NOT_ASKED = FROM_NOTES | {"fewest", "steps"}
# Where somebody would put a token: it isn't read there, and not repeated.
_SECRETS = frozenset({"token", "access_token", "access-token", "api_key", "apikey", "key", "password"})
_TOKEN = re.compile(r"ccinsight_[A-Za-z0-9_-]{43}")
_CHARACTERS_SHOWN = 80


@dataclass(frozen=True)
class Query:
    """A report asked for. ``options`` by the registry's names; ``is_for_excel``: CSV as Excel in Norwegian opens it.

    ``explored``: a question of the reader's own, of which ``report`` describes the answer.
    """

    report: Report
    as_of: date
    filters: Filters = field(default_factory=Filters)
    options: tuple[tuple[str, Any], ...] = ()
    format: str = "csv"
    is_for_excel: bool = False
    explored: Question | None = None

    @property
    def path(self) -> str:
        """The address below ``/api/v1/``."""
        return EXPLORE_PATH if self.explored else f"reports/{self.report.name}"


def options_of(report: Report) -> tuple[str, ...]:
    """The options that a program may give."""
    return tuple(option for option in report.options if option not in _NOT_ASKED)


def parameter(option: str) -> str:
    """An option's name in an address."""
    return option.replace("_", "-")


def read_query(name: str, given: Sequence[tuple[str, str]], accept: str, today: date) -> Query:
    """What the name and the parameters of an address ask for. Raises ProblemError for what can't be read."""
    report = find_report(name)
    known = {parameter(option): option for option in options_of(report)}
    _refuse_unknown(given, [AS_OF, *FILTERS, *known, FORMAT, FORM], report.name)
    values = {key: value for key, value in given if key not in FILTERS}
    return Query(
        report,
        _day(AS_OF, values[AS_OF]) if AS_OF in values else today,
        _filters(given),
        tuple(
            (known[key], _READ[known[key]](key, value))
            for key, value in sorted(values.items())
            if key in known
        ),
        *_form(values, accept),
    )


def read_explored(given: Sequence[tuple[str, str]], accept: str, today: date) -> Query:
    """The question of the reader's own that an address asks. Raises ProblemError for what can't be read or answered."""
    repeated = (*FILTERS, MEASURE, BY)
    known = [AS_OF, *FILTERS, MEASURE, BY, FROM, TO, TOTALS, FORMAT, FORM]
    _refuse_unknown(given, known, EXPLORE_PATH, repeated)
    values = {key: value for key, value in given if key not in repeated}
    measures = [_known(MEASURE, value, EXPLORE.measures) for value in _all_of(given, MEASURE)]
    by = [_known(BY, value, EXPLORE.dimensions) for value in _all_of(given, BY)]
    if values.get(TOTALS, "no") not in ("yes", "no"):
        raise _bad(TOTALS, _("“{option}” is yes or no.").format(option=TOTALS))
    first, last = (_day(key, values[key]) if key in values else None for key in (FROM, TO))
    day = _day(AS_OF, values[AS_OF]) if AS_OF in values else today
    try:
        asked = question(measures, by, first, last, has_totals=values.get(TOTALS) == "yes")
        refuse_ahead(asked, day)
    except UsageError as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "bad_question", str(error)) from error
    form, is_for_excel = _form(values, accept)
    return Query(report_of(asked), day, _filters(given), (), form, is_for_excel, asked)


def _all_of(given: Sequence[tuple[str, str]], key: str) -> tuple[str, ...]:
    return tuple(value for name, value in given if name == key)


def _filters(given: Sequence[tuple[str, str]]) -> Filters:
    return Filters(*(_all_of(given, key) for key in FILTERS))


def _known(key: str, value: str, known: Iterable[str]) -> str:
    """A measure's or a dimension's name; a hyphen may stand for its underscore."""
    name, names = value.replace("-", "_"), list(known)
    if name not in names:
        text = _("There is no {option} “{value}”. These exist: {known}.").format(
            option=key, value=_short(value), known=", ".join(names)
        )
        more = {"option": key, "nearest": nearest_to(name, names), "known": names}
        raise ProblemError(HTTPStatus.BAD_REQUEST, "unknown_value", text, more)
    return name


def refuse_secrets(given: Iterable[tuple[str, str]]) -> None:
    """Raises ProblemError for an address that holds a token, by a parameter's name or by what it says."""
    if any(key.casefold() in _SECRETS or _TOKEN.search(f"{key} {value}") for key, value in given):
        text = _(
            "A token isn't read from the address, where logs and workbooks would keep it. Send it as the password "
            "(Basic) or as a bearer token, and revoke it if the address was stored."
        )
        raise ProblemError(HTTPStatus.BAD_REQUEST, "token_in_address", text)


def find_report(name: str) -> Report:
    """The report of that name. Raises ProblemError that names the nearest ones."""
    if name in REPORTS:
        return REPORTS[name]
    nearest = nearest_to(name.replace("-", "_"), REPORTS)
    text = _("There is no report “{name}”.").format(name=_short(name))
    raise ProblemError(
        HTTPStatus.NOT_FOUND,
        "unknown_report",
        f"{text} {_did_you_mean(nearest)}".strip(),
        {"nearest": nearest},
    )


def nearest_to(name: str, known: Iterable[str]) -> list[str]:
    """At most three names that are much like one that doesn't exist."""
    return get_close_matches(name.casefold(), list(known), n=3, cutoff=0.6)


def _did_you_mean(nearest: Sequence[str]) -> str:
    if not nearest:
        return _("/api/v1/reports lists those there are.")
    return _("Did you mean {names}?").format(names=", ".join(nearest))


def _refuse_unknown(
    given: Sequence[tuple[str, str]], known: Sequence[str], report: str, repeated: Sequence[str] = FILTERS
) -> None:
    seen: set[str] = set()
    for key, _value in given:
        if key not in known:
            text = _("The report {report} has no option “{option}”. These exist: {known}.").format(
                report=report, option=_short(key), known=", ".join(known)
            )
            more = {"nearest": nearest_to(key.replace("_", "-"), known), "known": list(known)}
            raise ProblemError(HTTPStatus.BAD_REQUEST, "unknown_option", text, more)
        if key in seen and key not in repeated:
            text = _("“{option}” is given twice.").format(option=key)
            raise ProblemError(HTTPStatus.BAD_REQUEST, "bad_value", text, {"option": key})
        seen.add(key)


def _bad(key: str, text: str, code: str = "bad_value") -> ProblemError:
    return ProblemError(HTTPStatus.BAD_REQUEST, code, text, {"option": key})


def _day(key: str, value: str) -> date:
    try:
        day = date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII) else None
    except ValueError:
        day = None
    if day is None:
        text = _("“{value}” is not a date: write {option} as 2026-03-01.")
        raise _bad(key, text.format(value=_short(value), option=key), "bad_date")
    if not FIRST_DAY <= day <= LAST_DAY:
        text = _("“{option}” is a date from {first} to {last}.")
        raise _bad(key, text.format(option=key, first=FIRST_DAY, last=LAST_DAY), "bad_date")
    return day


def _whole(key: str, value: str) -> int:
    least, most = RANGES[key]
    if not re.fullmatch(r"\d{1,9}", value, re.ASCII) or not least <= int(value) <= most:
        text = _("“{option}” is a whole number from {least} to {most}.")
        raise _bad(key, text.format(option=key, least=least, most=most))
    return int(value)


def _check(key: str, value: str) -> str:
    known = CODES["check"]
    if value not in known:
        text = _("There is no check {name}. These exist: {known}").format(
            name=_short(value), known=", ".join(known)
        )
        raise ProblemError(
            HTTPStatus.BAD_REQUEST, "bad_value", text, {"option": key, "nearest": nearest_to(value, known)}
        )
    return value


def _percent(key: str, value: str) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    least, most = PERCENT
    if not number.is_finite() or not least <= number <= most:
        text = _("“{option}” is a number from {least} to {most}, with a decimal point.")
        raise _bad(key, text.format(option=key, least=least, most=most))
    return number


def _text(_key: str, value: str) -> str:
    return value


_READ: dict[str, Callable[[str, str], Any]] = {
    "days": _whole,
    "months": _whole,
    "since": _day,
    "valid_on": _day,
    "sent_on": _day,
    "check": _check,
    "product_name": _text,
    "percent": _percent,
}


def _form(values: dict[str, str], accept: str) -> tuple[str, bool]:
    """The format of the answer, and whether it is CSV for Excel."""
    chosen = values.get(FORMAT)
    if chosen is not None and chosen not in FORMATS:
        text = _("There is no format {name}. These exist: {known}")
        raise _bad(FORMAT, text.format(name=_short(chosen), known=", ".join(FORMATS)))
    form = values.get(FORM)
    if form is not None and (form != EXCEL or chosen not in (None, "csv")):
        raise _bad(FORM, _("“form” is “excel”, for CSV alone."))
    return chosen or ("csv" if form else accepted(accept)), form is not None


def accepted(accept: str) -> str:
    """The format that a header ``Accept`` asks for, CSV where any will do (RFC 9110, 12.5.1).

    Raises ProblemError where it takes none of ours.
    """
    if not accept.strip():
        return FORMATS[0]
    ranges = [_media_range(part) for part in accept.split(",")]
    best = max(FORMATS, key=lambda name: (_quality(MIME_TYPES[name], ranges), -FORMATS.index(name)))
    if _quality(MIME_TYPES[best], ranges) <= 0:
        types = ", ".join(MIME_TYPES[name] for name in FORMATS)
        text = _("The answer can be one of {types}.").format(types=types)
        raise ProblemError(HTTPStatus.NOT_ACCEPTABLE, "not_acceptable", text)
    return best


def _media_range(text: str) -> tuple[str, float]:
    kind, *parameters = (part.strip().lower() for part in text.split(";"))
    for each in parameters:
        name, _equals, value = each.partition("=")
        if name.strip() == "q":
            return kind, float(value) if re.fullmatch(r"\s*[01](\.\d{0,3})?\s*", value, re.ASCII) else 0.0
    return kind, 1.0


def _quality(kind: str, ranges: Sequence[tuple[str, float]]) -> float:
    """How much a type is wanted: the most exact range that it is in decides."""
    family = f"{kind.partition('/')[0]}/*"
    for wanted in (kind, family, "*/*"):
        found = [quality for name, quality in ranges if name == wanted]
        if found:
            return max(found)
    return 0.0


def _short(text: str) -> str:
    return text if len(text) <= _CHARACTERS_SHOWN else f"{text[:_CHARACTERS_SHOWN]}…"


def parameters_of(query: Query, *, is_fixed_day: bool) -> list[tuple[str, str]]:
    """The parameters of an address that asks for it; without ``is_fixed_day`` the day is that of each reading."""
    return [
        *([(AS_OF, query.as_of.isoformat())] if is_fixed_day else []),
        *((CUSTOMER, each) for each in query.filters.customers),
        *((MANAGER, each) for each in query.filters.account_managers),
        *((BAND, each.replace("–", "-")) for each in query.filters.user_bands),
        *((PARTNER, each) for each in query.filters.partners),
        *((parameter(option), str(value)) for option, value in query.options),
        *(_explored_parameters(query.explored) if query.explored else ()),
        *([(FORMAT, query.format)] if not query.is_for_excel else [(FORM, EXCEL)]),
    ]


def _explored_parameters(asked: Question) -> Iterator[tuple[str, str]]:
    yield from ((MEASURE, name) for name in asked.measures)
    yield from ((BY, name) for name in asked.by)
    yield from ((key, day.isoformat()) for key, day in ((FROM, asked.first), (TO, asked.last)) if day)
    if asked.has_totals:
        yield TOTALS, "yes"


def address_of(root: str, query: Query, *, is_fixed_day: bool) -> str:
    """The address under ``root``, which ends without a slash."""
    given = "&".join(
        f"{quote(name)}={quote(value)}" for name, value in parameters_of(query, is_fixed_day=is_fixed_day)
    )
    return f"{root}/api/v1/{query.path}?{given}"
