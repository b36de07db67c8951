-- One row per price version (R6): the general list of a product, or a direct agreement, from one day on.
-- A version is announced when its last row is.
select
    case when agreement_id is null then product end as product,
    agreement_id,
    valid_from,
    max(coalesce(announced_on, valid_from)) as announced_on,
from stored.prices
group by 1, 2, 3
