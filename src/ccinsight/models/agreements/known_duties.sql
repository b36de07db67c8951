-- One row per thing to do as the exports show it on the as-of date, whatever a person said of it
-- (R14).
with duties as materialized (
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
    model.duty_id(d.kind, d.agreement_id, d.customer_id, d.period_start) as duty_id,
    d.*,
from duties as d
