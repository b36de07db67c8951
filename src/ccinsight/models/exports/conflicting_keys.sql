-- One row per key that came in several rows of a file which say different things, while the row
-- that counts is there: of invoices all of the rows, of the other exports the last.
with last_lines as (
    select k.*, k.lines[-1] as last_line
    from stored.key_conflicts as k
),

counting as (
    select 'agreements' as export, a.file_id, a.line, a.customer_id from stored.agreements as a
    union all
    select 'tickets' as export, t.file_id, t.line, t.customer_id from stored.tickets as t
    union all
    select 'user_counts' as export, u.file_id, u.line, u.customer_id from stored.user_counts as u
    union all
    select 'prices' as export, p.file_id, p.line, null as customer_id from stored.prices as p
    union all
    select 'invoices' as export, i.file_id, i.line, i.customer_id from stored.invoices as i
    union all
    select 'meetings' as export, m.file_id, m.line, m.customer_id from stored.meetings as m
)

select
    l.export,
    l.row_key,
    c.customer_id,
    f.name as file_name,
    l.lines,
from last_lines as l
inner join counting as c on l.export = c.export and l.file_id = c.file_id and l.last_line = c.line
inner join stored.files as f on l.file_id = f.file_id
