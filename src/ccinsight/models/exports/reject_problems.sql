-- One row per rejected row: its file and line, and the first value that couldn't be read.
select
    'rejected_rows' as check_name,
    r.export,
    f.name || ': ' || r.line as key,
    cast(null as varchar) as customer_id,
    concat_ws(': ', r.column_name, r.value) as detail,
    1 as rows,
from stored.rejects as r
inner join stored.files as f on r.file_id = f.file_id
