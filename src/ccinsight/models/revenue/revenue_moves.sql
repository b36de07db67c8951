-- One row per agreement and span between two successive days of days: how its recurring revenue
-- moved (R9). Classified by customer, split by agreement; start + new + reactivation + expansion +
-- contraction + price_change + churn + unknown = end holds for every row.
with paired as (
    select p.* from model.revenue_pairs(as_of, customer_ids, days) as p
),

-- Grouped and joined back: windows over partitions of one or two rows take many times as long.
customers as (
    select
        p.day_after,
        p.customer_id,
        model.has_revenue(
            sum(p.revenue_before), bool_or(p.was_in_force and p.revenue_before is null)
        ) as had_revenue,
        model.has_revenue(
            sum(p.revenue_after), bool_or(p.is_in_force and p.revenue_after is null)
        ) as has_revenue,
    from paired as p
    group by p.day_after, p.customer_id
),

classified as (
    select
        c.*,
        p.had_revenue,
        p.has_revenue,
        case
            when not p.had_revenue and p.has_revenue and f.subscribed_on <= c.day_before
                then 'reactivation'
            when not p.had_revenue and p.has_revenue then 'new'
            when p.had_revenue and not p.has_revenue then 'churn'
            when not p.had_revenue then 'none'
            when c.was_in_force and not c.is_in_force then 'left'
            when c.is_in_force and not c.was_in_force then 'joined'
            when c.revenue_before is null and c.revenue_after is null then 'none'
            when c.revenue_before is null or c.revenue_after is null then 'unknown'
            else 'kept'
        end as movement,
        coalesce(c.revenue_before, 0) as start_revenue,
        coalesce(c.revenue_after, 0) as end_revenue,
        coalesce(c.revenue_after, 0) - coalesce(c.revenue_before, 0) as change,
        model.ore((c.users_after - c.users_before) * c.rate_before) as seats,
    from paired as c
    inner join customers as p on c.day_after = p.day_after and c.customer_id = p.customer_id
    inner join model.agreement_terms as f
        on c.customer_id = f.customer_id and f.sequence_number = 1
)

select
    c.day_before,
    c.day_after,
    c.customer_id,
    c.agreement_id,
    c.movement,
    c.users_before,
    c.users_after,
    c.rate_before,
    c.rate_after,
    c.had_revenue,
    c.has_revenue,
    c.was_in_force and c.revenue_before is null
    or c.is_in_force and c.revenue_after is null as is_unknown,
    c.start_revenue,
    case when c.movement = 'new' then c.change else 0 end as new,
    case when c.movement = 'reactivation' then c.change else 0 end as reactivation,
    case
        when c.movement = 'joined' then c.change
        when c.movement = 'kept' and c.seats > 0 then c.seats
        else 0
    end as expansion,
    case
        when c.movement = 'left' then c.change
        when c.movement = 'kept' and c.seats < 0 then c.seats
        else 0
    end as contraction,
    case when c.movement = 'kept' then c.change - c.seats else 0 end as price_change,
    case when c.movement = 'churn' then c.change else 0 end as churn,
    case when c.movement = 'unknown' then c.change else 0 end as unknown,
    c.end_revenue,
from classified as c
