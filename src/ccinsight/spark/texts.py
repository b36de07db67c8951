"""The texts that Spark runs: shipped with ccinsight, made by ``ccinsight.spark.translation`` when it is built.

What runs on a cluster needs neither SQLGlot nor DuckDB.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ccinsight.errors import CcinsightError
from ccinsight.i18n import gettext as _

# A checkout's SQL files change, so that its texts are made again: not among its sources.
_CHECKOUT = Path(__file__).parents[3]
_IS_CHECKOUT = (_CHECKOUT / "hatch_build.py").is_file()
FOLDER = _CHECKOUT / "build" / "spark" if _IS_CHECKOUT else Path(__file__).with_name("sql")
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class SparkModel:
    """A model: its query, and the view under which the queries after it ask for it. ``kind``: table or view."""

    name: str
    kind: str
    view: str


@dataclass(frozen=True)
class SparkReport:
    """A report: its markers with Spark's types and, where the registry has one, the value that holds by default."""

    name: str
    markers: Mapping[str, str]
    defaults: Mapping[str, Any]


@dataclass(frozen=True)
class Manifest:
    """What the texts are of. ``version``: that of the stored models; ``tables``: what a lake holds, by view."""

    version: str
    tables: Mapping[str, str]
    models: tuple[SparkModel, ...]
    reports: Mapping[str, SparkReport]


@cache
def manifest() -> Manifest:
    """The manifest of the texts. Raises CcinsightError where they were not made."""
    _make_in_checkout()
    try:
        parts = json.loads((FOLDER / MANIFEST).read_text("utf-8"))
    except FileNotFoundError as e:
        raise CcinsightError(
            _("This ccinsight was installed without its SQL for Spark: install it from a wheel.")
        ) from e
    return Manifest(
        parts["version"],
        parts["tables"],
        tuple(SparkModel(**model) for model in parts["models"]),
        {report["name"]: SparkReport(**report) for report in parts["reports"]},
    )


def model_text(name: str) -> str:
    """The query of a model."""
    return (FOLDER / "models" / f"{name}.sql").read_text("utf-8")


def report_text(name: str) -> str:
    """The query of a report."""
    return (FOLDER / "reports" / f"{name}.sql").read_text("utf-8")


def _make_in_checkout() -> None:
    """In a checkout the texts follow the SQL files; an installed ccinsight has no sources to make them from."""
    if _IS_CHECKOUT:
        from ccinsight.spark.translation.writing import write_if_changed

        write_if_changed(FOLDER)
