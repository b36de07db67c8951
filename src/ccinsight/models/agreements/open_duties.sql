-- One row per thing to do as the exports show it on the as-of date, whatever a person said of it
-- (R14), with the columns and in the order of the report.
with known as (
    select d.* from model.agreement_duties(as_of, customer_ids) as d
    union all by name
    select d.* from model.billing_duties(as_of, customer_ids) as d
    union all by name
    select
        'consulting_unbilled' as kind,
        s.difference as value,
        s.expected || ' / ' || s.invoiced as detail,
        s.customer_id,
        s.customer_name,
        s.account_manager,
    from model.consulting_sums(as_of, customer_ids) as s
    where s.difference > 0
    union all by name
    select s.kind, s.last_day, cast(s.newest_on as varchar) as detail, s.newest_on as relates_on
    from model.stale_exports(as_of) as s
    where customer_ids is null
)

select
    model.duty_id(k.kind, k.agreement_id, k.customer_id, k.period_start) as duty_id,
    k.kind,
    'open' as state,
    k.last_day,
    w.working_day as last_working_day,
    date_diff('day', as_of, k.last_day) as days_left,
    k.agreement_id,
    k.customer_id,
    k.customer_name,
    k.account_manager,
    k.period_start,
    cast(k.value as decimal(18, 2)) as value,
    k.detail,
    cast(null as date) as closed_on,
    cast(null as varchar) as closed_by,
    cast(null as varchar) as note,
    k.relates_on,
    k.period_number,
from known as k
left join model.calendar as w on k.last_day = w.day
order by
    k.last_day asc nulls last,
    k.kind asc,
    k.agreement_id asc nulls last,
    k.customer_id asc nulls last,
    k.period_start asc
