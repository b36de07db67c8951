-- Earlier invoice lines that a file replaces.

-- name: find_brought
-- What this file brings: each id as it came and each number, with its lines. Bind: $files.
create or replace temp table brought_invoices as
select
    i.given_line_id,
    case when i.given_line_id is null then i.invoice_number end as invoice_number,
    count(*) as lines
from stored.invoices as i
where list_contains(cast($files as integer[]), i.file_id)
group by all;

-- name: is_replaced
-- A condition: earlier lines `i` that this file replaces. Bind: $files.
not list_contains(cast($files as integer[]), i.file_id)
and (
    (
        not {is_beside_corrected}
        and (
            coalesce(i.given_line_id, case when i.invoice_number is null then i.invoice_line_id end)
            in (select b.given_line_id from brought_invoices as b)
            or i.invoice_number in (select b.invoice_number from brought_invoices as b)
        )
    )
    or i.invoice_line_id in (
        select n.invoice_line_id
        from stored.invoices as n
        where list_contains(cast($files as integer[]), n.file_id)
    )
)

-- name: count_fewer
-- Names that had more lines in earlier files than in this one.
with replaced as (
    select
        i.given_line_id,
        case when i.given_line_id is null then i.invoice_number end as invoice_number,
        count(*) as lines
    from stored.invoices as i
    where {is_replaced}
    group by all
)

select sum(r.lines - b.lines), min(coalesce(r.given_line_id, r.invoice_number))
from replaced as r
inner join brought_invoices as b
    on r.given_line_id is not distinct from b.given_line_id
    and r.invoice_number is not distinct from b.invoice_number
where r.lines > b.lines;

-- name: drop_replaced
delete from stored.invoices as i where {is_replaced};

-- name: drop_rejected
-- What was rejected of ids and numbers that this file brings whole.
delete from stored.rejects as r
where
    r.export = 'invoices' and not list_contains(cast($files as integer[]), r.file_id)
    and (
        r.row_key in (
            select b.given_line_id
            from brought_invoices as b
            where b.given_line_id not in (
                select m.given_line_id
                from corrected_invoices as m
                where m.given_line_id is not null
            )
        )
        or regexp_extract(r.row_key, '^(.*)/[^/]+$', 1) in (
            select b.invoice_number
            from brought_invoices as b
            where b.invoice_number not in (
                select m.invoice_number
                from corrected_invoices as m
                where m.invoice_number is not null
            )
        )
    );
