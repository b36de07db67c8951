-- One row per customer with an agreement in force, at least of the user bands of the customers
-- asked for. Of more than 20 customers all bands are given: they are of most, and to ask of each
-- ticket whose it is takes longer.
with asked as (
    select distinct s.user_band
    from model.customers_on(as_of, customer_ids) as s
    where s.agreements_in_force > 0 and len(customer_ids) <= 20
)

select c.*
from model.customers_on(as_of, null) as c
where
    c.agreements_in_force > 0
    and (
        customer_ids is null
        or len(customer_ids) > 20
        or c.user_band in (select a.user_band from asked as a)
    )
