-- One row per price row that an import changed, agreement and period that had begun by then at what
-- it said before (R6).
with agreements as (
    select
        changes.*,
        terms.agreement_id as used_by,
        terms.customer_id,
        terms.subscribed_on,
        terms.anniversary_on,
        unnest(
            range(
                cast(model.years_since(terms.anniversary_on, terms.subscribed_on) as bigint),
                model.years_since(
                    terms.anniversary_on,
                    least(changes.changed_on, coalesce(terms.ends_on, changes.changed_on))
                )
                + 1
            )
        ) as years,
    from model.changed_prices as changes
    inner join model.agreement_terms as terms
        on changes.complexity = terms.complexity
        and changes.changed_on >= terms.subscribed_on
        and changes.price_owner
        = case
            when changes.price_source = 'direct' then terms.agreement_id
            else terms.product
        end
),

periods as (
    select
        a.*,
        model.period_start(a.subscribed_on, a.anniversary_on, a.years) as period_start,
    from agreements as a
)

select
    p.price_source,
    p.price_owner,
    p.product,
    p.valid_from,
    p.complexity,
    p.min_users,
    concat_ws(
        ', ',
        case
            when p.price_before <> p.price_per_user
                then model.ore(p.price_before) || ' → ' || model.ore(p.price_per_user)
        end,
        case
            when p.announced_before is distinct from p.announced_on
                then
                    coalesce(cast(p.announced_before as varchar), '–')
                    || ' → ' || coalesce(cast(p.announced_on as varchar), '–')
        end
    ) as change,
    case when p.price_source = 'direct' then p.customer_id end as customer_id,
    p.used_by as agreement_id,
    p.period_start,
from periods as p
inner join model.agreement_states as s
    on p.used_by = s.agreement_id
    and s.begins_period
    and model.is_within(p.period_start, s.known_from, s.known_until)
    and p.price_source = s.price_source
    and p.valid_from = s.price_version
    and p.min_users = s.step_users
