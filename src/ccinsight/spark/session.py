"""A Spark session: the platform's, or one of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ccinsight.errors import CcinsightError, detailed
from ccinsight.i18n import gettext as _

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def start() -> SparkSession:
    """The session that runs here, else a new one. Raises CcinsightError where Spark or Java is missing."""
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ModuleNotFoundError as e:
        raise CcinsightError(
            _("Spark isn't installed here. Install it with: pip install 'ccinsight[spark]'")
        ) from e
    try:
        return SparkSession.builder.appName("ccinsight").getOrCreate()
    except PySparkException as e:
        raise CcinsightError(
            _("Spark didn't start: it needs Java 17 or newer (the command java, or JAVA_HOME).")
        ) from e


@contextmanager
def errors_in_words(folder: str) -> Iterator[None]:
    """What goes wrong in Spark as a CcinsightError with the first line of its message."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as e:
        text = _("Spark stopped at the lake {folder}. Check that the lake is whole, or write it again.")
        raise CcinsightError(detailed(text.format(folder=folder), e)) from e
