-- One row per agreement of a customer that has several of its product: the span of as-of dates on
-- which it is in force (R4).
with counted as (
    select
        t.*,
        count(*) over (partition by t.customer_id, t.product) as agreements,
    from model.agreement_terms as t
)

select
    c.agreement_id,
    c.customer_id,
    c.product,
    c.subscribed_on as known_from,
    coalesce(c.ends_on + 1, model.no_end()) as known_until,
from counted as c
where c.agreements > 1
