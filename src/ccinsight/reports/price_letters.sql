-- One row per agreement in force that is still to be notified of a planned price in time, with the
-- renewal from which it would hold (R3, R6, R14). Without steps: the versions that are planned
-- already. With steps, a list of {complexity, min_users, price_per_user}: the list that they make.
with periods as materialized (
    select r.*
    from
        model.rated_periods(
            as_of,
            customer_ids,
            as_of,
            cast(model.notice_horizon(greatest(valid_on, as_of)) + interval 13 month as date)
        ) as r
    where r.is_in_force and (r.ends_on is null or r.period_start <= r.ends_on)
),

versions as (
    select r.agreement_id, r.price_source, r.price_owner, r.valid_from
    from model.price_reach as r
    where steps is null and r.given_on > as_of
    union all
    select t.agreement_id, 'list' as price_source, t.product as price_owner, valid_on as valid_from
    from model.agreement_terms as t
    left join model.price_reach as r
        on t.agreement_id = r.agreement_id and r.price_source = 'list' and r.valid_from = valid_on
    where
        steps is not null
        and t.product = product_name
        and t.price_basis = 'price_list'
        and (r.sent_on is null or r.sent_on > as_of)
),

-- The renewal at which a version begins to hold: in time still, and no other answers there.
renewals as (
    select
        f.*,
        v.price_source as letter_source,
        v.price_owner as letter_owner,
        v.valid_from,
    from versions as v
    inner join periods as f on v.agreement_id = f.agreement_id and v.valid_from <= f.period_start
    where f.period_start > as_of
    qualify row_number() over (
        partition by v.agreement_id, v.price_source, v.valid_from order by f.period_start
    ) = 1
),

-- While another version is planned for such a renewal, what a list that is only being tried would
-- change is unknown.
in_time as (
    select r.*
    from renewals as r
    left join model.price_reach as planned
        on r.agreement_id = planned.agreement_id
        and r.period_start >= planned.valid_from
        and planned.given_on > as_of
        and (r.letter_source <> planned.price_source or r.valid_from <> planned.valid_from)
        and steps is not null
    where
        planned.agreement_id is null
        and r.announce_by >= as_of
        and model.is_newer_price(r.letter_source, r.valid_from, r.price_source, r.price_version)
    -- of several planned for the next renewal the one that would decide
    qualify row_number() over (
        partition by r.agreement_id
        order by r.period_start asc, r.letter_source asc, r.valid_from desc
    ) = 1
),

all_steps as (
    select s.* from model.price_steps as s
    where steps is null
    union all by name
    select 'list' as price_source, product_name as price_owner, valid_on as valid_from, t.*
    from model.tried_steps(steps) as t
)

select
    i.agreement_id,
    i.customer_id,
    i.customer_name,
    i.account_manager,
    i.product,
    i.letter_source as price_source,
    i.valid_from,
    i.period_start as renewal_on,
    b.period_start,
    b.period_end,
    i.announce_by as notify_by,
    c.working_day as act_by,
    b.termination_deadline as terminate_by,
    i.complexity,
    i.users_on_start as users,
    cast(b.rate as decimal(18, 2)) as rate,
    cast(s.price_per_user as decimal(18, 2)) as new_rate,
    model.ore(i.users_on_start * b.rate) as value,
    model.ore(i.users_on_start * s.price_per_user) as new_value,
    model.ore(i.users_on_start * s.price_per_user) - model.ore(i.users_on_start * b.rate) as change,
    cast(i.rate as decimal(18, 2)) as known_rate,
    model.ore(i.users_on_start * s.price_per_user) - model.ore(i.users_on_start * i.rate) as effect,
    model.is_other_price(i.price_source, i.price_version, b.price_source, b.price_version)
        as is_announced,
    i.notice_months,
    i.price_notice_days,
from in_time as i
-- the period before, which may itself be still to come
inner join periods as b
    on i.agreement_id = b.agreement_id and i.period_start = b.renewal_on
left join all_steps as s
    on i.letter_source = s.price_source
    and i.letter_owner = s.price_owner
    and i.valid_from = s.valid_from
    and i.complexity = s.complexity
    and i.users_on_start >= s.min_users
    and i.users_on_start < s.next_min_users
left join model.calendar as c on i.announce_by = c.day
order by i.announce_by, i.agreement_id, i.valid_from
