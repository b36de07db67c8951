"""The documents that an assistant reads: the agreement's rules and the glossary, as in ``docs/``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _

_PACKAGE = Path(__file__).parent


@cache
def document(name: str) -> str:
    """The text of a document, Markdown: inside an installed package, or in the repository's ``docs``."""
    for folder in (_PACKAGE / "documents", _PACKAGE.parents[3] / "docs"):
        if (folder / f"{name}.md").is_file():
            return (folder / f"{name}.md").read_text(encoding="utf-8")
    raise CcinsightError(_("The document {name} is missing: reinstall ccinsight.").format(name=name))
