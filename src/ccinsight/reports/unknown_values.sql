-- One row per export, column and value that no name matches: how many rows of files that count
-- still, and what they became.
with kept as (
    select
        f.export,
        w.column_name,
        w.value,
        w.rows,
        case w.column_name
            when 'status' then 'by_closing'
            when 'channel' then 'other'
            else 'unknown'
        end as became,
        f.name,
        f.imported_at,
    from model.files_in_use as f
    inner join stored.warnings as w on f.file_id = w.file_id
    where w.kind = 'value_unknown'
),

rejected as (
    select
        r.export,
        r.column_name,
        r.value,
        count(*) as rows,
        'rejected' as became,
        f.name,
        i.imported_at,
    from stored.rejects as r
    inner join stored.files as f on r.file_id = f.file_id
    inner join stored.imports as i on f.import_id = i.import_id
    where r.reason = 'not one of the known values'
    group by all
),

met as (
    select k.* from kept as k
    union all
    select r.* from rejected as r
)

select
    m.export,
    m.column_name,
    m.value,
    cast(sum(m.rows) as bigint) as rows,
    m.became,
    string_agg(distinct m.name, ', ' order by m.name) as name,
    max(m.imported_at) as imported_at,
from met as m
group by m.export, m.column_name, m.value, m.became
order by sum(m.rows) desc, m.export asc, m.column_name asc, m.value asc
