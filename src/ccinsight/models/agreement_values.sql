-- One row per agreement: its period and state on the as-of date, users (R5), invoiced users (R7), rate (R6) and value (R9).
-- Of an upcoming agreement the users and the rate of its first period as known now; of an ended one no users and no value.
with rated as (
    select
        r.*,
        case
            when r.state = 'ended' or r.users_on_start is null then null
            else coalesce(b.billed_users, r.users_on_start)
        end as invoiced_users,
        case when r.state <> 'ended' then coalesce(c.registered_users, r.registered_users) end as current_users,
    from model.rated_periods(as_of, customer_ids, as_of, as_of) as r
    left join model.billed_steps as b
        on r.agreement_id = b.agreement_id
        and r.period_start = b.period_start
        and as_of >= b.counted_on
        and as_of < b.next_counted_on
    left join model.user_spans as c
        on r.customer_id = c.customer_id and as_of >= c.counted_on and as_of < c.next_counted_on
)

select
    r.* exclude (registered_users),
    r.current_users as registered_users,
    r.invoiced_users * r.rate as annual_value,
from rated as r
