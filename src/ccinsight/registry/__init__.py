"""Every report, column, code and headline figure: label, unit, format, definition, rule and clause.

Four TOML files hold them: ``reports``, ``columns``, ``measures`` and ``codes``. They are parsed once, on import.
Labels and descriptions are English message ids; ``heading``, ``help_text``, ``shown`` and ``label_of`` give texts
in the language in use.
"""

from __future__ import annotations

from ccinsight import i18n
from ccinsight.errors import UsageError
from ccinsight.i18n import _
from ccinsight.registry.columns import Code, Column
from ccinsight.registry.parsing import read
from ccinsight.registry.reports import OPTION_PARAMETERS, Registry, Report

__all__ = [
    "CODES",
    "MEASURES",
    "OPTION_PARAMETERS",
    "REPORTS",
    "Code",
    "Column",
    "Registry",
    "Report",
    "label_of",
    "report",
]

_REGISTRY = read()
REPORTS, MEASURES, CODES = _REGISTRY.reports, _REGISTRY.measures, _REGISTRY.codes


def report(name: str) -> Report:
    """The report of that name. Raises UsageError that names those there are."""
    try:
        return REPORTS[name]
    except KeyError:
        known = ", ".join(REPORTS)
        raise UsageError(
            _("There is no report {name}. These exist: {known}").format(name=name, known=known)
        ) from None


def label_of(codes: str, value: object) -> str:
    """The label of a code in the language in use: ``label_of("renewal_status", "open")``."""
    if i18n.is_unknown(value):
        return _("unknown")
    code = CODES[codes].get(str(value))
    return _(code.label) if code else str(value)
