-- One row per customer with an agreement in force: how use, users, meetings, price and dates stand on the as-of date (R4–R13).
-- What the possibilities and the renewal risk are made of. Unknown where the export that would tell isn't there, or doesn't
-- reach back far enough to compare.
with customers as (
    select
        c.*,
        -- since when there is something to compare
        greatest(c.customer_since_on, e.first_ticket_on) as told_since_on,
        e.first_ticket_on is not null as has_tickets,
        e.first_contact_at < model.end_of_day(as_of) as has_contacts,
        e.first_role_at < model.end_of_day(as_of) as has_roles,
        e.has_meetings,
        e.has_confirmations
    from model.customers_on(as_of, customer_ids) as c
    cross join model.export_facts as e
    where c.agreements_in_force > 0
),

-- The last year apart from the one before it, and from what looks at all tickets: most is counted in the last alone.
recent as not materialized (
    select
        t.customer_id,
        t.opened_on,
        t.scope,
        t.is_access_down,
        t.is_of_user,
        t.is_of_it_operations,
        t.contact_key,
        -- each month a bit of its own
        case
            when t.billable_minutes > 0
                then 1 << cast(date_diff('month', model.year_before(as_of), t.opened_on) as integer)
        end as consulting_month,
    from model.tickets_on(as_of) as t
    where
        t.opened_at >= model.end_of_day(model.year_before(as_of))
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
        count(*) filter (where t.opened_on > cast(as_of - to_months(18) as date)) as tickets_half_before
    from model.tickets_on(as_of) as t
    where
        t.opened_at >= model.end_of_day(model.year_before(model.year_before(as_of)))
        and t.opened_at < model.end_of_day(model.year_before(as_of))
        and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
    group by t.customer_id
),

-- The months that are over; the tickets of the as-of date's own are among the recent ones. Tickets that are gone from a list
-- since are in no month.
ever as (
    select t.customer_id, t.last_opened_on as last_older_ticket_on, t.has_it_operations
    from model.ticket_months as t
    where as_of >= t.known_from and as_of < t.known_until
    union all
    select
        t.customer_id,
        max(t.opened_on) as last_older_ticket_on,
        bool_or(t.is_of_it_operations) as has_it_operations
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
),

-- Status meetings are looked for in the current period and in those of the two years before.
met as (
    select
        p.agreement_id,
        count(*) filter (where p.renewal_on <= as_of) as met_periods,
        bool_or(p.renewal_on > as_of and p.held_on <= as_of) as is_held
    from model.met_periods as p
    where p.renewal_on > cast(as_of - to_years(2) as date)
    group by p.agreement_id
),

planned as (
    select m.customer_id, min(m.planned_on) as planned_on
    from main.meetings as m
    where m.kind = 'status_meeting' and m.planned_on >= as_of and (m.held_on is null or m.held_on > as_of)
    group by m.customer_id
),

in_force as (
    select
        v.customer_id,
        v.sequence_number,
        v.registered_users,
        v.next_step_users,
        v.next_step_rate,
        v.renewal_on,
        v.termination_deadline,
        v.price_notice_deadline,
        v.rate,
        v.next_rate,
        v.annual_value,
        v.ends_on is null or v.ends_on > v.period_end as goes_on,
        f.successor_id is not null as has_successor,
        v.period_number
        - model.years_since(v.anniversary_on, greatest(v.subscribed_on, cast(as_of - to_years(2) as date)))
        - case when v.is_aligned then 1 else 0 end
        - coalesce(m.met_periods, 0) as missed_periods,
        coalesce(m.is_held, false) or coalesce(p.planned_on <= v.period_end, false) as has_meeting
    from model.agreement_values(as_of, customer_ids) as v
    left join model.successors as f on v.agreement_id = f.agreement_id
    left join met as m on v.agreement_id = m.agreement_id
    left join planned as p on v.customer_id = p.customer_id
    where v.is_in_force
),

