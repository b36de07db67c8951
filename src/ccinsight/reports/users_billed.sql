-- One row per agreement in force: users at the vendor, users to be billed for the current period
-- (R7) and users that its invoices bill.
with billed as (
    select
        a.agreement_id,
        a.period_start,
        sum(a.quantity) as users,
        bool_or(a.quantity is null) as is_unknown,
    from model.invoice_assignments(as_of) as a
    where a.period_start is not null
    group by a.agreement_id, a.period_start
),

held as (
    select
        v.*,
        case
            when e.has_invoices and not coalesce(b.is_unknown, false)
                then cast(coalesce(b.users, 0) as bigint)
        end as billed_users,
    from model.agreement_values(as_of, customer_ids) as v
    inner join model.export_facts as e on model.is_of_partner(v.customer_id, e.partner)
    left join billed as b on v.agreement_id = b.agreement_id and v.period_start = b.period_start
    where v.is_in_force
)

select
    h.agreement_id,
    h.customer_id,
    h.customer_name,
    h.account_manager,
    h.period_start,
    cast(h.registered_users as bigint) as registered_users,
    cast(h.invoiced_users as bigint) as invoiced_users,
    h.billed_users,
    cast(h.invoiced_users - h.billed_users as bigint) as users_difference,
    cast(h.rate as decimal(18, 2)) as rate,
    model.ore((h.invoiced_users - h.billed_users) * h.rate) as difference_value,
from held as h
order by (h.invoiced_users - h.billed_users) * h.rate desc nulls last, h.agreement_id
