"""What each message said, in the notes file: the facts by key, so that the next message says only what is new.

Kept are the facts of the message before and of those after it that may not have been sent. They hold ids and days, and
go with the customer that they are about.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ccinsight.integrations.delivery.contents import Digest
from ccinsight.integrations.delivery.recipients import Recipient
from ccinsight.notes import Notes, stored


def remember(database: Path, recipient: Recipient, digest: Digest) -> None:
    """Keeps what a message about ``digest.as_of`` says, or would say. Raises CcinsightError for the notes."""
    with Notes.beside(database).writing() as connection:
        connection.execute(
            "delete from digest_facts where reader_key = ? and (as_of < ? or as_of = ?)",
            stored([recipient.key, digest.since, digest.as_of]),
        )
        # a row without a fact, so that a message without any is known too
        rows = [("", None), *digest.facts]
        connection.executemany(
            "insert into digest_facts (reader_key, as_of, fact, customer_id) values (?, ?, ?, ?)",
            [stored([recipient.key, digest.as_of, *fact]) for fact in rows],
        )


def remembered(database: Path, recipient: Recipient, as_of: date | None) -> frozenset[str] | None:
    """The facts of the message to a recipient about a day; None where they aren't known."""
    notes = Notes.beside(database)
    if as_of is None or not notes.path.exists():
        return None
    with notes.opened() as connection:
        rows = connection.execute(
            "select fact from digest_facts where reader_key = ? and as_of = ?", stored([recipient.key, as_of])
        ).fetchall()
    return frozenset(fact for (fact,) in rows) if rows else None
