"""Runs ccinsight and kills it before its N-th change to the files of a folder.

    python -m tests.robustness.killed N FOLDER import … --database …

Ends by SIGKILL where there was an N-th change, else as ccinsight ends.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

# What Python tells before it does it; what DuckDB does in its own files is killed at random elsewhere.
_CHANGES = {"os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"}


def main(number: int, folder: str, arguments: list[str]) -> None:
    """Counts changes to files whose path begins with ``folder``."""
    left = number

    def before(event: str, details: tuple[Any, ...]) -> None:
        nonlocal left
        is_written = event == "open" and isinstance(details[1], str) and set(details[1]) & set("wxa+")
        if event not in _CHANGES and not is_written:
            return
        if any(str(each).startswith(folder) for each in details[:2]):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    from ccinsight.cli import main as ccinsight

    sys.addaudithook(before)
    sys.argv = ["ccinsight", *arguments]
    ccinsight()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
