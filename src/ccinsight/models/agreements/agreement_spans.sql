-- One row per agreement and span of as-of dates on which the same is known of it: its current
-- period, the users on the period's start and now (R5), active users of the newest count that has
-- them, and the last day on which a price was announced. The first span begins before all dates and
-- the last has no end. Of an upcoming agreement its first period, of an ended one its last.
with spans as (
    select
        terms.*,
        days.on_day as known_from,
        lead(days.on_day, 1, model.no_end()) over agreement as known_until,
        max(days.counted_on) over agreement as counted_on,
        last_value(days.counted_users ignore nulls) over agreement as counted_users,
        last_value(days.active_users ignore nulls) over agreement as active_users,
        coalesce(max(days.announced_on) over agreement, model.no_start()) as announced_on,
        greatest(terms.subscribed_on, least(days.on_day, coalesce(terms.ends_on, days.on_day)))
            as period_day,
    from model.agreement_days as days
    inner join model.agreement_terms as terms on days.agreement_id = terms.agreement_id
    where terms.ends_on is null or days.on_day <= terms.ends_on + 1
    window agreement as (partition by days.agreement_id order by days.on_day)
),

placed as (
    select
        s.*,
        model.years_since(s.anniversary_on, s.period_day) as years,
    from spans as s
),

dated as materialized (
    select
        p.*,
        model.period_start(p.subscribed_on, p.anniversary_on, p.years) as period_start,
        model.plus_years(p.anniversary_on, p.years + 1) as renewal_on,
    from placed as p
)

-- Every period starts a span; before it begins, the newest count there is stands for the one on its
-- start.
select
    spans.agreement_id,
    spans.customer_id,
    spans.known_from,
    spans.known_until,
    spans.subscribed_on,
    spans.ends_on,
    spans.period_start,
    spans.renewal_on,
    spans.counted_on,
    spans.active_users,
    spans.announced_on,
    coalesce(spans.counted_users, spans.registered_users) as current_users,
    coalesce(
        case
            when spans.known_from < spans.period_start then spans.counted_users
            else starts.counted_users
        end,
        spans.registered_users
    ) as users_on_start,
    case when spans.known_from < spans.period_start then spans.counted_on else starts.counted_on end
        as users_counted_on,
from dated as spans
left join dated as starts
    on spans.agreement_id = starts.agreement_id and spans.period_start = starts.known_from
