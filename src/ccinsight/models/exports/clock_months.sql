-- One row per month of 1900 to 2199: the hours that Norwegian clocks are ahead of UTC before and
-- after the month's change of clock, and the local time from which the later ones hold (R10);
-- without a change both are the same and changes_at is null. A local time skipped in spring has the
-- earlier offset, one that comes twice in autumn its first. month_number counts months from year 0.
with months as (
    select
        m.month_at,
        model.norwegian_time(m.month_at) - m.month_at as offset_before,
        model.norwegian_time(m.month_at + interval 1 month)
        - (m.month_at + interval 1 month) as offset_after,
    from (
        select
            unnest(range(timestamp '1900-01-01', timestamp '2200-01-01', interval 1 month))
                as month_at,
    ) as m
),

days as (
    select
        m.month_at,
        unnest(range(m.month_at, m.month_at + interval 1 month, interval 1 day)) as day_at,
        m.offset_before,
        m.offset_after,
    from months as m
    where m.offset_before <> m.offset_after
),

-- The last day that begins with the earlier offset is that of the change.
hours as (
    select
        d.month_at,
        unnest(range(max(d.day_at), max(d.day_at) + interval 25 hour, interval 1 hour)) as hour_at,
        d.offset_before,
        d.offset_after,
    from days as d
    where model.norwegian_time(d.day_at) - d.day_at = d.offset_before
    group by d.month_at, d.offset_before, d.offset_after
),

changes as (
    select
        h.month_at,
        min(h.hour_at) + greatest(h.offset_before, h.offset_after) as changes_at,
    from hours as h
    where model.norwegian_time(h.hour_at) - h.hour_at = h.offset_after
    group by h.month_at, h.offset_before, h.offset_after
)

select
    cast(model.month_number(m.month_at) as integer) as month_number,
    cast(date_part('hour', m.offset_before) as tinyint) as hours_before,
    cast(date_part('hour', m.offset_after) as tinyint) as hours_after,
    c.changes_at,
from months as m
left join changes as c on m.month_at = c.month_at
