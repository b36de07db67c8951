"""Assigns the ids of an invoices file's lines after the whole file is read, and finds the lines it replaces.

A line goes by the id that it came with. Without one it goes by its invoice's number and its own number, or its
position among the lines of that number in the file. Different lines of one name are all stored, so that no amount is
lost.

A file replaces all earlier lines of the ids and numbers that it holds, except where it mends rejected lines: where an
earlier file had at least as many rejected lines of an id or number as this one has lines, these take the places of the
rejected ones, and the earlier file's good lines stay.
"""

from __future__ import annotations

import duckdb

from ccinsight.database.build import deletes_many
from ccinsight.ingest.history.summary import FileWarning
from ccinsight.ingest.statements import Parameters, run

# The sheets of the same workbook that were read before this one. Bind: $file_id, $import_id, $sha256.
_SIBLINGS = """
select f.file_id from stored.files as f
where f.import_id = $import_id and f.sha256 = $sha256 and f.export = 'invoices' and f.file_id <> $file_id
"""

# The ids and numbers of which this file mends rejected lines: the file that rejected them, and their keys in order.
# Bind: $files.
_MENDED = """
create or replace temp table mended_invoices as
with brought as (
    select
        i.given_line_id,
        case when i.given_line_id is null then i.invoice_number end as invoice_number,
        count(*) as lines
    from stored.invoices as i
    where list_contains(cast($files as integer[]), i.file_id)
    group by all
),

pending as (
    select b.given_line_id, b.invoice_number, b.lines, r.file_id, r.row_key, r.line
    from brought as b
    inner join stored.rejects as r
        on r.export = 'invoices'
        and not list_contains(cast($files as integer[]), r.file_id)
        and (r.row_key = b.given_line_id or regexp_extract(r.row_key, '^(.*)/[^/]+$', 1) = b.invoice_number)
)

select
    p.given_line_id,
    p.invoice_number,
    p.lines,
    p.file_id,
    list(p.row_key order by p.line) as row_keys
from pending as p
group by p.given_line_id, p.invoice_number, p.lines, p.file_id
having p.lines <= count(*)
qualify row_number() over (partition by p.given_line_id, p.invoice_number order by p.file_id desc) = 1
"""
_HAS_REJECTS = """
select 1
from stored.rejects as r
where r.export = 'invoices' and not list_contains(cast($files as integer[]), r.file_id)
limit 1
"""
_NONE_MENDED = """
create or replace temp table mended_invoices (
    given_line_id varchar, invoice_number varchar, lines bigint, file_id integer, row_keys varchar[]
)
"""
# An earlier line that stays although this file has its id or number. $files isn't needed.
_IS_BESIDE_MENDED = """
exists (
    select 1
    from mended_invoices as m
    where
        i.file_id >= m.file_id
        and (
            m.given_line_id = coalesce(i.given_line_id, case when i.invoice_number is null then i.invoice_line_id end)
            or (m.invoice_number = i.invoice_number and i.given_line_id is null)
        )
)
"""

# Lines without a number of their own end in `/` so far, rejected ones too. Bind: $file_id, $siblings.
_POSITIONS = """
create or replace temp table line_positions as
with named as (
    select i.file_id, i.line, i.invoice_line_id as row_key
    from stored.invoices as i
    where i.given_line_id is null
    union all
    select r.file_id, r.line, r.row_key
    from stored.rejects as r
    where r.export = 'invoices'
),

placed as (
    select n.line, n.row_key, row_number() over (partition by n.row_key order by n.line) as place
    from named as n
    where n.file_id = $file_id and ends_with(n.row_key, '/')
),

before as (
    select
        regexp_extract(n.row_key, '^(.*/)[0-9]{1,9}$', 1) as invoice,
        max(cast(regexp_extract(n.row_key, '/([0-9]{1,9})$', 1) as integer)) as last_position
    from named as n
    where list_contains(cast($siblings as integer[]), n.file_id) and regexp_matches(n.row_key, '/[0-9]{1,9}$')
    group by 1
)

select
    p.line,
    coalesce(m.row_keys[p.place], p.row_key || (coalesce(b.last_position, 0) + p.place)) as row_key
from placed as p
left join before as b on p.row_key = b.invoice
left join mended_invoices as m on p.row_key = m.invoice_number || '/'
"""
# Rows are deleted and inserted again: to update most of a table takes ten times as long.
_TAKE_UNNUMBERED = """
create or replace temp table numbered_lines as
select i.* replace (p.row_key as invoice_line_id)
from stored.invoices as i
inner join line_positions as p on i.line = p.line
where i.file_id = $file_id and i.given_line_id is null and ends_with(i.invoice_line_id, '/')
"""
_DROP_UNNUMBERED = """
delete from stored.invoices as i
where i.file_id = $file_id and i.given_line_id is null and ends_with(i.invoice_line_id, '/')
"""
_NUMBER_LINES = "insert into stored.invoices by name select * from numbered_lines order by file_id, line"
_NUMBER_REJECTS = """
update stored.rejects as r
set row_key = p.row_key
from line_positions as p
where r.file_id = $file_id and r.line = p.line and ends_with(r.row_key, '/')
"""

