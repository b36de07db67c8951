-- Keys of rows: what comes twice in a file, and what a file replaces.

-- name: find_repeated
-- The keys that come more than once in a file, with the last line of each. Bind: $file_id.
create or replace temp table repeated as
select {key} as row_key, max(r.line) as last_line, count(*) - 1 as rows
from stored.{export} as r
where r.file_id = $file_id {among}
group by 1
having count(*) > 1;

-- name: among
-- A condition: only keys of a list, which are whole numbers. Bind: $among.
and try_cast({key} as bigint) in (select unnest(cast($among as bigint[])))

-- name: log_conflicts
-- The keys in `repeated` whose rows have different contents. Bind: $file_id.
insert into stored.key_conflicts (file_id, export, row_key, lines)
select $file_id, '{export}', d.row_key, list(r.line order by r.line)
from stored.{export} as r
inner join repeated as d on {key} = d.row_key
where r.file_id = $file_id
group by d.row_key
having count(distinct row({contents})) > 1;

-- name: drop_repeated
-- The rows of a file whose key comes again later in it. Bind: $file_id.
delete from stored.{export} as r
using repeated as d
where r.file_id = $file_id and {key} = d.row_key and r.line < d.last_line;

-- name: has_older
-- A row if the export has rows of other files. Bind: $file_id.
select 1 from stored.{export} where file_id <> $file_id limit 1;

-- name: has_older_rejects
-- Bind: $file_id, $export.
select 1 from stored.rejects where export = $export and file_id <> $file_id limit 1;

-- name: drop_older
-- The rows of other files whose keys this file has. Bind: $file_id.
delete from stored.{export} as r
where r.file_id <> $file_id and {key} in ({keys_of_file});

-- name: keys_of_file
select {key} from stored.{export} as n where n.file_id = $file_id

-- name: drop_mended
-- The rejects of other files that this file mends or brings again. Bind: $file_id, $export.
delete from stored.rejects as r
where
    r.export = $export and r.file_id <> $file_id
    and (
        r.row_key in ({keys_of_file})
        or exists (
            select 1
            from stored.rejects as again
            where
                again.file_id = $file_id
                and list_transform(again.fields, lambda field: unguarded(field))
                = list_transform(r.fields, lambda field: unguarded(field))
        )
    );
