-- One row per customer and span of as-of dates on which more users made contact in the year before
-- than are registered (R11).
with contacts as (
    select t.customer_id, count(distinct t.contact_key) as contacts
    from model.ticket_facts as t
    where t.is_of_user and t.customer_id is not null
    group by t.customer_id
),

users as (
    select s.customer_id, min(s.registered_users) as fewest_users
    from model.customer_states as s
    where s.agreements_in_force > 0
    group by s.customer_id
),

-- Few customers: those whose contacts, ever, are more than their users at the fewest.
candidates as (
    select c.customer_id
    from contacts as c
    inner join users as u on c.customer_id = u.customer_id
    where c.contacts > u.fewest_users
),

-- A ticket counts its contact for a year, or until it is gone.
calls as (
    select
        t.customer_id,
        t.contact_key,
        t.opened_on as known_from,
        max(least(model.year_after(t.opened_on), t.gone_on)) as known_until,
    from model.ticket_facts as t
    where
        t.is_of_user
        and t.contact_key is not null
        and t.customer_id in (select c.customer_id from candidates as c)
    group by t.customer_id, t.contact_key, t.opened_on
),

covered as (
    select
        c.*,
        max(c.known_until) over (
            partition by c.customer_id, c.contact_key
            order by c.known_from
            rows between unbounded preceding and 1 preceding
        ) as covered_until,
    from calls as c
),

-- What each call adds to those of its contact before.
added as (
    select
        c.customer_id,
        greatest(c.known_from, c.covered_until) as known_from,
        c.known_until,
    from covered as c
    where greatest(c.known_from, c.covered_until) < c.known_until
),

days as (
    select a.customer_id, a.known_from as on_day, 1 as contacts from added as a
    union all
    select a.customer_id, a.known_until as on_day, -1 as contacts from added as a
),

spans as (
    select
        d.customer_id,
        d.on_day as known_from,
        lead(d.on_day, 1, model.no_end()) over customer as known_until,
        cast(sum(sum(d.contacts)) over customer as bigint) as contacting_users,
    from days as d
    group by d.customer_id, d.on_day
    window customer as (partition by d.customer_id order by d.on_day)
)

select
    'contacts_above_users' as check_name,
    'tickets' as export,
    c.customer_id as key,
    c.customer_id,
    c.contacting_users || ' / ' || s.registered_users as detail,
    1 as rows,
    greatest(c.known_from, s.known_from) as known_from,
    least(c.known_until, s.known_until) as known_until,
from spans as c
inner join model.customer_states as s
    on c.customer_id = s.customer_id
    and c.known_from < s.known_until
    and c.known_until > s.known_from
where s.agreements_in_force > 0 and c.contacting_users > s.registered_users
