-- One row per problem in the data and span of as-of dates on which it is there; rows says how many
-- rows it stands for. Kept at build, so that a report of the problems needn't look for them.
with problems as (
    select
        p.*,
        model.no_start() as known_from,
        model.no_end() as known_until,
    from model.lasting_problems as p
    union all
    select
        p.*,
        model.no_start() as known_from,
        model.no_end() as known_until,
    from model.reject_problems as p
    union all
    select p.* from model.stranger_problems as p
    union all
    select p.* from model.gone_from_list as p
    union all
    select p.* from model.contradictory_tickets as p
    union all
    select p.* from model.crowded_customers as p
)

select
    p.check_name,
    p.export,
    p.key,
    p.customer_id,
    p.detail,
    cast(p.rows as bigint) as rows,
    p.known_from,
    p.known_until,
from problems as p
