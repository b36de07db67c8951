"""Exported files into the database: headers, text → values or a reason, the import itself (exports.md)."""

from __future__ import annotations

from ccinsight.exports.importing import Progress, apply_settings, change_settings, import_paths
from ccinsight.exports.rejects import write_rejects
from ccinsight.exports.summary import FileSummary, FileWarning, ImportSummary, warning_text

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
