-- One row per agreement, period of the last two years and kind that is billed too little or too
-- much (R7, R14). relates_on is the day on which the first part of what is billed too little fell
-- due.
with differences as (
    select
        b.*,
        case
            when b.difference > 0 then coalesce(b.first_raised_on, b.period_start)
            else b.period_start
        end as due_on,
    from model.period_billing(as_of, customer_ids, model.plus_years(as_of, -2)) as b
    where b.difference <> 0
)

select
    d.kind || case when d.difference > 0 then '_unbilled' else '_overbilled' end as kind,
    d.agreement_id,
    d.period_start,
    d.period_number,
    d.due_on + 30 as last_day,
    abs(d.difference) as value,
    d.expected || ' / ' || d.invoiced as detail,
    d.due_on as relates_on,
    d.customer_id,
    d.customer_name,
    d.account_manager,
from differences as d
where d.difference < 0 or d.due_on + 30 < as_of
