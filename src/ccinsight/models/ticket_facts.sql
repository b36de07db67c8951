-- One row per ticket that counts (not deleted, merged or spam), oldest first: its scope, coverage and minutes (R8, R10).
-- None of it depends on the as-of date: a notice that ends an agreement before a ticket is known before the ticket.
-- overtaken_at: for an access-down ticket, when a ticket opened no earlier, not access-down, first got its reply.
with classified as (
    select
        t.ticket_id,
        t.customer_id,
        t.opened_at,
        cast(t.opened_at as date) as opened_on,
        t.first_reply_at,
        t.closed_at,
        t.status,
        t.channel,
        t.category,
        t.severity,
        t.contact,
        case when t.contact is not null then hash(t.contact) end as contact_key,
        t.contact_role,
        t.minutes_spent,
        coalesce(c.scope, 'support') as scope,
        coalesce(c.is_access_down, false) or coalesce(s.is_access_down, false) as is_access_down,
        case
            when t.minutes_to_invoice is not null then t.minutes_to_invoice
            when c.scope = 'consulting' then t.minutes_spent
            else 0
        end as billable_minutes,
        t.category is not null and c.category is null as is_category_unmapped,
    from main.tickets as t
    left join stored.categories as c on t.category = c.category
    left join stored.severities as s on t.severity = s.severity
    where coalesce(t.status, 'open') not in ('deleted', 'merged', 'spam')
),

in_force as (
    select distinct c.ticket_id
    from classified as c
    inner join model.agreement_terms as a
        on c.customer_id = a.customer_id
        and c.opened_on >= a.subscribed_on
        and (a.ends_on is null or c.opened_on <= a.ends_on)
)

select
    c.*,
    case
        when f.ticket_id is null then 'no_agreement'
        when coalesce(c.contact_role, 'user') not in ('user', 'it_operations') then 'contact_not_covered'
    end as not_covered_reason,
    case
        when c.is_access_down
            then min(case when not c.is_access_down then c.first_reply_at end) over (
                order by c.opened_at desc range between unbounded preceding and current row
            )
    end as overtaken_at,
from classified as c
left join in_force as f on c.ticket_id = f.ticket_id
order by c.opened_at, c.ticket_id
