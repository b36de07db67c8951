-- One row per file imported by the as-of date, newest first.
with noted as (
    select w.file_id, count(*) as warnings from stored.warnings as w
    group by w.file_id
)

select
    f.import_id,
    i.imported_at,
    f.export,
    f.name,
    f.rows_read,
    f.rows_good,
    f.rows_rejected,
    coalesce(n.warnings, 0) as warnings,
    i.imported_by,
    f.sha256,
from stored.files as f
inner join stored.imports as i on f.import_id = i.import_id
left join noted as n on f.file_id = n.file_id
order by f.import_id desc, f.file_id asc
