-- Positions of the invoice lines that have no number of their own.

-- name: find_positions
-- Lines without a number of their own end in `/` so far, rejected ones too. Bind: $file_id,
-- $siblings.
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
    where
        list_contains(cast($siblings as integer[]), n.file_id)
        and regexp_matches(n.row_key, '/[0-9]{1,9}$')
    group by 1
)

select
    p.line,
    coalesce(m.row_keys[p.place], p.row_key || (coalesce(b.last_position, 0) + p.place)) as row_key
from placed as p
left join before as b on p.row_key = b.invoice
left join corrected_invoices as m on p.row_key = m.invoice_number || '/';

-- name: take_unnumbered
-- Rows are deleted and inserted again: to update most of a table takes ten times as long.
create or replace temp table numbered_lines as
select i.* replace (p.row_key as invoice_line_id)
from stored.invoices as i
inner join line_positions as p on i.line = p.line
where i.file_id = $file_id and i.given_line_id is null and ends_with(i.invoice_line_id, '/');

-- name: drop_unnumbered
delete from stored.invoices as i
where i.file_id = $file_id and i.given_line_id is null and ends_with(i.invoice_line_id, '/');

-- name: number_lines
insert into stored.invoices by name select * from numbered_lines order by file_id, line;

-- name: number_rejects
update stored.rejects as r
set row_key = p.row_key
from line_positions as p
where r.file_id = $file_id and r.line = p.line and ends_with(r.row_key, '/');
