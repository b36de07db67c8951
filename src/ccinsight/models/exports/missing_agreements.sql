-- One row where no agreements are imported but rows of other exports are: they have nothing to
-- belong to, which is one problem and not one for each row. The detail counts them by export.
with waiting as (
    select 'tickets' as export, count(*) as rows
    from model.tickets_on(as_of)
    union all
    select 'user_counts' as export, count(*) as rows
    from main.user_counts as u
    where u.counted_on <= as_of
    union all
    select 'invoices' as export, count(*) as rows
    from main.invoices as i
    where i.issued_on <= as_of
    union all
    select 'meetings' as export, count(*) as rows
    from main.meetings
)

select
    'agreements_missing' as check_name,
    'agreements' as export,
    cast(null as varchar) as key,
    cast(null as varchar) as customer_id,
    string_agg(w.export || ': ' || w.rows, ', ' order by w.rows desc, w.export asc) as detail,
    1 as rows,
from waiting as w
where w.rows > 0 and not exists (select 1 from model.agreement_terms)
having count(*) > 0
