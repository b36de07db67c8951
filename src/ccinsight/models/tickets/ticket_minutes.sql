-- One row per customer with a ticket in the twelve months up to the as-of date: its tickets and
-- the minutes spent, billable and included in the agreement (A3, R8).
select
    t.customer_id,
    count(*) as tickets,
    count(t.minutes_spent) as timed_tickets,
    sum(t.minutes_spent) as minutes,
    sum(t.billable_minutes) as billable_minutes,
    -- greatest() passes over unknown values, which must stay unknown
    sum(
        case
            when t.minutes_spent is not null
                then greatest(t.minutes_spent - coalesce(t.billable_minutes, 0), 0)
        end
    ) as included_minutes,
from model.tickets_on(as_of) as t
where
    t.opened_on > model.year_before(as_of)
    and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
group by t.customer_id
