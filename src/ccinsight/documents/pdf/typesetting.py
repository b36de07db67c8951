"""Sets documents as PDF with Typst, in a process of its own that may take so long and no longer."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ccinsight.documents.pdf import worker
from ccinsight.documents.pdf.glyphs import FONTS
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _

_TEMPLATES = Path(__file__).parent / "templates"
# A brief takes under a second; a logo drawn with millions of lines shall not hold a server.
SECONDS = 60
MOST_PAGES = 4


def check_installed() -> None:
    """Raises CcinsightError where Typst isn't installed."""
    if not is_installed():
        raise CcinsightError(_without_typst())


def is_installed() -> bool:
    """True where Typst can be imported."""
    return find_spec("typst") is not None


def _without_typst() -> str:
    return _('PDF needs Typst, which is not installed here. Install it with: pip install "ccinsight[pdf]"')


def typeset(
    documents: Sequence[dict[str, Any]],
    created: date,
    logo: tuple[str, bytes] | None,
    seconds: float = SECONDS,
) -> bytes:
    """A tagged PDF (PDF/UA-1 and PDF/A-2a) of the first document that fills its pages well.

    ``documents``: the same content, as ``brief.typ`` reads it, set ever tighter. ``created``: the day that the file
    says it was made on. ``logo``: its file name and content. Raises CcinsightError where Typst isn't installed, takes
    too long, or can't set it.
    """
    request = {
        "files": {file.name: file.read_text("utf-8") for file in sorted(_TEMPLATES.glob("*.typ"))},
        "binary": {logo[0]: base64.b64encode(logo[1]).decode()} if logo else {},
        "documents": list(documents),
        "fonts": str(FONTS),
        "created": (created - date(1970, 1, 1)).days * 86_400,
        "most_pages": MOST_PAGES,
    }
    # -P: a module of this package must not hide one that Typst needs
    command = [sys.executable, "-P", str(worker.__file__)]
    try:
        done = subprocess.run(
            command, input=json.dumps(request).encode(), capture_output=True, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        raise CcinsightError(
            _("the PDF took longer than {seconds} seconds; try a simpler logo, or without one.").format(
                seconds=round(seconds)
            )
        ) from None
    if done.returncode == worker.NO_TYPST:
        raise CcinsightError(_without_typst())
    if done.returncode:
        raise CcinsightError(_("the PDF could not be set: {why}").format(why=_why(done.stderr)))
    return done.stdout


def _why(said: bytes) -> str:
    lines = [line for line in said.decode(errors="replace").splitlines() if line.strip()]
    return lines[-1][:300] if lines else _("Typst ended without a message.")
