-- One row per step of the general price list that holds on valid_on (the as-of date unless set):
-- the newest version valid by then and announced by the as-of date.
with newest as (
    select
        v.price_owner,
        max(v.valid_from) as valid_from,
    from model.price_versions as v
    where
        v.price_source = 'list'
        and v.valid_from <= coalesce(valid_on, as_of)
        and v.announced_on <= as_of
    group by v.price_owner
)

select
    s.price_owner as product,
    s.complexity,
    s.valid_from,
    v.announced_on,
    s.min_users,
    cast(s.price_per_user as decimal(18, 2)) as price_per_user,
from newest as n
inner join model.price_steps as s
    on s.price_source = 'list' and n.price_owner = s.price_owner and n.valid_from = s.valid_from
inner join model.price_versions as v
    on v.price_source = 'list' and n.price_owner = v.price_owner and n.valid_from = v.valid_from
where s.price_per_user is not null
order by s.price_owner, s.complexity, s.min_users
