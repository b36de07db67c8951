-- One row per agreement and price version that may reach it (R6): its own, and where its price follows the list, the list's.
-- is_from_start: the version reached the first period, and so reaches every period, whatever the deadlines. A first period
-- may begin later than the deadline of the second where it is short or the notice long.
select
    t.agreement_id,
    v.price_source,
    v.valid_from,
    v.announced_on,
    v.given_on,
    v.valid_from <= t.subscribed_on and v.announced_on <= t.subscribed_on as is_from_start
from model.agreement_terms as t
inner join model.price_versions as v
    on v.price_source = 'direct' and t.agreement_id = v.price_owner
union all
select
    t.agreement_id,
    v.price_source,
    v.valid_from,
    v.announced_on,
    v.given_on,
    v.valid_from <= t.subscribed_on and v.announced_on <= t.subscribed_on as is_from_start
from model.agreement_terms as t
inner join model.price_versions as v
    on v.price_source = 'list' and t.product = v.price_owner
where t.price_basis = 'price_list'
