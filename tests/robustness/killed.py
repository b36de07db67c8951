"""Runs ccinsight and kills it before its N-th change to the files of a folder.

    python -m tests.robustness.killed N FOLDER import … --database …

Ends by SIGKILL where there was an N-th change, else as ccinsight ends. Without arguments it serves `killing`: starting
Python and loading ccinsight takes longer than most commands.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

# Runs ccinsight with these arguments, killed before its N-th change in a folder; gives its exit status, negative where
# a signal ended it, and what it wrote.
Run = Callable[[int, Path, Sequence[str]], tuple[int, str]]

# What Python tells before it does it; what DuckDB does in its own files is killed at random elsewhere.
_CHANGES = {"os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"}
# numpy's OpenBLAS and pyarrow's jemalloc each start a thread when they are loaded, unless asked not to.
_NO_THREADS = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
_THREADS = Path("/proc/self/task")


@contextmanager
def killing() -> Iterator[Run]:
    """Runs commands in processes that are forked from one with ccinsight loaded."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.robustness.killed"],
        cwd=Path(__file__).parents[2],
        env={**os.environ, **_NO_THREADS},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as server:
        orders, answers = server.stdin, server.stdout
        assert orders is not None
        assert answers is not None

        def run(number: int, folder: Path, arguments: Sequence[str]) -> tuple[int, str]:
            orders.write(json.dumps([number, str(folder), list(arguments)]) + "\n")
            orders.flush()
            status, written = json.loads(answers.readline())
            return status, written

        try:
            yield run
        finally:  # a child that hangs too
            os.killpg(server.pid, signal.SIGKILL)


def serve() -> None:
    """Forks a process for each line of standard input; writes how it ended."""
    # What the commands load when they run.
    import holidays  # noqa: F401

    import ccinsight.cli.commands
    import ccinsight.ingest
    import ccinsight.maintenance.backup
    import ccinsight.maintenance.forget  # noqa: F401

    # a fork has only the thread that forks; locks of others would stay held in it
    if _THREADS.exists():
        assert len(list(_THREADS.iterdir())) == 1, "something that was loaded started a thread"
    for line in sys.stdin:
        number, folder, arguments = json.loads(line)
        with TemporaryFile("w+", encoding="utf-8") as written:
            child = os.fork()
            if not child:
                os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
                for stream in (1, 2):
                    os.dup2(written.fileno(), stream)
                main(number, folder, arguments)
            _child, status = os.waitpid(child, 0)
            written.seek(0)
            print(json.dumps([os.waitstatus_to_exitcode(status), written.read()]), flush=True)


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
    if sys.argv[1:]:
        main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
    else:
        serve()
