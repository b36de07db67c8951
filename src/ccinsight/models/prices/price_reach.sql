-- One row per agreement and price version that may apply to it (R6): its own, and where its price follows the list, the
-- list's. reaches_from is the start of the first period that the version reaches; it reaches all later ones. That period
-- begins on or after valid_from, and the version was announced by its deadline: in a first period the agreement's start.
with candidates as (
    select
        terms.agreement_id,
        terms.subscribed_on,
        terms.anniversary_on,
        terms.notice_months,
        terms.price_notice_days,
        versions.price_source,
        versions.price_owner,
        versions.valid_from,
        versions.announced_on,
        versions.given_on,
        model.years_since(terms.anniversary_on, terms.subscribed_on) as first_years,
        model.years_since(terms.anniversary_on, greatest(versions.valid_from, versions.announced_on)) as years,
    from model.agreement_terms as terms
    inner join model.price_versions as versions
        on (versions.price_source = 'direct' and versions.price_owner = terms.agreement_id)
        or (
            versions.price_source = 'list'
            and versions.price_owner = terms.product
            and terms.price_basis = 'price_list'
        )
),

-- The deadline of a period lies as long before its start as the notice is: the first one reached begins within that time.
periods as (
    select
        c.*,
        model.period_start(
            c.subscribed_on,
            c.anniversary_on,
            unnest(
                range(
                    greatest(c.years, c.first_years),
                    greatest(c.years, c.first_years) + c.notice_months // 12 + c.price_notice_days // 365 + 4
                )
            )
        ) as period_start,
    from candidates as c
)

select
    p.agreement_id,
    p.price_source,
    p.price_owner,
    p.valid_from,
    p.announced_on,
    p.given_on,
    min(p.period_start) as reaches_from,
from periods as p
where
    p.period_start >= p.valid_from
    and p.announced_on
    <= model.announce_by(p.subscribed_on, p.period_start, p.notice_months, p.price_notice_days)
group by all
