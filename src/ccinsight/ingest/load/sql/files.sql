-- The log of files.

-- name: log_file
insert into stored.files by name
select
    $file_id as file_id, $import_id as import_id, $export as export, $name as name,
    $sha256 as sha256, $size as size_bytes, $format as format, $encoding as encoding,
    $read as rows_read, $good as rows_good, $rejected as rows_rejected, $seconds as seconds,
    cast($headers as varchar[]) as headers,
    $reading as reading, cast($first_on as date) as first_on, cast($last_on as date) as last_on;

-- name: covered_days
-- The first and the last day of a file's good rows. Bind: $file_id.
select min(cast({column} as date)), max(cast({column} as date))
from stored.{export}
where file_id = $file_id;
