-- One row per customer with an agreement: consulting done and invoiced over the twelve months up to
-- the as-of date (R8), with what it is broken down by.
select
    s.customer_id,
    s.customer_name,
    s.account_manager,
    c.user_band,
    c.product,
    c.complexity,
    c.price_basis,
    c.subscription_year,
    s.billable_minutes,
    s.hourly_rate,
    s.expected,
    s.invoiced,
    s.difference,
    -- greatest() passes over unknown values, which must stay unknown
    case when s.difference is not null then greatest(s.difference, 0) end as unbilled,
    s.discount_value,
from model.consulting_sums(as_of, customer_ids) as s
inner join model.customer_traits(as_of, customer_ids) as c on s.customer_id = c.customer_id
