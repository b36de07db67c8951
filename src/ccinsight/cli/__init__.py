"""The command line: ``ccinsight import | settings | report | rejects | sample | serve | demo``.

The outermost layer: the only place where errors become exit statuses. 0: done. 1: failed; one sentence on
stderr says why. 2: wrong usage, or ``--strict`` found rejected or conflicting rows.
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
from ccinsight.i18n import os_reason, terminal_language


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the command line and exits. No traceback reaches a user unless CCINSIGHT_TRACEBACK asks for it."""
    speak(terminal_language())
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None) -> int:
    """Runs a command and returns its exit status; errors are written to stderr."""
    with _Interrupts() as interrupts:
        try:
            return _command(arguments)
        except Exception as error:
            if interrupts.came or isinstance(error, click.Abort):
                return _stopped()
            return _report_error(error)
        except KeyboardInterrupt:
            return _stopped()


def _command(arguments: Sequence[str] | None) -> int:
    from ccinsight.cli.commands import commands

    status = commands.main(args=arguments, prog_name="ccinsight", standalone_mode=False)
    sys.stdout.flush()
    return status if isinstance(status, int) else 0


class _Interrupts:
    """Remembers a Ctrl-C, because DuckDB turns one during a query into an error of its own."""

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
    _write_error(_("Stopped."))
    return 128 + signal.SIGINT


def _report_error(error: Exception) -> int:
    """Writes an error to stderr and returns its exit status."""
    match error:
        case click.ClickException():
            error.show()
            return error.exit_code
        case CcinsightError():
            _write_error(str(error))
            return 2 if isinstance(error, UsageError) else 1
        case OSError():
            return _os_error(error)
    if os.environ.get("CCINSIGHT_TRACEBACK"):
        raise error
    text = _("Internal error in ccinsight: {kind}: {error}. Set CCINSIGHT_TRACEBACK=1 to see the traceback.")
    _write_error(text.format(kind=type(error).__name__, error=" ".join(str(error).split())))
    return 1


def _os_error(error: OSError) -> int:
    """A closed pipe (``| head``) gets no message; other errors name their file."""
    if error.errno == errno.EPIPE:
        # what is still buffered has nowhere to go, also when the interpreter closes stdout
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    what = os_reason(error)
    _write_error(f"{error.filename}: {what}" if error.filename else what)
    return 1


def _write_error(message: str) -> None:
    click.echo(f"ccinsight: {message}", err=True)
