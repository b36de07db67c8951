"""The tables of the notes file, and how a file of an older version gets those of this one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ccinsight.errors import CcinsightError, detailed
from ccinsight.i18n import _

FIRST_SCHEMA = """
    create table versions (
        version_id integer primary key autoincrement,
        customer_id text not null,
        period_start text not null,
        period_end text not null,
        written_for text not null,
        agenda text not null,
        notes text not null,
        agreed text not null,
        saved_at text not null,
        saved_by text,
        undone_at text,
        undone_by text
    );
    create index versions_of_customer on versions (customer_id, period_start, version_id);
"""
# What makes a file of each version out of one of the version before; a new file takes all steps.
_STEPS = (
    FIRST_SCHEMA,
    """
    alter table versions add column left_out text not null default '';
    alter table versions add column held_on text;
    """,
    """
    create table duty_marks (
        mark_id integer primary key autoincrement,
        kind text not null,
        agreement_id text,
        customer_id text,
        period_start text,
        state text not null,
        closed_on text not null,
        note text not null,
        value text,
        last_day text,
        ceased_on text,
        saved_at text not null,
        saved_by text,
        undone_at text,
        undone_by text
    );
    create table duty_version (token text not null);
    insert into duty_version values ('');
    """,
    """
    create table activity (
        activity_id integer primary key autoincrement,
        done_at text not null,
        person text not null,
        action text not null,
        subject text not null
    );
    create index activity_of_time on activity (done_at);
    """,
    """
    create table messages (
        message_id integer primary key autoincrement,
        reader_key text not null,
        address text not null,
        kind text not null,
        period text not null,
        covers text not null,
        state text not null,
        subject text not null,
        made_at text not null,
        changed_at text not null,
        detail text not null default '',
        unique (reader_key, kind, period)
    );
    create table delivery_choices (
        reader_key text primary key,
        frequency text not null,
        changed_at text not null
    );
    create table digest_facts (
        reader_key text not null,
        as_of text not null,
        fact text not null,
        customer_id text
    );
    create index digest_facts_of_reader on digest_facts (reader_key, as_of);
    create table alerts (
        alert_id integer primary key autoincrement,
        reader_key text not null,
        rule text not null,
        customer_id text,
        threshold text,
        channel text not null,
        made_at text not null,
        ended_at text
    );
    create table alert_events (
        event_id integer primary key autoincrement,
        alert_id integer not null,
        subject text not null,
        customer_id text,
        began_on text not null,
        ended_on text,
        began_message integer,
        ended_message integer
    );
    create unique index open_alert_events on alert_events (alert_id, subject) where ended_on is null;
    create table calendar_feeds (
        feed_id integer primary key autoincrement,
        reader_key text not null,
        address text not null,
        token_hash text not null unique,
        contents text not null,
        alarm_days integer not null,
        language text not null,
        made_at text not null,
        fetched_at text,
        revoked_at text
    );
    create table feed_events (
        uid text primary key,
        customer_id text,
        content text not null,
        sequence integer not null,
        changed_at text not null
    );
    create table receipts (
        receipt_id integer primary key autoincrement,
        folder text not null,
        file text not null,
        sha256 text not null,
        size integer not null,
        state text not null,
        exports text not null,
        rows_read integer,
        rows_rejected integer,
        detail text not null,
        place text not null,
        is_moved integer not null default 0,
        at text not null
    );
    """,
    """
    create table verdicts (
        verdict_id integer primary key autoincrement,
        agreement_id text not null,
        customer_id text not null,
        renewal_on text not null,
        milestone integer not null,
        verdict text not null,
        reason text not null,
        action text not null,
        action_on text,
        given_at text not null,
        given_by text
    );
    create index verdicts_of_customer on verdicts (customer_id);
    alter table duty_marks add column verdict_id integer;
    create table api_tokens (
        token_id integer primary key autoincrement,
        reader_key text not null,
        address text not null,
        token_hash text not null unique,
        name text not null,
        made_at text not null,
        used_at text,
        revoked_at text
    );
    create table termination_reasons (
        reason_id integer primary key autoincrement,
        agreement_id text not null,
        customer_id text not null,
        reason text,
        note text not null,
        given_on text not null,
        saved_at text not null,
        saved_by text,
        undone_at text,
        undone_by text
    );
    create index termination_reasons_of_agreement on termination_reasons (agreement_id, reason_id);
    """,
    """
    create table saved_views (
        view_id integer primary key autoincrement,
        reader_key text not null,
        address text not null,
        name text not null,
        page text not null,
        parameters text not null,
        choices text not null,
        is_shared integer not null,
        saved_at text not null,
        saved_by text,
        deleted_at text
    );
    create table saved_view_subjects (
        subject_id integer primary key autoincrement,
        view_id integer not null,
        kind text not null,
        subject text not null,
        was_seen integer not null
    );
    create index subjects_of_saved_view on saved_view_subjects (view_id);
    create table overview_views (
        view_id integer not null,
        reader_key text not null,
        primary key (view_id, reader_key)
    );
    """,
)
SCHEMA_VERSION = len(_STEPS)


def prepare(connection: sqlite3.Connection, named: Path) -> None:
    """Makes the tables of a new file, and brings an older one up to date. Raises for one of a newer ccinsight."""
    version = _schema_version(connection)
    if version < SCHEMA_VERSION:
        with transaction(connection):
            # another process may have done it meanwhile
            for step in _STEPS[_schema_version(connection) :]:
                for statement in step.split(";"):
                    connection.execute(statement)
            connection.execute(f"pragma user_version = {SCHEMA_VERSION}")
    elif version > SCHEMA_VERSION:
        raise CcinsightError(
            _("The notes file {file} was made by a newer ccinsight. Update ccinsight.").format(file=named)
        )


def _schema_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("pragma user_version").fetchone()[0])


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("begin immediate")
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def unusable(file: Path, error: sqlite3.Error) -> CcinsightError:
    """The error for a notes file that SQLite can't use: damaged, in use, or its folder or disk refuses."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte; the others say more exactly where
    if code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
        text = _(
            "The notes file {file} is damaged. Go back to a backup with `ccinsight restore FOLDER`, or move the file "
            "away: then what people wrote is missing."
        )
    elif code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        text = _("The notes file {file} is in use by another program: try again when it is done.")
    else:
        text = _(
            "The notes file {file} can't be used. Check that it is a file, that it and its folder may be written to, "
            "and that the disk has room."
        )
    return CcinsightError(detailed(text.format(file=file), error))
