-- Rejected invoice lines that a later file corrects.

-- name: find_siblings
-- The sheets of the same workbook that were read before this one. Bind: $file_id, $import_id,
-- $sha256.
select f.file_id from stored.files as f
where
    f.import_id = $import_id
    and f.sha256 = $sha256
    and f.export = 'invoices'
    and f.file_id <> $file_id;

-- name: has_rejects
-- Whether an earlier file had rejected invoice lines. Bind: $files.
select 1
from stored.rejects as r
where r.export = 'invoices' and not list_contains(cast($files as integer[]), r.file_id)
limit 1;

-- name: find_corrected
-- The ids and numbers of which this file corrects rejected lines: the file that rejected them, and
-- their keys in order. Bind: $files.
create or replace temp table corrected_invoices as
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
        and (
            r.row_key = b.given_line_id
            or regexp_extract(r.row_key, '^(.*)/[^/]+$', 1) = b.invoice_number
        )
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
qualify
    row_number() over (
        partition by p.given_line_id, p.invoice_number order by p.file_id desc
    ) = 1;

-- name: find_none_corrected
-- The same table without rows.
create or replace temp table corrected_invoices (
    given_line_id varchar, invoice_number varchar, lines bigint, file_id integer, row_keys varchar[]
);

-- name: is_beside_corrected
-- A condition: an earlier line that stays although this file has its id or number.
exists (
    select 1
    from corrected_invoices as m
    where
        i.file_id >= m.file_id
        and (
            m.given_line_id
            = coalesce(
                i.given_line_id, case when i.invoice_number is null then i.invoice_line_id end
            )
            or (m.invoice_number = i.invoice_number and i.given_line_id is null)
        )
)

-- name: drop_corrected
-- As many rejected lines of an id as this file corrects; those of a number go by their own keys.
delete from stored.rejects as r
using (
    select
        p.file_id,
        p.line,
        m.lines,
        row_number() over (partition by p.row_key order by p.line) as place
    from stored.rejects as p
    inner join corrected_invoices as m on p.file_id = m.file_id and p.row_key = m.given_line_id
    where p.export = 'invoices'
) as d
where d.place <= d.lines and r.file_id = d.file_id and r.line = d.line and r.export = 'invoices';
