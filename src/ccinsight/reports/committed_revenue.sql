-- One row: recurring revenue on the as-of date (R9), and what is left of it after the terminations
-- known by then (R4). An agreement that another one follows later takes nothing away (R13).
with current_values as (
    select
        model.ore(s.invoiced_users * s.rate) as annual_value,
        model.known_end(as_of, t.notice_on, t.noticed_end, t.gone_on) is not null
        and coalesce(n.successor_begins_on <= as_of, true) as is_ending,
    from model.agreement_states as s
    inner join model.agreement_terms as t on s.agreement_id = t.agreement_id
    left join model.successors as n on s.agreement_id = n.agreement_id
    where
        s.is_in_force
        and model.is_within(as_of, s.known_from, s.known_until)
        and (customer_ids is null or s.customer_id in (select unnest(customer_ids)))
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
