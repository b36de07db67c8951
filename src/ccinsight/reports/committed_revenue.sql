-- One row: recurring revenue on the as-of date (R9), and what is left of it after the terminations
-- known by then (R4). An agreement that another one follows later takes nothing away (R13).
with current_values as (
    select
        model.ore(v.annual_value) as annual_value,
        v.state = 'terminating'
        and coalesce(s.successor_begins_on <= as_of, true) as is_ending,
    from model.agreement_values(as_of, customer_ids) as v
    left join model.successors as s on v.agreement_id = s.agreement_id
    where v.is_in_force
)

select
    d.on_day as as_of,
    count(c.is_ending) as agreements,
    model.known_sum(sum(c.annual_value), count(c.is_ending)) as arr,
    model.ore(
        model.ore_part(model.known_sum(sum(c.annual_value), count(c.is_ending)), 12)
    ) as mrr,
    count(*) filter (where c.is_ending) as agreements_ending,
    model.known_sum(
        sum(c.annual_value) filter (where c.is_ending),
        count(*) filter (where c.is_ending)
    ) as ending_value,
    model.known_sum(
        sum(c.annual_value) filter (where not c.is_ending),
        count(*) filter (where not c.is_ending)
    ) as committed_arr,
    count(c.is_ending) - count(c.annual_value) as value_unknown,
from (select as_of as on_day) as d
left join current_values as c on true
group by d.on_day
