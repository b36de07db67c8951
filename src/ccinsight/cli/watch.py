"""``ccinsight watch``: imports the exports that arrive in a folder, once or until it is stopped."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ccinsight.cli.options import FILE, config_file, config_option, database_option, user
from ccinsight.cli.words import Command, option
from ccinsight.clock import now
from ccinsight.errors import CcinsightError
from ccinsight.i18n import N_
from ccinsight.i18n import gettext as _

if TYPE_CHECKING:
    from ccinsight.integrations.watch.running import Watch

_SETTLE_SECONDS, _EVERY_SECONDS = 30, 30
_MOST_SECONDS = 86_400


@click.command(
    "watch",
    cls=Command,
    help=N_(
        "Import the exports that arrive in a folder, until it is stopped.\n\nFiles are imported when they "
        "are complete, then moved to the folders done, failed or held in it, each with a receipt."
    ),
)
@click.argument("folder", type=FILE, metavar="FOLDER")
@option("--once", is_flag=True, help=N_("Import what is there and end, for cron or a timer."))
@option(
    "--settle",
    type=click.FloatRange(0, _MOST_SECONDS),
    default=_SETTLE_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help=N_("A file is complete when it hasn't changed for so long."),
)
@option(
    "--every",
    type=click.FloatRange(0.1, _MOST_SECONDS),
    default=_EVERY_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help=N_("How often the folder is looked at."),
)
@database_option
@config_option
def watch(folder: Path, once: bool, settle: float, every: float, database: Path, config: Path | None) -> int:
    """Watches the folder. Exit status with --once: 1 where a file failed or is held back, or nothing could be done."""
    from ccinsight.integrations.watch.folder import WatchedFolder
    from ccinsight.integrations.watch.running import Watch

    folder, database, settings = folder.resolve(), database.absolute(), config_file(config)
    if database.resolve().parent == folder:
        raise CcinsightError(
            _("The database lies in {folder}: watch a folder of its own.").format(folder=folder)
        )
    apart = frozenset({settings.resolve()} if settings else ())
    watched = WatchedFolder(folder, apart)
    watched.prepare()
    watching = Watch(watched, database, settings, settle, now, user(), warn=_warn)
    with watched.only_watch(), _stopped_by_signal() as stop:
        if once:
            return _once(watching, settle, stop)
        click.echo(_("Watching {folder}.").format(folder=folder))
        _until_stopped(watching, every, stop)
    return 0


def _once(watching: Watch, settle: float, stop: threading.Event) -> int:
    """Looks twice, so that what settles in between is imported."""
    taken = watching.look(time.monotonic())
    if settle and not stop.wait(settle):
        taken += watching.look(time.monotonic())
    for receipt in taken:
        click.echo(receipt.detail)
    _name_left_alone(watching, set())
    return int(any(receipt.state != "done" for receipt in taken))


def _until_stopped(watching: Watch, every: float, stop: threading.Event) -> None:
    """Looks again and again; a fault is printed once as long as it lasts."""
    fault, named = "", set[str]()
    while not stop.is_set():
        try:
            for receipt in watching.look(time.monotonic()):
                click.echo(receipt.detail)
            _name_left_alone(watching, named)
            fault = ""
        except CcinsightError as error:  # also of the notes file
            if str(error) != fault:
                _warn(str(error))
            fault = str(error)
        stop.wait(every)


def _name_left_alone(watching: Watch, named: set[str]) -> None:
    """Prints the files that are of no kind that is imported, each once."""
    for name in watching.folder.left_alone():
        if name not in named:
            _warn(_("{file}: left where it is, its name isn't that of an export.").format(file=name))
            named.add(name)


@contextmanager
def _stopped_by_signal() -> Iterator[threading.Event]:
    """An event that SIGTERM and Ctrl-C set: the import that is under way is ended first."""
    stop = threading.Event()
    signals = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(each, lambda _number, _frame: stop.set()) for each in signals]
    try:
        yield stop
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)


def _warn(text: str) -> None:
    click.echo(f"ccinsight: {text}", err=True)
