-- One row per agreement of the product that is in force (R4) and goes on: what a planned price,
-- valid from a day and notified on a day, changes and at which renewal (R3, R6). An agreement that
-- is still to begin has no renewal (R13). Nothing is stored by planning. percent raises (or lowers)
-- the rate that would hold otherwise; steps, a list of {complexity, min_users, price_per_user},
-- replaces it.
with horizon as (
    -- the period after the one whose deadline a notice sent a month later still reaches
    select
        cast(
            model.notice_horizon(
                cast(
                    greatest(coalesce(valid_on, as_of), coalesce(sent_on, as_of), as_of)
                    + interval 1 month as date
                )
            ) + interval 13 month as date
        ) as last_day,
),

-- The renewals on or after the day from which the price is valid.
coming as (
    select r.*
    from model.rated_periods(as_of, customer_ids, as_of, (select h.last_day from horizon as h)) as r
    where
        (product_name is null or r.product = product_name)
        and r.is_in_force
        and r.period_start > as_of
        and r.period_start >= coalesce(valid_on, as_of)
        and (r.ends_on is null or r.period_start <= r.ends_on)
),

-- Per agreement: the earliest of them, the first that a notice of the day reaches, and the first
-- that one sent a month later reaches.
firsts as (
    select
        c.agreement_id,
        min(c.period_start) as first_on,
        min(c.period_start) filter (where c.announce_by >= coalesce(sent_on, as_of)) as reached_on,
        min(c.period_start) filter (
            where c.announce_by >= cast(coalesce(sent_on, as_of) + interval 1 month as date)
        ) as reached_on_later,
    from coming as c
    group by c.agreement_id
),

planned as (
    select
        c.*,
        f.reached_on,
        f.reached_on_later,
        n.sent_on as letter_sent_on,
        case
            when n.sent_on is not null then c.rate  -- notified of this list: the rate is its own
            when steps is not null then s.price_per_user
            -- DuckDB multiplies decimals of up to 18 digits into 18.
            else model.ore(
                model.ore_part(cast(c.rate as decimal(20, 4)) * (100 + coalesce(percent, 0)), 100)
            )
        end as new_rate,
    from coming as c
    inner join firsts as f on c.agreement_id = f.agreement_id and c.period_start = f.first_on
    left join model.price_reach as n
        on c.agreement_id = n.agreement_id
        and n.price_source = 'list'
        and n.valid_from = valid_on
        and n.sent_on <= as_of
    left join model.tried_steps(steps) as s
        on c.complexity = s.complexity
        and c.users_on_start >= s.min_users
        and c.users_on_start < s.next_min_users
)

select
    p.agreement_id,
    p.customer_id,
    p.customer_name,
    p.account_manager,
    p.price_basis,
    p.price_source,
    p.complexity,
    p.users_on_start as users,
    p.period_start as first_renewal_on,
    p.announce_by as notify_by,
    c.working_day as act_by,
    p.reached_on,
    cast(p.rate as decimal(18, 2)) as rate,
    cast(p.new_rate as decimal(18, 2)) as new_rate,
    model.ore(p.users_on_start * p.rate) as value,
    model.ore(p.users_on_start * p.new_rate) as new_value,
    model.ore(p.users_on_start * p.new_rate) - model.ore(p.users_on_start * p.rate) as change,
    case
        when p.reached_on = p.period_start then cast(0 as decimal(18, 2))
        else model.ore(p.users_on_start * p.new_rate) - model.ore(p.users_on_start * p.rate)
    end as lost,
    case
        when p.reached_on_later = p.reached_on then cast(0 as decimal(18, 2))
        else model.ore(p.users_on_start * p.new_rate) - model.ore(p.users_on_start * p.rate)
    end as lost_by_waiting,
    coalesce(p.price_source <> 'list', p.price_basis = 'contract') as needs_direct_agreement,
    n.price_notice_state,
    p.letter_sent_on,
from planned as p
left join
    model.price_notice_states(as_of, customer_ids, as_of, (select h.last_day from horizon as h))
        as n
    on p.agreement_id = n.agreement_id and p.period_start = n.renewal_on
left join model.calendar as c on p.announce_by = c.day
order by p.announce_by, p.agreement_id
