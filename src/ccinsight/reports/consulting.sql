-- One row per customer with an agreement: consulting done and invoiced over the twelve months up to
-- the as-of date (R8).
select s.*
from model.consulting_sums(as_of, customer_ids) as s
order by s.difference desc nulls last, s.customer_id asc
