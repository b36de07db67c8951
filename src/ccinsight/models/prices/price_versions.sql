-- One row per price version (R6): the general list of a product (source list), or a direct
-- agreement (source direct), from one day on. price_owner is the product or the agreement. A
-- version is announced when its last row is. given_on is the last day that the export names itself;
-- a version without one is announced on the day from which it is valid.
select
    case when p.agreement_id is null then 'list' else 'direct' end as price_source,
    coalesce(p.agreement_id, p.product) as price_owner,
    p.valid_from,
    max(coalesce(p.announced_on, p.valid_from)) as announced_on,
    max(p.announced_on) as given_on,
from stored.prices as p
group by
    case when p.agreement_id is null then 'list' else 'direct' end,
    coalesce(p.agreement_id, p.product),
    p.valid_from
