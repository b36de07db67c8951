-- One row per ticket that counts (not deleted, merged or spam): its scope, coverage and minutes (R8, R10).
-- None of it depends on the as-of date: a notice that ends an agreement before a ticket is known before the ticket.
-- What only lists show (number, title, contact, …) stays in stored.tickets: file_id and line lead there.
-- overtaken_at: for an access-down ticket, when a ticket opened no earlier, not access-down, first got its reply.
-- Asked for three times, each time for few columns: kept as a whole, ten million would not fit in memory.
with classified as not materialized (
    select
        t.file_id,
        t.line,
        t.customer_id,
        t.opened_at,
        cast(t.opened_at as date) as opened_on,
        t.first_reply_at,
        t.closed_at,
        coalesce(t.status = 'closed', false) as is_closed,
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
    from model.resolved_tickets as t
    left join stored.categories as c on t.category = c.category
    left join stored.severities as s on t.severity = s.severity
    where model.is_counted(t.status)
),

-- The spans in which a customer has an agreement in force, each day in one of them at most.
agreements as (
    select
        a.customer_id,
        a.subscribed_on,
        coalesce(a.ends_on, date '9999-12-31') as ends_on,
        max(coalesce(a.ends_on, date '9999-12-31')) over (
            partition by a.customer_id
            order by a.subscribed_on, a.agreement_id
            rows between unbounded preceding and 1 preceding
        ) as held_until,
    from model.agreement_terms as a
),

in_force as (
    select
        a.customer_id,
        case when a.held_until >= a.subscribed_on then a.held_until + 1 else a.subscribed_on end as first_day,
        a.ends_on as last_day,
    from agreements as a
    where a.held_until is null or a.held_until < a.ends_on
),

-- The first replies to tickets that aren't access-down, by the five minutes in which those were opened: few enough for a
-- running minimum, which over all tickets takes several times as long as the rest, and for looking at each within them.
answered as (
    select
        time_bucket(interval 5 minutes, c.opened_at) as opened_in,
        c.opened_at,
        c.first_reply_at,
    from classified as c
    where not c.is_access_down and c.first_reply_at is not null
),

spans as (
    select
        a.opened_in,
        min(min(a.first_reply_at)) over (order by a.opened_in desc) as first_reply_at,
    from answered as a
    group by a.opened_in
),

down as (
    select distinct
        c.opened_at,
        time_bucket(interval 5 minutes, c.opened_at) as opened_in,
    from classified as c
    where c.is_access_down
),

same_span as (
    select d.opened_at, min(a.first_reply_at) as first_reply_at
    from down as d
    inner join answered as a on d.opened_in = a.opened_in and d.opened_at <= a.opened_at
    group by d.opened_at
),

overtaken as (
    select d.opened_at, least(s.first_reply_at, later.first_reply_at) as overtaken_at
    from down as d
    asof left join spans as later on d.opened_in < later.opened_in
    left join same_span as s on d.opened_at = s.opened_at
)

-- In the order in which they were exported, which is that of opening or nearly so: sorting them all brings nothing.
select
    c.*,
    f.customer_id is not null as has_agreement,
    case when c.is_access_down then o.overtaken_at end as overtaken_at,
from classified as c
left join in_force as f on c.customer_id = f.customer_id and c.opened_on >= f.first_day and c.opened_on <= f.last_day
left join overtaken as o on c.opened_at = o.opened_at
