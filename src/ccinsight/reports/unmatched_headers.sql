-- One row per header that names no column and file that counts still, newest file first.
select
    f.export,
    w.value as header,
    f.name,
    f.imported_at,
from model.files_in_use as f
inner join stored.warnings as w on f.file_id = w.file_id
where w.kind = 'header_unmatched'
group by f.export, w.value, f.name, f.imported_at
order by f.imported_at desc, f.export asc, f.name asc, w.value asc
