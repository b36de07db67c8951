-- One row per customer with an agreement: what the explored figures are broken down by, of the
-- agreement that speaks for the customer on the as-of date.
select
    c.customer_id,
    c.customer_name,
    c.account_manager,
    c.user_band,
    c.product,
    t.complexity,
    t.price_basis,
    cast(year(t.subscribed_on) as varchar) as subscription_year,
from model.customers_on(as_of, customer_ids) as c
inner join model.agreement_terms as t on c.agreement_id = t.agreement_id
