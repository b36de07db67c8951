"""Starts, watches and ends several processes that serve one dashboard behind nginx."""

from __future__ import annotations

import ctypes
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from ccinsight.cli import front, serving, worker
from ccinsight.cli.serving import Address
from ccinsight.database.warehouse import PROCESSES
from ccinsight.errors import CcinsightError
from ccinsight.i18n import gettext as _

_LAST_PORT = 65_535
_WATCH_SECONDS, _STOP_SECONDS = 0.25, 10.0
# Before a process that ended is started again: twice as long each time, until one lived for a while.
_FIRST_DELAY, _LONGEST_DELAY, _LIVED_SECONDS = 0.5, 30.0, 60.0
# Linux' number for the signal that a process gets when the one that started it ends.
_PR_SET_PDEATHSIG = 1


def run(
    database: Path,
    address: Address,
    workers: int,
    announce: Callable[[str], None],
    *,
    is_open: bool = False,
) -> None:
    """Serves with so many processes until it is stopped: nginx at the address, the workers at the ports after it.

    ``is_open``: others than this machine are answered without a sign-in.

    Raises CcinsightError where nginx is missing or a port is taken, KeyboardInterrupt after Ctrl-C.
    """
    access = serving.check_access(database, address, is_open=is_open)
    nginx = front.find_nginx()
    ports = _free_ports(address, workers)
    with TemporaryDirectory(prefix="ccinsight-serve-") as name, _signals() as came:
        folder = Path(name)
        secret = secrets.token_hex(32)
        front.write(
            folder,
            address,
            ports,
            serving.upload_mebibytes(database),
            secret=secret,
            is_secure=bool(access and access.is_https),
        )
        front.check(nginx, folder)
        environment = {
            # signs the cookies of all, so that a browser's hold after its worker was started again
            "STREAMLIT_SERVER_COOKIE_SECRET": secrets.token_hex(32),
            **os.environ,
            PROCESSES: str(workers),
            front.SECRET: secret,
        }
        children = _workers(database, address, ports, environment, is_open=is_open)
        children.append(_Child("nginx", front.command(nginx, folder), environment))
        threading.Thread(target=serving.announce_when_ready, args=(address, announce), daemon=True).start()
        try:
            while not came:
                for child in children:
                    child.keep_running()
                time.sleep(_WATCH_SECONDS)
        finally:
            _end(children)
    if signal.SIGINT in came:
        raise KeyboardInterrupt


def _free_ports(address: Address, workers: int) -> range:
    """The ports of the workers, after the address's own. Raises CcinsightError where one is taken or too high."""
    ports = range(address.port + 1, address.port + workers + 1)
    if ports[-1] > _LAST_PORT:
        raise CcinsightError(
            _("{workers} workers need the ports up to {port}. Choose a lower port with --port.").format(
                workers=workers, port=ports[-1]
            )
        )
    for port in ports:
        serving.ensure_free("127.0.0.1", port)
    return ports


def _workers(
    database: Path, address: Address, ports: range, environment: dict[str, str], *, is_open: bool
) -> list[_Child]:
    """The processes that serve, one at each port."""
    serves = [sys.executable, "-m", "ccinsight.cli.worker", str(database.resolve())]
    options = [worker.OPEN] if is_open else []
    return [
        _Child(
            _("worker {number}").format(number=at),
            [*serves, str(port), address.base_path, *options],
            environment,
        )
        for at, port in enumerate(ports, 1)
    ]


class _Child:
    """A process that is started again when it ends."""

    def __init__(self, name: str, command: Sequence[str], environment: dict[str, str]) -> None:
        self._name, self._command, self._environment = name, command, environment
        self._delay = _FIRST_DELAY
        self._start()

    def _start(self) -> None:
        self._started = time.monotonic()
        self._start_again: float | None = None
        # in a group of its own, or a Ctrl-C would reach it too
        self.process = subprocess.Popen(
            self._command, env=self._environment, start_new_session=True, preexec_fn=_end_with_parent
        )

    def keep_running(self) -> None:
        """Starts the process again where it ended, after a while."""
        status, now = self.process.poll(), time.monotonic()
        if status is None:
            return
        if self._start_again is None:
            self._delay = (
                _FIRST_DELAY if now - self._started > _LIVED_SECONDS else min(2 * self._delay, _LONGEST_DELAY)
            )
            self._start_again = now + self._delay
            text = _("{process} ended with status {status} and is restarted.")
            click.echo(f"ccinsight: {text.format(process=self._name, status=status)}", err=True)
        elif now >= self._start_again:
            self._start()


def _end(children: Sequence[_Child]) -> None:
    """Ends all in order, and kills what hasn't ended after a while."""
    for child in reversed(children):
        child.process.terminate()
    deadline = time.monotonic() + _STOP_SECONDS
    for child in children:
        try:
            child.process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()


@contextmanager
def _signals() -> Iterator[set[int]]:
    """The signals to stop that have come."""
    came: set[int] = set()
    wanted = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
    before = [signal.signal(number, lambda number, _frame: came.add(number)) for number in wanted]
    try:
        yield came
    finally:
        for number, handler in zip(wanted, before, strict=True):
            signal.signal(number, handler)


def _end_with_parent() -> None:
    """On Linux a child ends with this process also where it is killed; else its port would stay taken."""
    if _PRCTL is not None:
        _PRCTL(_PR_SET_PDEATHSIG, signal.SIGTERM)


_PRCTL = getattr(ctypes.CDLL(None), "prctl", None) if sys.platform == "linux" else None
