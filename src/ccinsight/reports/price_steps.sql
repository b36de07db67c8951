-- One row per step of the general price list in force on the as-of date: the newest version announced and valid by then.
with newest as (
    select
        v.product,
        max(v.valid_from) as valid_from,
    from model.price_versions as v
    where v.agreement_id is null and v.valid_from <= as_of and v.announced_on <= as_of
    group by v.product
)

select
    s.product,
    s.complexity,
    s.valid_from,
    v.announced_on,
    s.min_users,
    cast(s.price_per_user as decimal(18, 2)) as price_per_user,
from newest as n
inner join model.price_steps as s on n.product = s.product and n.valid_from = s.valid_from
inner join model.price_versions as v on n.product = v.product and n.valid_from = v.valid_from
order by s.product, s.complexity, s.min_users
