-- One row per customer and kind of movement of recurring revenue between since and the as-of date
-- (R9).
with moves as (
    select m.*
    from model.revenue_moves(as_of, customer_ids, [coalesce(since, as_of - 7), as_of]) as m
),

kinds as (
    select
        m.customer_id,
        k.movement,
        case k.movement
            when 'new' then m.new
            when 'reactivation' then m.reactivation
            when 'expansion' then m.expansion
            when 'contraction' then m.contraction
            when 'price_change' then m.price_change
            when 'churn' then m.churn
            else m.unknown
        end as amount,
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
    ) as k (movement)
),

summed as (
    select
        k.customer_id,
        k.movement,
        sum(k.amount) as amount,
    from kinds as k
    where k.amount <> 0
    group by k.customer_id, k.movement
)

select
    s.movement,
    s.customer_id,
    c.customer_name,
    c.account_manager,
    model.ore(s.amount) as amount,
from summed as s
inner join model.customers_on(as_of, customer_ids) as c on s.customer_id = c.customer_id
order by abs(s.amount) desc, s.customer_id asc, s.movement asc
