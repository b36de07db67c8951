"""Writes what the reader of this run did into the log."""

from __future__ import annotations

from ccinsight import clock
from ccinsight.access import Right
from ccinsight.dashboard.session import reader, reads
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.notes.activity import Action, Activity


def name() -> str | None:
    """The reader's name, for what they save; None without sign-in."""
    return reader.current().name or None


def require(right: Right) -> None:
    """Raises CcinsightError where the reader doesn't have a right: a button's click may be forged, or late."""
    if not reader.current().may(right):
        raise CcinsightError(_("You don't have the right to do this. Ask the dashboard's administrator."))


def record(action: Action, subject: str = "") -> None:
    """Adds a row about the reader of this run."""
    Activity(reads.database_path()).record_by(reader.current(), action, clock.now(), subject)
