"""Sets one document with Typst, in a process of its own; knows nothing of ccinsight.

Reads a request as JSON from standard input: ``files`` (name → text, or base64 in ``binary``), ``documents`` (the same
content set ever tighter), ``fonts`` (a folder), ``created`` (seconds since 1970, UTC) and ``most_pages``. Writes the
PDF to standard output. Exit status 3: Typst isn't installed; 4: what it says stands on standard error.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

NO_TYPST, FAILED = 3, 4
# A last page with less of it filled than this looks as if something were missing.
_LEAST_FILLED = 0.3
_STANDARDS = ["ua-1", "a-2a"]


def main() -> int:
    try:
        import typst
    except ImportError:
        return NO_TYPST
    request = json.load(sys.stdin.buffer)
    try:
        pdf = _pdf(typst, request)
    except typst.TypstError as error:
        print(f"{error.message} {' '.join(error.hints)}".strip(), file=sys.stderr)
        return FAILED
    sys.stdout.buffer.write(pdf)
    return 0


def _pdf(typst: Any, request: dict[str, Any]) -> bytes:
    """The first of the documents that has neither too many pages nor a nearly empty last one, else the best."""
    fonts = {"font_paths": [request["fonts"]], "ignore_system_fonts": True}
    best: tuple[bool, float] | None = None
    for document in request["documents"]:
        files = _files(request, document)
        end = json.loads(typst.query(files, "<end>", field="value", one=True, **fonts))
        is_short, filled = end["page"] <= request["most_pages"], end["filled"]
        if best is None or (is_short, filled) > best:
            best, chosen = (is_short, filled), files
        if is_short and (end["page"] == 1 or filled >= _LEAST_FILLED):
            chosen = files
            break
    made: bytes = typst.compile(
        chosen, format="pdf", pdf_standards=_STANDARDS, timestamp=request["created"], **fonts
    )
    return made


def _files(request: dict[str, Any], document: dict[str, Any]) -> dict[str, bytes]:
    """All that Typst reads: texts are data in a JSON file, never part of the source."""
    files = {name: text.encode() for name, text in request["files"].items()}
    files |= {name: base64.b64decode(content) for name, content in request["binary"].items()}
    return {**files, "document.json": json.dumps(document).encode()}


if __name__ == "__main__":
    sys.exit(main())
