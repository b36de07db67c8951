-- One row per category of tickets that no setting maps to a scope (R8).
select
    'category_unmapped' as check_name,
    'tickets' as export,
    t.category as key,
    cast(null as varchar) as customer_id,
    cast(null as varchar) as detail,
    cast(sum(t.tickets) as bigint) as rows,
from model.unmapped_tickets as t
where
    t.opened_on <= as_of
    and (t.gone_on is null or t.gone_on > as_of)
    and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
group by t.category
