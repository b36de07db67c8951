-- One row per step of a price version: the price holds for min_users and up, below the next step's min_users.
select
    case when agreement_id is null then product end as product,
    agreement_id,
    valid_from,
    complexity,
    min_users,
    lead(min_users, 1, 2147483647) over (
        partition by agreement_id, case when agreement_id is null then product end, valid_from, complexity
        order by min_users
    ) as next_min_users,
    price_per_user,
from stored.prices
