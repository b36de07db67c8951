-- One row per agreement and price version that may reach it (R6): its own, and where its price follows the list, the list's.
select
    t.agreement_id,
    v.price_source,
    v.valid_from,
    v.announced_on
from model.agreement_terms as t
inner join model.price_versions as v
    on v.price_source = 'direct' and t.agreement_id = v.price_owner
union all
select
    t.agreement_id,
    v.price_source,
    v.valid_from,
    v.announced_on
from model.agreement_terms as t
inner join model.price_versions as v
    on v.price_source = 'list' and t.product = v.price_owner
where t.price_basis = 'price_list'
