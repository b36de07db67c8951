-- One row per ticket opened from first_day (null: twelve months back) to last_day, no later than
-- the as-of date, with what its figures are broken down by (R8, R10).
-- with_details: also what only the exported row has, such as the severity; else that is null.
with opened as (
    select t.*
    from model.tickets_on(as_of) as t
    where
        t.opened_on >= coalesce(first_day, model.year_before(least(last_day, as_of)) + 1)
        and t.opened_on <= least(last_day, as_of)
        and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
),

details as (
    select
        s.file_id,
        s.line,
        s.ticket_id,
        s.title,
        s.status,
        s.severity,
        s.owner,
    from stored.tickets as s
    where with_details
)

select
    o.file_id,
    o.line,
    d.ticket_id,
    o.customer_id,
    c.customer_name,
    c.account_manager,
    coalesce(c.user_band, 'unknown') as user_band,
    c.product,
    c.complexity,
    c.price_basis,
    c.subscription_year,
    cast(date_trunc('month', o.opened_on) as date) as month,
    model.quarter_name(o.opened_on) as quarter,
    o.opened_at,
    d.title,
    d.status,
    o.channel,
    o.category,
    d.severity,
    o.scope,
    case when o.is_access_down then 'access_down' else 'other' end as class,
    d.owner,
    o.is_access_down,
    o.scope = 'training' as is_training,
    o.scope = 'consulting' as is_consulting,
    (not o.has_agreement or not o.is_of_user and not o.is_of_it_operations) as is_not_covered,
    model.is_overtaken_on(as_of, o.overtaken_at, o.gone_overtakers) as is_overtaken,
    1 as tickets,
    cast(o.scope = 'training' as integer) as training_tickets,
    cast(o.scope = 'consulting' as integer) as consulting_tickets,
    cast(o.minutes_spent as double) as minutes,
    cast(o.minutes_spent as double) / 60 as hours,
    cast(o.billable_minutes as double) / 60 as billable_hours,
    case
        when o.first_reply_at < model.end_of_day(as_of)
            then
                model.elapsed_microseconds(o.opened_at, o.first_reply_at, o.reply_clock_change)
                / 3.6e9
    end as reply_hours,
from opened as o
left join details as d on o.file_id = d.file_id and o.line = d.line
left join model.customer_traits(as_of, customer_ids) as c on o.customer_id = c.customer_id
