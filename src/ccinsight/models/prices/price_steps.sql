-- One row per step of a price version and complexity: the price holds for min_users and up, below
-- the next step's min_users. The first, from no_users() on, is the one before the lowest step of
-- the version: it has no price.
with steps as (
    select
        case when p.agreement_id is null then 'list' else 'direct' end as price_source,
        coalesce(p.agreement_id, p.product) as price_owner,
        p.valid_from,
        p.complexity,
        p.min_users,
        p.price_per_user,
    from stored.prices as p
),

all_steps as (
    select s.* from steps as s
    union all by name
    select distinct
        s.price_source, s.price_owner, s.valid_from, s.complexity, model.no_users() as min_users,
    from steps as s
)

select
    s.*,
    lead(s.min_users, 1, model.no_limit()) over version as next_min_users,
    lead(s.price_per_user) over version as next_price_per_user,
from all_steps as s
window version as (
    partition by s.price_source, s.price_owner, s.valid_from, s.complexity order by s.min_users
)
