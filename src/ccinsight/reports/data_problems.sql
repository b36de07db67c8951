-- One row per problem in the data; problems of no single customer are always there.
select
    p.check_name as "check",
    p.export,
    p.key,
    p.customer_id,
    p.detail,
    cast(p.rows as bigint) as rows,
from model.problems(as_of, customer_ids) as p
where
    (
        customer_ids is null
        or p.customer_id is null
        or p.customer_id in (select unnest(customer_ids))
    )
    and (only_check is null or p.check_name = only_check)
order by
    p.check_name asc,
    p.export asc,
    p.rows desc,
    p.key asc,
    p.detail asc,
    p.customer_id asc