# The name that lines of this file share with others, without what tells them apart. Bind: $files.
_SHARED = f"""
create or replace temp table shared_lines as
with lines as (
    select
        i.*,
        coalesce(i.given_line_id, regexp_replace(i.invoice_line_id, '#+[0-9]+$', '')) as name
    from stored.invoices as i
    where list_contains(cast($files as integer[]), i.file_id) or {_IS_BESIDE_MENDED}
)

select
    l.file_id,
    l.line,
    l.name,
    row_number() over (
        partition by
            l.name, l.customer_id, l.org_number, l.customer_name, l.agreement_id, l.invoice_number, l.line_number,
            l.kind, l.issued_on, l.period_start, l.quantity, l.unit_price, l.amount, l.currency
        order by l.file_id desc, l.line desc
    ) > 1 as is_copy
from lines as l
where l.name in (select s.name from lines as s group by s.name having count(*) > 1)
"""  # noqa: S608 (our own words)
_DROP_COPIES = """
delete from stored.invoices as i
using shared_lines as s
where s.is_copy and i.file_id = s.file_id and i.line = s.line
"""
_NAME_SHARED = """
create or replace temp table shared_names as
with numbered as (
    select
        s.file_id,
        s.line,
        s.name,
        row_number() over (partition by s.name order by s.file_id, s.line) as place
    from shared_lines as s
    where not s.is_copy
)

select
    n.*,
    case
        when n.place = 1 then n.name
        -- an id that came so in the file is never taken
        when n.name || '#' || n.place in (
            select i.given_line_id from stored.invoices as i where list_contains(cast($files as integer[]), i.file_id)
        )
            then n.name || '##' || n.place
        else n.name || '#' || n.place
    end as invoice_line_id
from numbered as n
"""
_TAKE_SHARED = """
create or replace temp table numbered_lines as
select i.* replace (s.invoice_line_id as invoice_line_id)
from stored.invoices as i
inner join shared_names as s on i.file_id = s.file_id and i.line = s.line
"""
_DROP_SHARED = """
delete from stored.invoices as i
using shared_names as s
where i.file_id = s.file_id and i.line = s.line
"""
_LOG_CONFLICTS = """
insert into stored.key_conflicts (file_id, export, row_key, lines)
select $file_id, 'invoices', s.name, list(s.line order by s.file_id, s.line)
from shared_names as s
group by s.name
having count(*) > 1
"""

