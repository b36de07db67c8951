"""Writes the texts and their manifest: into the wheel when it is built, beside ``src`` in a checkout."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from ccinsight.database.models import model_tables_version, models_version
from ccinsight.registry import REPORTS
from ccinsight.spark.texts import MANIFEST
from ccinsight.spark.translation import model_text, report_text, spark_type
from ccinsight.spark.translation.sources import CALENDAR, relation_name, report_types, sources


def write_texts(folder: Path) -> None:
    """Writes every text, and the manifest last. Raises UntranslatableError, and then writes no manifest."""
    for kind in ("models", "reports"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for old in (folder / kind).glob("*.sql"):
            old.unlink()
    (folder / MANIFEST).unlink(missing_ok=True)
    for model in sources().models.values():
        if model.kind != "macro":
            _write(folder / "models" / f"{model.name}.sql", model_text(model.name))
    for name in REPORTS:
        _write(folder / "reports" / f"{name}.sql", report_text(name))
    _write(folder / MANIFEST, json.dumps(_manifest(), indent=1) + "\n")


def write_if_changed(folder: Path) -> None:
    """The same, where the folder's texts are of other SQL files or another translator."""
    try:
        made_by = json.loads((folder / MANIFEST).read_text("utf-8"))["made_by"]
    except FileNotFoundError:
        made_by = None
    if made_by != _made_by():
        write_texts(folder)


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")


def _made_by() -> str:
    """The models, reports and translator that texts are made by."""
    translator = sorted(Path(__file__).parent.glob("*.py"))
    parts = [models_version().encode(), *(file.read_bytes() for file in translator)]
    return hashlib.sha256(b"\n".join(parts)).hexdigest()[:16]


def _manifest() -> dict[str, Any]:
    relations = sources().columns
    stored = {name: name.partition(".")[2] for name in relations if name.startswith("stored.")}
    return {
        "made_by": _made_by(),
        "version": model_tables_version(),
        "tables": {relation_name(name): table for name, table in {**stored, CALENDAR: "calendar"}.items()},
        "models": [
            {"name": model.name, "kind": model.kind, "view": relation_name(model.relation)}
            for model in sources().models.values()
            if model.kind != "macro"
        ],
        "reports": [_report(name) for name in REPORTS],
    }


def _report(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "markers": {parameter: spark_type(kind) for parameter, kind in report_types(name).items()},
        "defaults": dict(REPORTS[name].defaults),
    }
