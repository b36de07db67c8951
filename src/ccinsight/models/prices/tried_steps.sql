-- One row per step of a price list that is only being tried (R6): its price holds for min_users and
-- up, below next_min_users. steps is a list of {complexity, min_users, price_per_user}; null has no
-- rows.
select
    u.step.complexity,
    u.step.min_users,
    lead(u.step.min_users, 1, model.no_limit()) over (
        partition by u.step.complexity order by u.step.min_users
    ) as next_min_users,
    u.step.price_per_user,
from (select unnest(steps) as step) as u
