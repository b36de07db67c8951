-- One row per customer that any export names. partner: null outside a group.
with priced as (
    select
        s.customer_id,
        sum(s.invoiced_users * s.rate) as annual_value,
        count(*) as agreements,
    from model.agreement_states as s
    where s.is_in_force and as_of >= s.known_from and as_of < s.known_until
    group by s.customer_id
)

select
    i.customer_id,
    c.customer_name,
    c.account_manager,
    coalesce(c.user_band, 'unknown') as user_band,
    c.registered_users,
    coalesce(p.agreements, 0) as agreements,
    model.ore(case when p.agreements is null then 0 else p.annual_value end) as annual_value,
    case
        when c.customer_id is null then 'none'
        when c.agreements_in_force > 0 then 'active'
        when c.agreements_upcoming > 0 then 'upcoming'
        else 'ended'
    end as state,
    c.org_number,
    c.customer_since_on,
    e.partner,
from model.customer_ids as i
left join model.customers_on(as_of, customer_ids) as c on i.customer_id = c.customer_id
left join priced as p on i.customer_id = p.customer_id
left join model.export_facts as e on split_part(i.customer_id, '/', 1) = e.partner
where customer_ids is null or i.customer_id in (select unnest(customer_ids))
order by lower(c.customer_name) nulls last, i.customer_id
