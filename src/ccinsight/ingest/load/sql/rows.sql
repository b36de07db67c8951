-- Rows of the table `staged`: checked, then stored as good rows or as rejects.

-- name: checked
-- One row per staged row: line, the parsed columns, their texts (`text_…`), and the number of the
-- first bad column.
with texts as (
    select
        s.*,
        {texts}
    from {rows}
),

parsed as (
    select
        t.*,
        {values}
    from texts as t
    cross join import_options as o
),

timed as (
    select * {times_of_opening} from parsed
),
{passes}
checked as (
    select *, {first_bad} as bad_column from {last_step}
)

-- name: passes
-- The last steps of tickets: the pass that each text gives, the pass that is meant, and whether it
-- is before the opening.
given_passes as (
    select *, {given} from timed
),

meant_passes as (
    select {meant} from given_passes
),

ordered as (
    select {early} from meant_passes
),

-- name: store_good
-- The good rows of the step or table that is checked. Bind: $file_id.
insert into stored.{export} ({columns}, file_id, line)
{steps}
select {values}, $file_id, j.line
from {checked} as j
where j.bad_column is null;

-- name: find_unstored
-- The staged rows that were not stored as good rows. Bind: $file_id.
create or replace temp table unstored as
select s.*
from staged as s
where s.line not in (
    select g.line
    from stored.{export} as g
    where g.file_id = $file_id and g.line >= (select min(f.line) from staged as f)
);

-- name: check_unstored
-- The rows of `unstored`, parsed in every form: planned once for the good ones and the bad ones.
create or replace temp table rechecked as
{steps}
select * from checked;

-- name: bad_columns
-- The numbers of the columns that are the first bad one of a row, in order.
select distinct bad_column
from rechecked
where bad_column is not null
order by bad_column;

-- name: store_bad
-- The rows in which something is bad, whole; a blank row is not a row. Bind: $file_id, $export.
insert into stored.rejects (file_id, export, line, row_key, column_name, value, reason, fields)
select
    $file_id, $export, j.line,
    {row_key},
    {columns},
    {values},
    {reasons},
    [{cells}]
from rechecked as j
cross join import_options as o
where j.bad_column is not null and coalesce({blanks}) is not null;

-- name: store_malformed
-- The given rows that meet a condition. Bind: $file_id, $export, and a list for each column of the
-- rows.
insert into stored.rejects (file_id, export, line, row_key, column_name, value, reason, fields)
with malformed as (
    select
        unnest(cast($lines as bigint[])) as line,
        unnest(cast($row_keys as varchar[])) as row_key,
        unnest(cast($column_names as varchar[])) as column_name,
        unnest(cast($values as varchar[])) as value,
        unnest(cast($reasons as varchar[])) as reason,
        unnest(cast($fields as varchar[][])) as fields
)

select $file_id, $export, line, row_key, column_name, value, reason, fields
from malformed
where {condition};

-- name: rejected_lines
-- The lines of the rejected rows of the staged chunk. Bind: $file_id.
select line
from stored.rejects
where file_id = $file_id and line >= (select min(line) from staged);

-- name: is_stored
-- A condition: whether the staged row was stored as a good one. Bind: $file_id.
line in (
    select g.line
    from stored.{export} as g
    where g.file_id = $file_id and g.line >= (select min(f.line) from staged as f)
)
