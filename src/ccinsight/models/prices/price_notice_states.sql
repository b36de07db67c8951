-- One row per agreement and period n that overlaps the span from first_day to last_day, with its dates and the state of
-- the price notice for the period after it (R14), as known on the as-of date.
-- A planned version is the one thing seen before its day: the export gives the day on which it will be announced.
with periods as (
    select p.*
    from model.periods(as_of, customer_ids, first_day, last_day) as p
),

-- The newest version of each kind that holds in n, that reaches n + 1, that would if none were too late, that is planned.
versions as (
    select
        p.agreement_id,
        p.period_start,
        v.price_source,
        max(v.valid_from) filter (
            where
            v.announced_on <= as_of
            and v.valid_from <= p.period_start
            and (v.is_from_start or v.announced_on <= p.announce_by)
        ) as now_version,
        max(v.valid_from) filter (
            where v.announced_on <= as_of and (v.is_from_start or v.announced_on <= p.price_notice_deadline)
        ) as next_version,
        max(v.valid_from) filter (where v.announced_on <= as_of) as full_version,
        max(v.valid_from) filter (where v.given_on > as_of) as planned_version
    from periods as p
    inner join model.agreement_versions as v on p.agreement_id = v.agreement_id and p.renewal_on >= v.valid_from
    group by p.agreement_id, p.period_start, v.price_source
),

-- The agreement's own versions come before those of the list.
decided as (
    select
        p.*,
        d.planned_version > coalesce(d.next_version, date '0001-01-01')
        or (d.next_version is null and l.planned_version > coalesce(l.next_version, date '0001-01-01')) as is_planned,
        coalesce('direct ' || d.now_version, 'list ' || l.now_version, '') as now_key,
        coalesce('direct ' || d.next_version, 'list ' || l.next_version, '') as next_key,
        coalesce('direct ' || d.full_version, 'list ' || l.full_version, '') as full_key
    from periods as p
    left join versions as d on p.agreement_id = d.agreement_id and p.period_start = d.period_start and d.price_source = 'direct'
    left join versions as l on p.agreement_id = l.agreement_id and p.period_start = l.period_start and l.price_source = 'list'
)

select
    d.* exclude (is_planned, now_key, next_key, full_key),
    case
        when d.is_planned then 'planned'
        when d.full_key <> d.next_key then 'missed'
        when d.next_key <> d.now_key then 'announced'
        else 'none'
    end as price_notice_state
from decided as d
