-- One row where no agreements are imported but rows of other exports are: they have nothing to
-- belong to, which is one problem and not one for each row. The detail counts them by export.
with waiting as (
    select w.export, cast(sum(w.rows) as bigint) as rows
    from model.waiting_rows as w
    where model.is_within(as_of, w.known_from, w.known_until)
    group by w.export
)

select
    'agreements_missing' as check_name,
    'agreements' as export,
    cast(null as varchar) as key,
    cast(null as varchar) as customer_id,
    string_agg(w.export || ': ' || w.rows, ', ' order by w.rows desc, w.export asc) as detail,
    1 as rows,
from waiting as w
where not exists (select 1 from model.agreement_terms)
having count(*) > 0
