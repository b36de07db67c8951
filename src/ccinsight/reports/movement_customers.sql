-- One row per month, customer and kind of movement of recurring revenue: what lies behind each bar
-- of revenue_movements (R9). A customer who came or left and whose revenue isn't known has a row
-- too: its amount is NULL where no part of it is known.
with moves as (
    select m.*
    from
        model.revenue_moves(
            as_of, customer_ids, model.days_of_span(as_of, months, since)
        ) as m
),

kinds as (
    select
        m.day_after,
        m.customer_id,
        v.movement,
        case v.movement
            when 'new' then m.new
            when 'reactivation' then m.reactivation
            when 'expansion' then m.expansion
            when 'contraction' then m.contraction
            when 'price_change' then m.price_change
            when 'churn' then m.churn
            else m.unknown
        end as amount,
        m.movement = v.movement
        and m.is_unknown
        and m.had_revenue <> m.has_revenue as is_value_unknown,
    from moves as m
    cross join (
        values
        ('new'),
        ('reactivation'),
        ('expansion'),
        ('contraction'),
        ('price_change'),
        ('churn'),
        ('unknown')
    ) as v (movement)
),

summed as (
    select
        cast(date_trunc('month', k.day_after) as date) as first_day,
        k.customer_id,
        k.movement,
        sum(k.amount) filter (where not k.is_value_unknown) as amount,
    from kinds as k
    where k.amount <> 0 or k.is_value_unknown
    group by cast(date_trunc('month', k.day_after) as date), k.customer_id, k.movement
)

select
    s.first_day as month,
    s.movement,
    s.customer_id,
    c.customer_name,
    c.account_manager,
    model.ore(s.amount) as amount,
from summed as s
inner join model.customers_on(as_of, customer_ids) as c on s.customer_id = c.customer_id
order by
    abs(s.amount) desc nulls last,
    s.first_day asc,
    s.customer_id asc,
    s.movement asc
