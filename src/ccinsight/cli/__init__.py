"""The command line: ``ccinsight import | settings | report | rejects | sample | serve | demo``.

The outermost room. Here, and only here, the clock is read and errors become exit statuses: 0 done, 1 it could
not be done (one sentence on stderr says why), 2 it was asked for wrongly or ``--strict`` found rejected or
conflicting rows.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from ccinsight.cli.words import speak
from ccinsight.errors import CcinsightError, UsageError
from ccinsight.i18n import gettext as _
from ccinsight.i18n import terminal_language


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the command line and exits. No traceback reaches a user unless CCINSIGHT_TRACEBACK asks for it."""
    speak(terminal_language())
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None) -> int:
    """Runs a command and returns its exit status; errors are told on stderr."""
    with _Interrupts() as interrupts:
        try:
            return _command(arguments)
        except Exception as error:
            if interrupts.came or isinstance(error, click.Abort):
                return _stopped()
            return _told(error)
        except KeyboardInterrupt:
            return _stopped()


def _command(arguments: Sequence[str] | None) -> int:
    from ccinsight.cli.commands import commands

    status = commands.main(args=arguments, prog_name="ccinsight", standalone_mode=False)
    sys.stdout.flush()
    return status if isinstance(status, int) else 0


class _Interrupts:
    """Remembers a Ctrl-C: in the midst of a query DuckDB makes an error of its own of it."""

    came = False

    def __enter__(self) -> _Interrupts:
        self._before = signal.signal(signal.SIGINT, self._handle)
        return self

    def __exit__(self, *_error: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _handle(self, _signal: int, _frame: object) -> NoReturn:
        self.came = True
        raise KeyboardInterrupt


def _stopped() -> int:
    _tell(_("Stopped."))
    return 128 + signal.SIGINT


def _told(error: Exception) -> int:
    """Tells an error on stderr; returns the exit status that it has."""
    match error:
        case click.ClickException():
            error.show()
            return error.exit_code
        case CcinsightError():
            _tell(str(error))
            return 2 if isinstance(error, UsageError) else 1
        case OSError():
            return _os_error(error)
    if os.environ.get("CCINSIGHT_TRACEBACK"):
        raise error
    text = _("Internal error in ccinsight: {kind}: {error}. Set CCINSIGHT_TRACEBACK=1 to see the traceback.")
    _tell(text.format(kind=type(error).__name__, error=" ".join(str(error).split())))
    return 1


def _os_error(error: OSError) -> int:
    """A reader that stopped reading (``| head``) gets no message; the rest is named with its file."""
    if error.errno == errno.EPIPE:
        # what is still buffered has nowhere to go, also when the interpreter closes stdout
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    what = error.strerror or str(error)
    _tell(f"{error.filename}: {what}" if error.filename else what)
    return 1


def _tell(message: str) -> None:
    click.echo(f"ccinsight: {message}", err=True)
