-- One row per agreement: its own columns, the terms of its product, and which of its dates hold
-- (R1, R4). anniversary_on is the day whole periods are counted from: first_renewal_on where it is
-- valid, else subscribed_on. noticed_end follows from notice_on; on an as-of date before the notice
-- it isn't known yet, nor notice_years, the period in which the notice was given. gone_on is the
-- day from which on the agreement is known to be gone from a full list, where it hadn't ended by
-- then: it ended the day before. sequence_number: the customer's agreements in the order in which
-- they begin (ties: by id); of those in force the last speaks for the customer. has_*: what
-- model.export_facts says of the agreement's partner, so that no report has to join it.
with terms as (
    select
        a.*,
        coalesce(p.notice_months, d.notice_months) as notice_months,
        coalesce(p.price_notice_days, d.price_notice_days) as price_notice_days,
        p.member_hourly_rate,
        p.standard_hourly_rate,
        p.standard_course_price,
        coalesce(
            a.first_renewal_on > a.subscribed_on
            and a.first_renewal_on <= model.plus_years(a.subscribed_on, 1),
            false
        ) as is_aligned,
        case when a.terminated_on >= a.subscribed_on then a.terminated_on end as notice_on,
        row_number()
            over (partition by a.customer_id order by a.subscribed_on, a.agreement_id)
            as sequence_number,
        count(a.partner_confirmed_on) over () > 0 as has_confirmations,
        exists(
            select 1 from stored.files as f
            where f.export = 'invoices'
        ) as has_invoices,
    from stored.agreements as a
    cross join stored.default_terms as d
    left join stored.products as p on a.product = p.product
),

anniversaries as (
    select
        t.*,
        case when t.is_aligned then t.first_renewal_on else t.subscribed_on end as anniversary_on,
    from terms as t
),

notices as (
    select
        a.*,
        model.years_since(a.anniversary_on, a.notice_on) as notice_years,
    from anniversaries as a
),

ends as (
    select
        n.*,
        model.plus_years(n.anniversary_on, n.notice_years + 1) - 1 as notice_period_end,
    from notices as n
),

noticed as (
    select
        e.* exclude (notice_period_end),
        case
            when e.notice_on <= model.termination_deadline(e.notice_period_end, e.notice_months)
                then e.notice_period_end
            else model.plus_years(e.anniversary_on, e.notice_years + 2) - 1
        end as noticed_end,
    from ends as e
)

select
    n.*,
    g.gone_on,
    coalesce(g.gone_on - 1, n.noticed_end) as ends_on,
from noticed as n
left join model.gone_rows as g
    on g.export = 'agreements'
    and g.is_full
    and n.agreement_id = g.key
    and (n.noticed_end is null or n.noticed_end >= g.gone_on)
