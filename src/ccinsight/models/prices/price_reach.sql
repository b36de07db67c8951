-- One row per agreement and price version that may apply to it (R6): its own, and where its price
-- follows the list, the list's. reaches_from is the start of the first period that the version
-- reaches; it reaches all later ones. That period begins on or after valid_from, and the version
-- was announced by its deadline: in a first period the agreement's start. A letter announces the
-- version to its agreement on the day it was sent, where that is earlier (R14). A version without a
-- day of its own isn't planned before its letter either.
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
        letters.sent_on,
        least(versions.announced_on, letters.sent_on) as announced_on,
        case when versions.given_on is not null then least(versions.given_on, letters.sent_on) end
            as given_on,
        model.years_since(terms.anniversary_on, terms.subscribed_on) as first_years,
    from model.agreement_terms as terms
    inner join model.price_versions as versions
        on (versions.price_source = 'direct' and terms.agreement_id = versions.price_owner)
        or (
            versions.price_source = 'list'
            and terms.product = versions.price_owner
            and terms.price_basis = 'price_list'
        )
    left join stored.price_letters as letters
        on terms.agreement_id = letters.agreement_id
        and versions.price_source = letters.price_source
        and versions.price_owner = letters.price_owner
        and versions.valid_from = letters.valid_from
),

announced as (
    select
        c.*,
        greatest(
            c.first_years,
            model.years_since(c.anniversary_on, greatest(c.valid_from, c.announced_on))
        ) as years,
    from candidates as c
),

-- The deadline of a period lies as long before its start as the notice is: the first one reached
-- begins within that time.
years_after as (
    select
        a.*,
        unnest(range(a.years, a.years + a.notice_months // 12 + a.price_notice_days // 365 + 4))
            as period_years,
    from announced as a
),

periods as (
    select
        y.*,
        model.period_start(y.subscribed_on, y.anniversary_on, y.period_years) as period_start,
    from years_after as y
)

select
    p.agreement_id,
    p.price_source,
    p.price_owner,
    p.valid_from,
    p.announced_on,
    p.given_on,
    p.sent_on,
    min(p.period_start) as reaches_from,
from periods as p
where
    p.period_start >= p.valid_from
    and p.announced_on
    <= model.announce_by(p.subscribed_on, p.period_start, p.notice_months, p.price_notice_days)
group by all
