-- One row per customer and kind of sign in its tickets (R8-R11): this year's use, last year's,
-- older tickets, long waits, callers. The columns of other kinds are null.
-- The last year apart from the one before it, and from what looks at all tickets: most is counted
-- in the last alone.
with recent as not materialized (
    select
        t.customer_id,
        t.opened_on,
        t.scope,
        t.is_access_down,
        t.is_of_user,
        t.is_of_it_operations,
        t.contact_key,
        -- each month a bit of its own: a distinct count would read all tickets twice
        case
            when t.billable_minutes > 0
                then 1 << model.calendar_months(model.year_before(as_of), t.opened_on)
        end as consulting_month,
    from model.tickets_on(as_of) as t
    where
        t.opened_on > model.year_before(as_of)
        and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
),

usage as (
    select
        t.customer_id,
        max(t.opened_on) as last_ticket_on,
        count(*) as tickets,
        count(*) filter (where t.opened_on > cast(as_of - to_months(6) as date)) as tickets_half,
        count(*) filter (where t.scope = 'training') as training_tickets,
        count(*) filter (where t.scope = 'consulting') as consulting_tickets,
        cast(bit_count(bit_or(t.consulting_month)) as bigint) as consulting_months,
        count(*) filter (where t.is_access_down) as access_down_tickets,
        count(*) filter (where t.is_of_it_operations) as it_operations_tickets,
    from recent as t
    group by t.customer_id
),

usage_before as (
    select
        t.customer_id,
        count(*) as tickets_before,
        count(*) filter (where t.opened_on > cast(as_of - to_months(18) as date))
            as tickets_half_before,
    from model.tickets_on(as_of) as t
    where
        t.opened_on > model.year_before(model.year_before(as_of))
        and t.opened_on <= model.year_before(as_of)
        and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
    group by t.customer_id
),

-- The months that are over; the tickets of the as-of date's own are among the recent ones. Tickets
-- that are gone from a list since are in no month.
ever as (
    select  -- noqa: AM07
        t.customer_id,
        t.last_opened_on as last_older_ticket_on,
        t.has_it_operations,
    from model.ticket_months as t
    where as_of >= t.known_from and as_of < t.known_until
    union all
    select
        t.customer_id,
        max(t.opened_on) as last_older_ticket_on,
        bool_or(t.is_of_it_operations) as has_it_operations,
    from model.tickets_on(as_of) as t
    where t.gone_on is not null
    group by t.customer_id
),

waiting as (
    select t.customer_id, true as is_waiting
    from model.long_waits as t
    where
        t.opened_at < model.end_of_day(as_of - 14)
        and (t.ended_at is null or t.ended_at >= model.end_of_day(as_of))
),

calls as (
    select
        t.customer_id,
        t.contact_key,
        count(*) as tickets,
        bool_or(t.is_of_user) as is_user,
    from recent as t
    where t.contact_key is not null
    group by t.customer_id, t.contact_key
),

callers as (
    select
        c.customer_id,
        count(*) as contacts,
        count(*) filter (where c.is_user) as contacting_users,
        cast(list_sum(max(c.tickets, 2)) as double) / sum(c.tickets) as top_two_share,
    from calls as c
    group by c.customer_id
)

select u.* from usage as u  -- noqa: AM07
union all by name
select b.* from usage_before as b
union all by name
select v.* from ever as v
union all by name
select w.* from waiting as w
union all by name
select l.* from callers as l