# What this file brings: each id as it came and each number, with its lines. Bind: $files.
_BROUGHT = """
create or replace temp table brought_invoices as
select i.given_line_id, case when i.given_line_id is null then i.invoice_number end as invoice_number, count(*) as lines
from stored.invoices as i
where list_contains(cast($files as integer[]), i.file_id)
group by all
"""
_IS_REPLACED = f"""
not list_contains(cast($files as integer[]), i.file_id)
and (
    (
        not {_IS_BESIDE_MENDED}
        and (
            coalesce(i.given_line_id, case when i.invoice_number is null then i.invoice_line_id end)
            in (select b.given_line_id from brought_invoices as b)
            or i.invoice_number in (select b.invoice_number from brought_invoices as b)
        )
    )
    or i.invoice_line_id in (
        select n.invoice_line_id from stored.invoices as n where list_contains(cast($files as integer[]), n.file_id)
    )
)
"""  # noqa: S608
# Names that had more lines in earlier files than in this one.
_FEWER = f"""
with replaced as (
    select
        i.given_line_id,
        case when i.given_line_id is null then i.invoice_number end as invoice_number,
        count(*) as lines
    from stored.invoices as i
    where {_IS_REPLACED}
    group by all
)

select sum(r.lines - b.lines), min(coalesce(r.given_line_id, r.invoice_number))
from replaced as r
inner join brought_invoices as b
    on r.given_line_id is not distinct from b.given_line_id and r.invoice_number is not distinct from b.invoice_number
where r.lines > b.lines
"""  # noqa: S608 (our own words)
_DROP_REPLACED = f"delete from stored.invoices as i where {_IS_REPLACED}"  # noqa: S608
# What was rejected of ids and numbers that this file brings whole.
_DROP_REJECTED = """
delete from stored.rejects as r
where
    r.export = 'invoices' and not list_contains(cast($files as integer[]), r.file_id)
    and (
        r.row_key in (
            select b.given_line_id
            from brought_invoices as b
            where b.given_line_id not in (
                select m.given_line_id from mended_invoices as m where m.given_line_id is not null
            )
        )
        or regexp_extract(r.row_key, '^(.*)/[^/]+$', 1) in (
            select b.invoice_number
            from brought_invoices as b
            where b.invoice_number not in (
                select m.invoice_number from mended_invoices as m where m.invoice_number is not null
            )
        )
    )
"""
# As many rejected lines of an id as this file mends; those of a number go by their own keys.
_DROP_MENDED = """
delete from stored.rejects as r
using (
    select p.file_id, p.line, m.lines, row_number() over (partition by p.row_key order by p.line) as place
    from stored.rejects as p
    inner join mended_invoices as m on p.file_id = m.file_id and p.row_key = m.given_line_id
    where p.export = 'invoices'
) as d
where d.place <= d.lines and r.file_id = d.file_id and r.line = d.line and r.export = 'invoices'
"""


def name_lines(
    connection: duckdb.DuckDBPyConnection, file_id: int, import_id: int, sha256: str, *, may_share: bool
) -> tuple[list[FileWarning], int]:
    """Gives the lines of a file their names; the warnings, and how many lines share a name but nothing else.

    ``may_share``: False where each line came with an id that no other line of the file has.
    """
    siblings = _siblings(connection, file_id, import_id, sha256)
    mine: Parameters = {"file_id": file_id}
    files = {"files": [*siblings, file_id]}
    has_rejects = bool(run(connection, _HAS_REJECTS, files))
    if not (may_share or siblings or has_rejects):
        run(connection, _NONE_MENDED)
        return [], 0
    run(connection, _MENDED if has_rejects else _NONE_MENDED, files if has_rejects else {})
    run(connection, _POSITIONS, {**mine, "siblings": siblings})
    if run(connection, "select 1 from line_positions limit 1"):
        run(connection, _TAKE_UNNUMBERED, mine)
        run(connection, _DROP_UNNUMBERED, mine)
        run(connection, _NUMBER_LINES)
        deletes_many(connection)
        run(connection, _NUMBER_REJECTS, mine)
    run(connection, _SHARED, files)
    copies, example = run(connection, "select count(*), min(name) from shared_lines where is_copy")[0]
    warnings = []
    if copies:
        run(connection, _DROP_COPIES)
        warnings.append(FileWarning("duplicate_key", "invoice_line_id", example, copies))
    run(connection, _NAME_SHARED, files)
    shared, example = run(connection, "select count(*), min(name) from shared_names where place > 1")[0]
    if shared:
        run(connection, _TAKE_SHARED)
        run(connection, _DROP_SHARED)
        run(connection, _NUMBER_LINES)
        deletes_many(connection)
        run(connection, _LOG_CONFLICTS, mine)
        warnings.append(FileWarning("lines_shared", "invoice_line_id", example, shared))
    return warnings, int(shared)


def replace_earlier(
    connection: duckdb.DuckDBPyConnection, file_id: int, import_id: int, sha256: str
) -> list[FileWarning]:
    """Drops the lines of earlier files that have an id or a number of this one; warns where they were more."""
    files = {"files": [*_siblings(connection, file_id, import_id, sha256), file_id]}
    run(connection, _BROUGHT, files)
    fewer, example = run(connection, _FEWER, files)[0]
    run(connection, _DROP_REPLACED, files)
    run(connection, _DROP_REJECTED, files)
    run(connection, _DROP_MENDED)
    return [FileWarning("lines_fewer", "invoice_line_id", example, int(fewer))] if fewer else []


def _siblings(connection: duckdb.DuckDBPyConnection, file_id: int, import_id: int, sha256: str) -> list[int]:
    sheets = {"file_id": file_id, "import_id": import_id, "sha256": sha256}
    return [sheet for (sheet,) in run(connection, _SIBLINGS, sheets)]
