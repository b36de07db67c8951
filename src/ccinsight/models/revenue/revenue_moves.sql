-- One row per agreement and span between two successive days of days: how its recurring revenue moved (R9).
-- Classified by customer, split by agreement; start + new + reactivation + expansion + contraction + price_change
-- + churn + unknown = end holds for every row.
with wanted as (
    select distinct unnest(days) as on_day,
),

spans as (
    select
        w.on_day as day_after,
        lag(w.on_day) over (order by w.on_day) as day_before,
    from wanted as w
),

values_on as (
    select
        v.agreement_id,
        v.customer_id,
        v.on_day,
        v.users,
        v.rate,
        model.ore(v.revenue) as revenue,
    from model.revenue_days(as_of, customer_ids, days) as v
),

befores as (
    select s.day_after, v.*
    from spans as s
    inner join values_on as v on s.day_before = v.on_day
),

afters as (
    select s.day_after, v.*
    from spans as s
    inner join values_on as v on s.day_after = v.on_day
    where s.day_before is not null
),

paired as (
    select
        coalesce(a.day_after, b.day_after) as day_after,
        coalesce(a.customer_id, b.customer_id) as customer_id,
        coalesce(a.agreement_id, b.agreement_id) as agreement_id,
        b.agreement_id is not null as was_in_force,
        a.agreement_id is not null as is_in_force,
        b.users as users_before,
        a.users as users_after,
        b.rate as rate_before,
        a.rate as rate_after,
        b.revenue as revenue_before,
        a.revenue as revenue_after,
    from befores as b
    full outer join afters as a on b.day_after = a.day_after and b.agreement_id = a.agreement_id
),

-- Grouped and joined back: windows over partitions of one or two rows take many times as long.
customers as (
    select
        p.day_after,
        p.customer_id,
        coalesce(sum(p.revenue_before), 0) > 0 or bool_or(p.was_in_force and p.revenue_before is null) as had_revenue,
        coalesce(sum(p.revenue_after), 0) > 0 or bool_or(p.is_in_force and p.revenue_after is null) as has_revenue,
    from paired as p
    group by p.day_after, p.customer_id
),

placed as (
    select p.*, c.had_revenue, c.has_revenue
    from paired as p
    inner join customers as c on p.day_after = c.day_after and p.customer_id = c.customer_id
),

first_days as (
    select t.customer_id, min(t.subscribed_on) as customer_since_on
    from model.agreement_terms as t
    group by t.customer_id
),

classified as (
    select
        c.*,
        s.day_before,
        case
            when not c.had_revenue and c.has_revenue and f.customer_since_on <= s.day_before then 'reactivation'
            when not c.had_revenue and c.has_revenue then 'new'
            when c.had_revenue and not c.has_revenue then 'churn'
            when not c.had_revenue then 'none'
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
    from placed as c
    inner join spans as s on c.day_after = s.day_after
    inner join first_days as f on c.customer_id = f.customer_id
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
    c.was_in_force and c.revenue_before is null or c.is_in_force and c.revenue_after is null as is_unknown,
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
