"""SQL for the order of a ticket's times: no reply or closing before the opening, summer time included (R10)."""

from __future__ import annotations

from ccinsight.ingest.load.file_columns import FileColumns
from ccinsight.ingest.statements import statement

# A ticket's columns that may not be before its opening (exports.md).
_AFTER_OPENING = ("first_reply_at", "closed_at")
# The bit of each in stored.tickets.second_passes.
_PASS_BITS = {"opened_at": 1, "first_reply_at": 2, "closed_at": 4}


def after_opening(file: FileColumns) -> list[str]:
    """The columns of the file that may not be before its opening."""
    return [name for name in _AFTER_OPENING if file.has(name)]


def is_before_opening(name: str) -> str:
    """The flag that `passes` computes for a column."""
    return f"is_early_{name}"


def times_of_opening(file: FileColumns) -> str:
    """Gives a reply or closing on the day of opening that has no time of day the time of opening."""
    parts = ", ".join(
        f"case when parsed_{name} is not null then {name} "  # Arrow parses no date without a time
        f"when has_no_time(text_{name}) and {name} = date_trunc('day', opened_at) then opened_at "
        f"else {name} end as {name}"
        for name in after_opening(file)
    )
    return f"replace ({parts})" if parts else ""


def passes(file: FileColumns) -> str:
    """Steps that add, for each time, the pass of the repeated hour that its text gives, and for each reply or closing
    the pass that is meant, and whether it is before the opening.
    """
    if not file.has("opened_at"):
        return ""
    later = after_opening(file)
    given = [f"{_given_pass(file, name)} as given_pass_{name}" for name in ("opened_at", *later)]
    opened = "opened_at, given_pass_opened_at"
    meant = [f"is_second_pass({opened}, {name}, given_pass_{name}) as is_second_{name}" for name in later]
    early = [f"is_before({opened}, {name}, is_second_{name}) as {is_before_opening(name)}" for name in later]
    return statement(
        "rows.passes", given=", ".join(given), meant=", ".join(["*", *meant]), early=", ".join(["*", *early])
    )


def second_passes(file: FileColumns) -> str:
    """The bits of the times that are in the second pass; null where none is."""
    flags = {"opened_at": "given_pass_opened_at"} | {
        name: f"is_second_{name}" for name in after_opening(file)
    }
    bits = (f"case when j.{flag} then {_PASS_BITS[name]} else 0 end" for name, flag in flags.items())
    return f"nullif({' + '.join(bits)}, 0)"


def count_day_times(file: FileColumns, *, is_stored: str | None = None) -> str | None:
    """A query: how many staged rows have a reply or closing without a time of day; None without these columns.

    ``is_stored``: a condition that limits them to the stored rows, with $file_id bound.
    """
    tests = " or ".join(
        f"(parsed_{name} is null and {file.text(name)} is not null and has_no_time({file.text(name)}))"
        for name in after_opening(file)
    )
    if not tests:
        return None
    if is_stored is None:
        return statement("staged.day_times", tests=tests)
    return statement("staged.stored_day_times", tests=tests, is_stored=is_stored)


def _given_pass(file: FileColumns, name: str) -> str:
    """The pass that the text gives. The usual forms have no offset."""
    return "cast(null as boolean)" if file.is_quick else f"offset_pass(text_{name}, {name})"
