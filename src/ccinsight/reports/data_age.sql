-- One row per export that was imported by the as-of date: its newest import, and its newest row
-- where rows have a day.
with imported as (
    select f.export, cast(max(i.imported_at) as date) as imported_on
    from stored.files as f
    inner join stored.imports as i on f.import_id = i.import_id
    where
        cast(i.imported_at as date) <= as_of
        and f.export in ('agreements', 'tickets', 'user_counts', 'prices', 'invoices', 'meetings')
    group by f.export
),

exports as (
    select i.export from imported as i
    union
    select e.export from model.export_ages(as_of) as e
    where e.newest_on is not null
)

select
    x.export,
    i.imported_on,
    a.newest_on,
    cast(date_diff('day', a.newest_on, as_of) as integer) as days_old,
    cast(a.most_days as integer) as most_days,
    coalesce(date_diff('day', a.newest_on, as_of) > a.most_days, false) as is_stale,
from exports as x
left join imported as i on x.export = i.export
left join model.export_ages(as_of) as a on x.export = a.export
order by x.export
