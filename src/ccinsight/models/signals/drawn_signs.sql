-- One row per customer with a sign in its tickets, agreements or counts of a year ago: all of them
-- beside each other.
with year_ago as (
    select
        s.customer_id,
        s.counted_users as users_before,
        s.active_users as active_users_before,
        s.courses_held as courses_before,
    from model.customer_states as s
    where model.year_before(as_of) >= s.known_from and model.year_before(as_of) < s.known_until
),

-- Put below each other and drawn together: joining each of them takes several MiB, all at once.
numbers as (
    select t.* from model.ticket_signs(as_of, customer_ids) as t
    union all by name
    select a.* from model.agreement_signs(as_of, customer_ids) as a
    union all by name
    select y.* from year_ago as y
)

select
    n.customer_id,
    max(n.last_ticket_on) as last_ticket_on,
    max(n.tickets) as tickets,
    max(n.tickets_before) as tickets_before,
    max(n.tickets_half) as tickets_half,
    max(n.tickets_half_before) as tickets_half_before,
    max(n.training_tickets) as training_tickets,
    max(n.consulting_tickets) as consulting_tickets,
    max(n.consulting_months) as consulting_months,
    max(n.access_down_tickets) as access_down_tickets,
    max(n.it_operations_tickets) as it_operations_tickets,
    max(n.last_older_ticket_on) as last_older_ticket_on,
    max(n.has_it_operations) as has_it_operations,
    count(n.is_waiting) as waiting_tickets,
    max(n.contacts) as contacts,
    max(n.contacting_users) as contacting_users,
    max(n.top_two_share) as top_two_share,
    max(n.renewal_on) as renewal_on,
    max(n.annual_value) as annual_value,
    max(n.price_rise) as price_rise,
    max(n.days_to_price_notice) as days_to_price_notice,
    max(n.days_to_termination) as days_to_termination,
    max(n.meetings_missed) as meetings_missed,
    max(n.has_meeting) as has_meeting,
    max(n.rate) as rate,
    max(n.next_step_users) as next_step_users,
    max(n.next_step_rate) as next_step_rate,
    max(n.users_to_next_step) as users_to_next_step,
    max(n.users_before) as users_before,
    max(n.active_users_before) as active_users_before,
    max(n.courses_before) as courses_before,
from numbers as n
group by n.customer_id
