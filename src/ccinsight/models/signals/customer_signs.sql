-- One row per customer with an agreement in force: how use, users, meetings, price and dates stand
-- on the as-of date (R4–R13). What the possibilities and the renewal risk are made of. Unknown
-- where the export that would tell isn't there, or doesn't reach back far enough to compare.
with customers as (
    select
        c.*,
        -- since when there is something to compare
        greatest(c.customer_since_on, e.first_ticket_on) as comparable_since_on,
        e.first_ticket_on is not null as has_tickets,
        e.first_contact_at < model.end_of_day(as_of) as has_contacts,
        e.first_role_at < model.end_of_day(as_of) as has_roles,
        e.has_meetings,
        e.has_confirmations,
    from model.customers_on(as_of, customer_ids) as c
    inner join model.export_facts as e on model.is_of_partner(c.customer_id, e.partner)
    where c.agreements_in_force > 0
)

select
    c.customer_id,
    c.agreement_id,
    c.customer_name,
    c.account_manager,
    c.user_band,
    c.registered_users,
    c.customer_since_on,
    cast(date_diff('day', c.customer_since_on, as_of) as integer) as customer_days,
    d.users_before,
    cast(c.registered_users as integer) - d.users_before as users_change,
    1 - cast(c.registered_users as double) / nullif(d.users_before, 0) as users_fall,
    c.available_licences,
    c.active_users,
    d.active_users_before,
    cast(c.active_users as double) / nullif(c.active_counted_users, 0) as licence_use,
    1 - cast(c.active_users as double) / nullif(d.active_users_before, 0) as active_fall,
    case when c.has_tickets then coalesce(d.tickets, 0) end as tickets,
    case
        when
            c.has_tickets
            and c.comparable_since_on <= model.year_before(model.year_before(as_of)) + 1
            then coalesce(d.tickets_before, 0)
    end as tickets_before,
    case when c.has_tickets then coalesce(d.tickets_half, 0) end as tickets_half,
    case
        when c.has_tickets and c.comparable_since_on <= cast(as_of - to_months(18) as date) + 1
            then coalesce(d.tickets_half_before, 0)
    end as tickets_half_before,
    case
        when c.has_tickets and c.comparable_since_on <= cast(as_of - to_months(18) as date) + 1
            then 1 - cast(coalesce(d.tickets_half, 0) as double) / nullif(d.tickets_half_before, 0)
    end as use_fall,
    case when c.has_tickets then coalesce(d.training_tickets, 0) end as training_tickets,
    case when c.has_tickets then coalesce(d.consulting_tickets, 0) end as consulting_tickets,
    case when c.has_tickets then coalesce(d.consulting_months, 0) end as consulting_months,
    case when c.has_tickets then coalesce(d.access_down_tickets, 0) end as access_down_tickets,
    case when c.has_tickets then coalesce(d.waiting_tickets, 0) end as waiting_tickets,
    case
        when c.has_tickets
            then
                cast(
                    date_diff(
                        'day',
                        coalesce(d.last_ticket_on, d.last_older_ticket_on, c.comparable_since_on),
                        as_of
                    ) as integer
                )
    end as silent_days,
    case when c.has_contacts then coalesce(d.contacting_users, 0) end as contacting_users,
    case
        when c.has_contacts
            then cast(coalesce(d.contacting_users, 0) as double) / nullif(c.registered_users, 0)
    end as contact_rate,
    case when c.has_contacts then coalesce(d.contacts, 0) end as contacts,
    d.top_two_share,
    case
        when c.has_roles
            then
                coalesce(d.has_it_operations, false) or coalesce(d.it_operations_tickets > 0, false)
    end as has_it_operations,
    case when c.has_roles then coalesce(d.it_operations_tickets, 0) end as it_operations_tickets,
    case
        when c.has_confirmations then coalesce(c.partner_confirmed_on <= as_of, false)
    end as is_partner_confirmed,
    c.last_meeting_on,
    case when c.has_meetings then coalesce(d.has_meeting, false) end as has_meeting,
    case when c.has_meetings then coalesce(d.meetings_missed, 0) end as meetings_missed,
    case when c.has_meetings then c.courses_held - d.courses_before end as courses_held,
    c.notices_known,
    c.going_on,
    d.renewal_on,
    cast(date_diff('day', as_of, d.renewal_on) as integer) as days_to_renewal,
    cast(d.days_to_price_notice as integer) as days_to_price_notice,
    cast(d.days_to_termination as integer) as days_to_termination,
    d.annual_value,
    d.price_rise,
    d.rate,
    d.users_to_next_step,
    d.next_step_users,
    d.next_step_rate,
from customers as c
left join model.drawn_signs(as_of, customer_ids) as d on c.customer_id = d.customer_id
