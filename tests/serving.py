"""Starting a server in a test."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from benchmarks.ports import free_port


def wait_until_healthy(
    address: str, server: subprocess.Popen[bytes], log: Path, patience: float = 150
) -> None:
    """Returns once the server answers; fails with what it logged where it stops or doesn't answer."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"The server does not answer at {address}:\n{log.read_text()}")


@contextmanager
def served(
    database: Path, folder: Path, *options: str, base_path: str = "", port: int | None = None
) -> Iterator[str]:
    """The address of a dashboard over a database; it logs to a file in the folder."""
    port, log = port or free_port(), folder / "log.txt"
    command = [sys.executable, "-m", "ccinsight", "serve", "--database", str(database), "--port", str(port)]
    command += [*options, *(["--base-path", base_path] if base_path else [])]
    address = f"http://127.0.0.1:{port}{base_path}"
    with log.open("w") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder)
        try:
            wait_until_healthy(address, server, log)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=60)
