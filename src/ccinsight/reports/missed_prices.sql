-- One row per price version that was announced too late for the next renewal of agreements in
-- force, of those that renew within the months ahead: what the old rate costs for one more year
-- (R6).
select
    r.missed_version,
    count(*) as agreements,
    model.known_sum(sum(r.missed_price_change), count(*)) as missed_price_change,
    count(*) - count(r.missed_price_change) as value_unknown,
from model.coming_renewals(as_of, customer_ids, months) as r
where r.missed_version is not null
group by r.missed_version
order by r.missed_version
