-- One row per agreement whose next renewal, as known on the day before since, fell from that day up
-- to the as-of date: the value that was forecast then, and the value that it renewed with (R13).
with forecasts as (
    select
        w.*,
        case w.renewal_status
            when 'ending' then 0
            when 'will_renew' then cast(w.value_next as double)
            else w.weighted_value
        end as forecast_value,
    from
        model.weighted_renewals(
            coalesce(since - 1, model.year_before(as_of)),
            customer_ids,
            model.months_of_span(as_of, 12, coalesce(since - 1, model.year_before(as_of)))
        ) as w
    where w.renewal_on <= as_of
),

outcomes as (
    select
        f.*,
        coalesce(s.is_in_force, false) as is_renewed,
        n.successor_id is not null as is_followed,
        s.invoiced_users * s.rate as renewed_value,
        b.invoiced_users * b.rate as due_value,
    from forecasts as f
    left join model.agreement_states as s
        on f.agreement_id = s.agreement_id
        and model.is_within(f.renewal_on, s.known_from, s.known_until)
    left join model.agreement_states as b
        on f.agreement_id = b.agreement_id
        and model.is_within(f.renewal_on - 1, b.known_from, b.known_until)
    left join model.successors as n on f.agreement_id = n.agreement_id
)

select
    o.agreement_id,
    o.customer_id,
    o.customer_name,
    o.account_manager,
    o.renewal_on,
    o.renewal_status,
    o.value_now,
    model.ore(cast(o.forecast_value as decimal(38, 10))) as forecast_value,
    model.ore(case
        when o.is_renewed then o.renewed_value
        when o.is_followed then o.due_value
        else 0
    end) as renewed_value,
    o.is_renewed or o.is_followed as went_on,
from outcomes as o
order by o.renewal_on, o.agreement_id
