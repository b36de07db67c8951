-- One row per doubt about the tickets of the customers asked for, as known on the as-of date: a
-- ticket whose status and closing contradict (R10), a channel whose first replies seem automatic, a
-- customer with more contacting users than registered ones (R11). Each is one thing to look into,
-- however many tickets it rests on.
with tickets as not materialized (
    select t.*
    from model.tickets_on(as_of) as t
    where customer_ids is null or t.customer_id in (select unnest(customer_ids))
),

contradictions as (
    select
        'status_contradicts' as check_name, 'tickets' as export, s.ticket_id as key, t.customer_id,
        concat_ws(', ', s.status, cast(cast(s.closed_at as date) as varchar)) as detail, 1 as rows,
    from tickets as t
    inner join stored.tickets as s on t.file_id = s.file_id and t.line = s.line
    where t.is_contradictory and (s.closed_at is null or s.closed_at < model.end_of_day(as_of))
),

channels as (
    select
        coalesce(t.channel, 'unknown') as channel,
        count(*) as tickets,
        count(*) filter (where t.is_quick_reply and t.first_reply_at < model.end_of_day(as_of))
            as quick_replies,
    from tickets as t
    group by t.channel
),

automatic as (
    select
        'automatic_replies' as check_name,
        'tickets' as export,
        c.channel as key,
        cast(null as varchar) as customer_id,
        c.quick_replies || ' / ' || c.tickets as detail, 1 as rows,
    from channels as c
    where c.quick_replies * 5 > c.tickets
),

callers as (
    select t.customer_id, t.contact_key
    from tickets as t
    where
        t.opened_at >= model.end_of_day(model.year_before(as_of))
        and t.is_of_user
        and t.contact_key is not null
        and t.customer_id is not null
    group by t.customer_id, t.contact_key
),

contacts as (
    select c.customer_id, count(*) as contacting_users
    from callers as c
    group by c.customer_id
),

many_contacts as (
    select
        'contacts_above_users' as check_name,
        'tickets' as export,
        c.customer_id as key,
        c.customer_id,
        c.contacting_users || ' / ' || k.registered_users as detail, 1 as rows,
    from contacts as c
    inner join model.customers_on(as_of, customer_ids) as k on c.customer_id = k.customer_id
    where k.agreements_in_force > 0 and c.contacting_users > k.registered_users
)

select c.* from contradictions as c
union all
select a.* from automatic as a
union all
select m.* from many_contacts as m
