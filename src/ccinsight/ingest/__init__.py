"""Imports exported files into the database: match headers, parse values or reject rows, store (exports.md)."""

from __future__ import annotations

from ccinsight.ingest.history.rejects import write_rejects
from ccinsight.ingest.history.summary import FileSummary, FileWarning, ImportSummary, warning_text
from ccinsight.ingest.new_settings import apply_settings, change_settings
from ccinsight.ingest.run import Progress, import_paths

__all__ = [
    "FileSummary",
    "FileWarning",
    "ImportSummary",
    "Progress",
    "apply_settings",
    "change_settings",
    "import_paths",
    "warning_text",
    "write_rejects",
]
