-- One row per price row that says something else than it did before an import, with what it first
-- said.
with first_said as (
    select
        c.product,
        c.agreement_id,
        c.valid_from,
        c.complexity,
        c.min_users,
        min_by(c.price_before, c.import_id) as price_before,
        arg_min_null(c.announced_before, c.import_id) as announced_before,
        min(c.import_id) as import_id,
    from stored.price_changes as c
    group by c.product, c.agreement_id, c.valid_from, c.complexity, c.min_users
)

select
    case when p.agreement_id is null then 'list' else 'direct' end as price_source,
    coalesce(p.agreement_id, p.product) as price_owner,
    p.product,
    p.agreement_id,
    p.valid_from,
    p.complexity,
    p.min_users,
    p.price_per_user,
    p.announced_on,
    f.price_before,
    f.announced_before,
    cast(i.imported_at as date) as changed_on,
from first_said as f
inner join stored.prices as p
    on f.product = p.product
    and f.agreement_id is not distinct from p.agreement_id
    and f.valid_from = p.valid_from
    and f.complexity = p.complexity
    and f.min_users = p.min_users
inner join stored.imports as i on f.import_id = i.import_id
where f.price_before <> p.price_per_user or f.announced_before is distinct from p.announced_on
