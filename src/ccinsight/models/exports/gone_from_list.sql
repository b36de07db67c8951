-- One row per problem: an agreement or a ticket that is gone from the list it came in, from the day
-- on that it came in for.
select
    'gone_from_list' as check_name,
    g.export,
    g.key,
    coalesce(g.customer_id, c.customer_id) as customer_id,
    concat_ws(', ', cast(g.on_day as varchar), g.file_names) as detail,
    1 as rows,
    g.on_day as known_from,
    model.no_end() as known_until,
from model.gone_rows as g
left join model.customer_references as c
    on g.customer_id is null
    and coalesce(g.org_number, '') = c.org_number
    and coalesce(g.customer_name, '') = c.customer_name
