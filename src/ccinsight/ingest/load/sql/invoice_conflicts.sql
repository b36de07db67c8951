-- Different invoice lines of a file that share an id.

-- name: find_shared
-- The name that lines of this file share with others, without what tells them apart. Bind: $files.
create or replace temp table shared_lines as
with lines as (
    select
        i.*,
        coalesce(i.given_line_id, regexp_replace(i.invoice_line_id, '#+[0-9]+$', '')) as name
    from stored.invoices as i
    where list_contains(cast($files as integer[]), i.file_id) or {is_beside_corrected}
)

select
    l.file_id,
    l.line,
    l.name,
    row_number() over (
        partition by
            l.name, l.customer_id, l.org_number, l.customer_name, l.agreement_id,
            l.invoice_number, l.line_number, l.kind, l.issued_on, l.period_start,
            l.quantity, l.unit_price, l.amount, l.currency
        order by l.file_id desc, l.line desc
    ) > 1 as is_copy
from lines as l
where l.name in (select s.name from lines as s group by s.name having count(*) > 1);

-- name: drop_copies
delete from stored.invoices as i
using shared_lines as s
where s.is_copy and i.file_id = s.file_id and i.line = s.line;

-- name: name_shared
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
            select i.given_line_id
            from stored.invoices as i
            where list_contains(cast($files as integer[]), i.file_id)
        )
            then n.name || '##' || n.place
        else n.name || '#' || n.place
    end as invoice_line_id
from numbered as n;

-- name: take_shared
create or replace temp table numbered_lines as
select i.* replace (s.invoice_line_id as invoice_line_id)
from stored.invoices as i
inner join shared_names as s on i.file_id = s.file_id and i.line = s.line;

-- name: drop_shared
delete from stored.invoices as i
using shared_names as s
where i.file_id = s.file_id and i.line = s.line;

-- name: log_conflicts
insert into stored.key_conflicts (file_id, export, row_key, lines)
select $file_id, 'invoices', s.name, list(s.line order by s.file_id, s.line)
from shared_names as s
group by s.name
having count(*) > 1;
