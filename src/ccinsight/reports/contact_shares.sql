-- One row per customer with a ticket in the twelve months up to the as-of date: how much of its
-- support goes to how few contacts. Shares are of the tickets that carry a contact; a share is
-- unknown where none does.
with calls as (
    select
        t.customer_id,
        t.contact_key,
        count(*) as tickets,
        sum(t.minutes_spent) as known_minutes,
    from model.tickets_on(as_of) as t
    where
        t.customer_id is not null
        and t.opened_on > model.year_before(as_of)
        and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
    group by t.customer_id, t.contact_key
),

ranked as (
    select
        c.*,
        row_number() over (
            partition by c.customer_id, c.contact_key is null
            order by c.tickets desc, c.contact_key asc
        ) as place,
    from calls as c
)

select
    r.customer_id,
    count(r.contact_key) as contacts,
    cast(sum(r.tickets) as bigint) as tickets,
    cast(coalesce(sum(r.tickets) filter (where r.contact_key is null), 0) as bigint)
        as tickets_without_contact,
    cast(max(r.tickets) filter (where r.contact_key is not null) as double)
    / nullif(sum(r.tickets) filter (where r.contact_key is not null), 0) as busiest_share,
    cast(sum(r.tickets) filter (where r.contact_key is not null and r.place <= 3) as double)
    / nullif(sum(r.tickets) filter (where r.contact_key is not null), 0) as three_busiest_share,
from ranked as r
group by r.customer_id
order by r.customer_id
