-- One row per ticket that counts: what it says of itself and what the settings say of its category,
-- as columns of ticket_facts. A view that ticket_facts asks three times, each time for few columns:
-- kept as a whole, ten million would not fit in memory. What is before what is judged on instants
-- (R10), as microseconds of UTC.
with timed as not materialized (
    select
        t.*,
        model.clock_hours(
            t.opened_at, o.hours_before, o.hours_after, o.changes_at, t.second_passes & 1 = 1
        ) as opened_hours,
        model.clock_hours(
            t.first_reply_at, r.hours_before, r.hours_after, r.changes_at, t.second_passes & 2 = 2
        ) as reply_hours,
    from model.resolved_tickets as t
    left join model.clock_months as o on model.month_number(t.opened_at) = o.month_number
    left join model.clock_months as r on model.month_number(t.first_reply_at) = r.month_number
    where model.is_counted(t.status)
),

-- One row, also in a database whose settings don't say.
least_wait as (
    select coalesce(max(r.minimum_reply_seconds), 0) as minimum_reply_seconds
    from stored.reply_terms as r
),

replied as not materialized (
    select
        t.*,
        case
            when m.minimum_reply_seconds = 0 then t.first_reply_at is not null
            else
                model.elapsed_microseconds(
                    t.opened_at, t.first_reply_at, t.opened_hours - t.reply_hours
                )
                >= m.minimum_reply_seconds * 1000000
        end as has_reply,
    from timed as t
    cross join least_wait as m
)

select
    t.file_id,
    t.line,
    t.customer_id,
    t.opened_at,
    epoch_us(t.opened_at) - t.opened_hours * 3600000000 as opened_instant,
    cast(t.opened_at as date) as opened_on,
    case when t.has_reply then t.first_reply_at end as first_reply_at,
    case
        when t.has_reply then epoch_us(t.first_reply_at) - t.reply_hours * 3600000000
    end as reply_instant,
    case
        when t.has_reply then cast(t.opened_hours - t.reply_hours as tinyint)
    end as reply_clock_change,
    t.has_reply
    and model.elapsed_microseconds(t.opened_at, t.first_reply_at, t.opened_hours - t.reply_hours)
    <= 60000000 as is_quick_reply,
    case when not model.is_reopening(t.status) then t.closed_at end as closed_at,
    coalesce(t.status = 'closed' and t.closed_at is null, false) as is_closed_unknown,
    case
        when t.closed_at is null then coalesce(t.status = 'closed', false)
        else model.is_reopening(t.status)
    end as is_contradictory,
    t.channel,
    t.category,
    case when t.contact is not null then hash(t.contact) end as contact_key,
    coalesce(t.contact_role, 'user') = 'user' as is_of_user,
    coalesce(t.contact_role = 'it_operations', false) as is_of_it_operations,
    t.minutes_spent,
    coalesce(c.scope, 'support') as scope,
    coalesce(c.is_access_down, false) or coalesce(s.is_access_down, false) as is_access_down,
    case
        when t.minutes_to_invoice is not null then t.minutes_to_invoice
        when c.scope = 'consulting' then t.minutes_spent
        else 0
    end as billable_minutes,
    g.gone_on,
from replied as t
left join model.gone_rows as g
    on g.export = 'tickets' and g.is_full and t.file_id = g.file_id and t.line = g.line
left join stored.categories as c on t.category = c.category
left join stored.severities as s on t.severity = s.severity
