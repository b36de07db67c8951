-- One row per agreement.
select
    v.agreement_id,
    v.customer_id,
    v.customer_name,
    v.account_manager,
    v.product,
    v.state,
    v.subscribed_on,
    v.period_start,
    v.period_end,
    v.renewal_on,
    v.termination_deadline,
    v.price_notice_deadline,
    v.ends_on,
    v.registered_users,
    v.invoiced_users,
    cast(v.rate as decimal(18, 2)) as rate,
    model.ore(v.annual_value) as annual_value,
    v.complexity,
    v.price_basis,
    v.price_source,
    v.price_version,
    v.notice_on,
    v.terminated_by,
    v.partner_confirmed_on,
    f.name as file_name,
    s.line,
    case
        when v.state <> 'ended' and coalesce(v.ends_on <> v.period_end, true)
            then v.price_notice_state
    end as price_notice_state,
from model.agreement_values(as_of, customer_ids) as v
left join stored.agreements as s on v.agreement_id = s.agreement_id
left join stored.files as f on s.file_id = f.file_id
order by v.state = 'ended', v.renewal_on, v.agreement_id
