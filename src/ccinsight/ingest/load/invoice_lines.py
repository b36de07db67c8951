"""Assigns the ids of an invoices file's lines after the whole file is read, and finds the lines it replaces.

A line goes by the id that it came with. Without one it goes by its invoice's number and its own number, or its
position among the lines of that number in the file. Different lines of one name are all stored, so that no amount is
lost.

A file replaces all earlier lines of the ids and numbers that it holds, except where it corrects rejected lines. If an
earlier file had at least as many rejected lines of an id or number as this one has lines, these take the places of
the rejected ones, and the earlier file's good lines stay.
"""

from __future__ import annotations

import duckdb

from ccinsight.database.build import deletes_many
from ccinsight.ingest.history.summary import FileWarning
from ccinsight.ingest.statements import Parameters, run, statement


def name_lines(
    connection: duckdb.DuckDBPyConnection, file_id: int, import_id: int, sha256: str, *, may_share: bool
) -> tuple[list[FileWarning], int]:
    """Gives the lines of a file their names; the warnings, and how many lines share a name but nothing else.

    ``may_share``: False where each line came with an id that no other line of the file has.
    """
    siblings = _siblings(connection, file_id, import_id, sha256)
    mine: Parameters = {"file_id": file_id}
    files = {"files": [*siblings, file_id]}
    has_rejects = bool(run(connection, statement("invoice_corrections.has_rejects"), files))
    if not (may_share or siblings or has_rejects):
        run(connection, statement("invoice_corrections.find_none_corrected"))
        return [], 0
    if has_rejects:
        run(connection, statement("invoice_corrections.find_corrected"), files)
    else:
        run(connection, statement("invoice_corrections.find_none_corrected"))
    run(connection, statement("invoice_positions.find_positions"), {**mine, "siblings": siblings})
    if run(connection, "select 1 from line_positions limit 1"):
        run(connection, statement("invoice_positions.take_unnumbered"), mine)
        run(connection, statement("invoice_positions.drop_unnumbered"), mine)
        run(connection, statement("invoice_positions.number_lines"))
        deletes_many(connection)
        run(connection, statement("invoice_positions.number_rejects"), mine)
    run(
        connection, statement("invoice_conflicts.find_shared", is_beside_corrected=_beside_corrected()), files
    )
    copies, example = run(connection, "select count(*), min(name) from shared_lines where is_copy")[0]
    warnings = []
    if copies:
        run(connection, statement("invoice_conflicts.drop_copies"))
        warnings.append(FileWarning("duplicate_key", "invoice_line_id", example, copies))
    run(connection, statement("invoice_conflicts.name_shared"), files)
    shared, example = run(connection, "select count(*), min(name) from shared_names where place > 1")[0]
    if shared:
        run(connection, statement("invoice_conflicts.take_shared"))
        run(connection, statement("invoice_conflicts.drop_shared"))
        run(connection, statement("invoice_positions.number_lines"))
        deletes_many(connection)
        run(connection, statement("invoice_conflicts.log_conflicts"), mine)
        warnings.append(FileWarning("lines_shared", "invoice_line_id", example, shared))
    return warnings, int(shared)


def replace_earlier(
    connection: duckdb.DuckDBPyConnection, file_id: int, import_id: int, sha256: str
) -> list[FileWarning]:
    """Drops the lines of earlier files that have an id or a number of this one; warns where they were more."""
    files = {"files": [*_siblings(connection, file_id, import_id, sha256), file_id]}
    run(connection, statement("invoice_replacing.find_brought"), files)
    fewer, example = run(
        connection, statement("invoice_replacing.count_fewer", is_replaced=_replaced()), files
    )[0]
    run(connection, statement("invoice_replacing.drop_replaced", is_replaced=_replaced()), files)
    run(connection, statement("invoice_replacing.drop_rejected"), files)
    run(connection, statement("invoice_corrections.drop_corrected"))
    return [FileWarning("lines_fewer", "invoice_line_id", example, int(fewer))] if fewer else []


def _siblings(connection: duckdb.DuckDBPyConnection, file_id: int, import_id: int, sha256: str) -> list[int]:
    sheets = {"file_id": file_id, "import_id": import_id, "sha256": sha256}
    return [sheet for (sheet,) in run(connection, statement("invoice_corrections.find_siblings"), sheets)]


def _beside_corrected() -> str:
    """The condition of an earlier line that stays although this file has its id or number."""
    return statement("invoice_corrections.is_beside_corrected")


def _replaced() -> str:
    return statement("invoice_replacing.is_replaced", is_beside_corrected=_beside_corrected())