-- The first of the renewals that no notice has stopped speaks for the customer's dates; a successor begins where one has (R13).
renewals as (
    select
        v.customer_id,
        min(v.renewal_on) filter (where v.goes_on or v.has_successor) as renewal_on,
        sum(model.ore(v.annual_value)) as annual_value,
        max(cast(v.next_rate as double) / nullif(cast(v.rate as double), 0) - 1) filter (where v.goes_on) as price_rise,
        min(v.price_notice_deadline - as_of) filter (where v.goes_on) as days_to_price_notice,
        min(v.termination_deadline - as_of) filter (where v.goes_on) as days_to_termination,
        max(v.missed_periods + case when not v.has_meeting and v.termination_deadline < as_of then 1 else 0 end)
            as meetings_missed,
        bool_and(v.has_meeting) as has_meeting,
        arg_max_null(v.rate, v.sequence_number) as rate,
        arg_max_null(v.next_step_users, v.sequence_number) as next_step_users,
        arg_max_null(v.next_step_rate, v.sequence_number) as next_step_rate,
        arg_max_null(v.next_step_users - v.registered_users, v.sequence_number) as users_to_next_step,
    from in_force as v
    group by v.customer_id
),

year_ago as (
    select
        s.customer_id,
        s.counted_users as users_before,
        s.active_users as active_users_before,
        s.courses_held as courses_before
    from model.customer_states as s
    where model.year_before(as_of) >= s.known_from and model.year_before(as_of) < s.known_until
),

-- All that is one row a customer put below each other and drawn together: joining each of them takes several MiB, all at once.
numbers as (
    select u.* from usage as u
    union all by name
    select b.* from usage_before as b
    union all by name
    select v.* from ever as v
    union all by name
    select w.* from waiting as w
    union all by name
    select l.* from callers as l
    union all by name
    select r.* from renewals as r
    union all by name
    select y.* from year_ago as y
),

drawn as (
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
)

select
    c.customer_id,
    c.agreement_id,
    c.customer_name,
    c.account_manager,
    c.user_band,
    c.registered_users,
    c.customer_since_on,
    cast(as_of - c.customer_since_on as integer) as customer_days,
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
        when c.has_tickets and c.told_since_on <= model.year_before(model.year_before(as_of)) + 1
            then coalesce(d.tickets_before, 0)
    end as tickets_before,
    case when c.has_tickets then coalesce(d.tickets_half, 0) end as tickets_half,
    case
        when c.has_tickets and c.told_since_on <= cast(as_of - to_months(18) as date) + 1
            then coalesce(d.tickets_half_before, 0)
    end as tickets_half_before,
    case
        when c.has_tickets and c.told_since_on <= cast(as_of - to_months(18) as date) + 1
            then 1 - cast(coalesce(d.tickets_half, 0) as double) / nullif(d.tickets_half_before, 0)
    end as use_fall,
    case when c.has_tickets then coalesce(d.training_tickets, 0) end as training_tickets,
    case when c.has_tickets then coalesce(d.consulting_tickets, 0) end as consulting_tickets,
    case when c.has_tickets then coalesce(d.consulting_months, 0) end as consulting_months,
    case when c.has_tickets then coalesce(d.access_down_tickets, 0) end as access_down_tickets,
    case when c.has_tickets then coalesce(d.waiting_tickets, 0) end as waiting_tickets,
    cast(as_of - coalesce(d.last_ticket_on, d.last_older_ticket_on, c.told_since_on) as integer) as silent_days,
    case when c.has_contacts then coalesce(d.contacting_users, 0) end as contacting_users,
    case
        when c.has_contacts then cast(coalesce(d.contacting_users, 0) as double) / nullif(c.registered_users, 0)
    end as contact_rate,
    case when c.has_contacts then coalesce(d.contacts, 0) end as contacts,
    d.top_two_share,
    case
        when c.has_roles then coalesce(d.has_it_operations, false) or coalesce(d.it_operations_tickets > 0, false)
    end as has_it_operations,
    case when c.has_roles then coalesce(d.it_operations_tickets, 0) end as it_operations_tickets,
    case when c.has_confirmations then coalesce(c.partner_confirmed_on <= as_of, false) end as is_partner_confirmed,
    c.last_meeting_on,
    case when c.has_meetings then coalesce(d.has_meeting, false) end as has_meeting,
    case when c.has_meetings then coalesce(d.meetings_missed, 0) end as meetings_missed,
    case when c.has_meetings then c.courses_held - d.courses_before end as courses_held,
    c.notices_known,
    c.going_on,
    d.renewal_on,
    cast(d.renewal_on - as_of as integer) as days_to_renewal,
    cast(d.days_to_price_notice as integer) as days_to_price_notice,
    cast(d.days_to_termination as integer) as days_to_termination,
    d.annual_value,
    d.price_rise,
    d.rate,
    d.users_to_next_step,
    d.next_step_users,
    d.next_step_rate
from customers as c
left join drawn as d on c.customer_id = d.customer_id
