-- One row per agreement and user count that falls within a period, after its first day (R7).
-- billed_users is the highest number of users billed in the period once the count is known; it
-- holds until next_counted_on. Everything is unknown where the users on the period's start are.
with counts as (
    select
        t.agreement_id,
        t.anniversary_on,
        t.subscribed_on,
        t.registered_users as own_users,
        t.customer_id,
        c.counted_on,
        c.registered_users,
        model.years_since(t.anniversary_on, c.counted_on) as years,
    from model.agreement_terms as t
    inner join model.user_spans as c on t.customer_id = c.customer_id
    where c.counted_on > t.subscribed_on and (t.ends_on is null or c.counted_on <= t.ends_on)
),

placed as (
    select
        c.*,
        model.period_start(c.subscribed_on, c.anniversary_on, c.years) as period_start,
        model.plus_years(c.anniversary_on, c.years + 1) as renewal_on,
    from counts as c
),

started as (
    select
        p.*,
        coalesce(s.registered_users, p.own_users) as users_on_start,
    from placed as p
    left join model.user_spans as s
        on p.customer_id = s.customer_id
        and p.period_start >= s.counted_on
        and p.period_start < s.next_counted_on
    where p.counted_on > p.period_start
),

billed as (
    select
        s.*,
        case
            when s.users_on_start is not null
                then greatest(
                    s.users_on_start,
                    max(s.registered_users) over (
                        partition by s.agreement_id, s.period_start
                        order by s.counted_on
                        rows between unbounded preceding and current row
                    )
                )
        end as billed_users,
    from started as s
)

select
    b.agreement_id,
    b.customer_id,
    b.period_start,
    b.renewal_on,
    b.counted_on,
    lead(b.counted_on, 1, b.renewal_on) over (
        partition by b.agreement_id, b.period_start order by b.counted_on
    ) as next_counted_on,
    b.registered_users,
    b.users_on_start,
    coalesce(
        lag(b.billed_users)
            over (partition by b.agreement_id, b.period_start order by b.counted_on),
        b.users_on_start
    ) as billed_before,
    b.billed_users,
from billed as b
