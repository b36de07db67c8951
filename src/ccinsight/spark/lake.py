"""A lake as views of a Spark session: the stored tables, and the models that were built of them.

``FOLDER/tables/NAME`` and ``FOLDER/models/NAME`` hold Parquet; FOLDER is a path of the machine that runs this (local
or mounted, as a volume is), since the manifests are read and written as files.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ccinsight.errors import CcinsightError, UsageError
from ccinsight.i18n import gettext as _
from ccinsight.lake.layout import (
    MANIFEST,
    MODELS,
    TABLES,
    Part,
    Written,
    parts,
    read_manifest,
    write_manifest,
)
from ccinsight.spark.texts import SparkModel, manifest, model_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from pyspark.sql import DataFrame, SparkSession

_CUSTOMERS = "model_customer_ids"
# What the queries hold under. Halves and dates come out as DuckDB's only so.
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
    # products of decimals keep their decimals
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    # days before 1582 stand for "no start"
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.caseSensitive": "false",
}


def folders(folder: str) -> list[str]:
    """The parts of a lake: one for each partner of a group, else the folder itself."""
    found = parts(_local(folder))
    return [folder if part.partner is None else f"{folder.rstrip('/')}/{part.folder.name}" for part in found]


def _local(folder: str) -> Path:
    return Path(folder.removeprefix("file:"))


def _only_part(folder: str) -> Part:
    part, *others = parts(_local(folder))
    if others or part.partner is not None:
        raise CcinsightError(
            _("{folder} holds several partners. Give the folder of one, as {example}.").format(
                folder=folder, example=f"{folder}/{part.folder.name}"
            )
        )
    return part


def check_tables(folder: str) -> None:
    """Raises CcinsightError where the folder is no lake of one partner, or lacks a table."""
    part = _only_part(folder)
    written = read_manifest(part, TABLES).rows
    for name in manifest().tables.values():
        if name not in written or not part.files(TABLES, name):
            raise CcinsightError(
                _(
                    "The lake {folder} isn't whole: {file} is missing. Write it again: ccinsight lake write"
                ).format(folder=folder, file=part.folder / TABLES / name)
            )


def check_models(folder: str) -> None:
    """Raises CcinsightError where the folder has no models, or others than this ccinsight makes of its tables."""
    part = _only_part(folder)
    if not (part.folder / MODELS / MANIFEST).exists():
        raise CcinsightError(
            _(
                "The lake {folder} has no models. Make them with: ccinsight spark build {folder}, or write the"
                " lake again without --tables-only."
            ).format(folder=folder)
        )
    tables, models = (read_manifest(part, kind) for kind in (TABLES, MODELS))
    if (models.write_id, models.models_version) != (tables.write_id, manifest().version):
        raise CcinsightError(
            _(
                "The models in the lake {folder} are of other tables or of another version of ccinsight. Make"
                " them again: ccinsight lake write, or ccinsight spark build {folder}"
            ).format(folder=folder)
        )


class Lake:
    """A folder of tables and models, read in one session.

    ``folder``: as Spark reads it, on a file system of this machine (``file:`` before it where Spark's own is another).
    ``split``: into how many parts each table is read; None leaves it to Spark. One is quickest for a small lake.
    Raises CcinsightError where the folder holds no tables, or those of several partners.
    """

    def __init__(self, session: SparkSession, folder: str, split: int | None = None):
        self.session = session
        self.folder = folder.rstrip("/")
        self._split = split
        self._part = _only_part(self.folder)
        self._written: dict[str, Written] = {}
        for setting, value in SETTINGS.items():
            session.conf.set(setting, value)

    def open_tables(self) -> None:
        """Makes a view of each stored table. Raises CcinsightError where the lake lacks one."""
        check_tables(self.folder)
        self._written[TABLES] = read_manifest(self._part, TABLES)
        for view, table in manifest().tables.items():
            self._read(TABLES, table).createOrReplaceTempView(view)

    def open_models(self) -> None:
        """Makes a view of each model. Raises CcinsightError where they were not built by this ccinsight."""
        check_models(self.folder)
        self._written[MODELS] = read_manifest(self._part, MODELS)
        for model in manifest().models:
            self.open_model(model)

    def open_model(self, model: SparkModel) -> None:
        """Makes the view of one model; those that it uses must be there."""
        is_view = model.kind == "view"
        rows = self.session.sql(model_text(model.name)) if is_view else self._read(MODELS, model.name)
        rows.createOrReplaceTempView(model.view)

    @contextmanager
    def computed_once(self, name: str) -> Iterator[None]:
        """Keeps the rows of a view as Parquet among the models meanwhile; they are gone afterwards."""
        (model,) = (each for each in manifest().models if each.name == name)
        path = self.path(MODELS, name)
        try:
            self.session.table(model.view).write.mode("overwrite").parquet(path)
            self._read(MODELS, name).createOrReplaceTempView(model.view)
            yield
        finally:
            shutil.rmtree(_local(path), ignore_errors=True)
            self.open_model(model)

    def refuse_unknown(self, customer_ids: Sequence[str]) -> None:
        """Raises UsageError for a customer that isn't in the lake; the models must be open."""
        from pyspark.sql.functions import col

        given = self.session.table(_CUSTOMERS).where(col("customer_id").isin(list(customer_ids)))
        known = {row["customer_id"] for row in given.collect()}
        for value in customer_ids:
            if value not in known:
                raise UsageError(_("There is no customer {value}.").format(value=value))

    def path(self, kind: str, name: str) -> str:
        """Where a table or model lies."""
        return f"{self.folder}/{kind}/{name}"

    def begin_models(self) -> None:
        """Says that the models are being built: until `end_models` no report reads them."""
        (self._part.folder / MODELS / MANIFEST).unlink(missing_ok=True)
        self._written.pop(MODELS, None)
        for model in manifest().models:
            if model.kind == "view":  # what `computed_once` left where a build was killed
                shutil.rmtree(self._part.folder / MODELS / model.name, ignore_errors=True)

    def end_models(self, written_at: datetime) -> None:
        """Says that the models are there, and of which tables they were made."""
        write_manifest(
            self._part.folder / MODELS,
            read_manifest(self._part, TABLES).write_id,
            written_at,
            models_version=manifest().version,
            engine="Spark",
        )

    def _read(self, kind: str, name: str) -> DataFrame:
        # the files of the manifest alone: a copy over an older lake leaves files of that one beside them
        written = self._written.get(kind)
        files = sorted(written.files.get(name, ())) if written else ()
        path = self.path(kind, name)
        rows = self.session.read.parquet(*([f"{path}/{file}" for file in files] or [path]))
        return rows if self._split is None else rows.coalesce(self._split)
