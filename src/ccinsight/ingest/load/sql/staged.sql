-- What is asked of the staged rows beside storing them.

-- name: texts
-- Each text of a column, with its rows.
select {text} as raw, count(*)
from staged
where raw is not null
group by 1;

-- name: placeholders
-- The texts that people and programs write for nothing, with the number of values of each. Bind:
-- $texts.
select text, count(*)
from (select clean_text(unnest([{cells}])) as text from staged)
where list_contains(cast($texts as varchar[]), text)
group by 1;

-- name: first_texts
-- The first different texts at a position. Bind: $limit.
select clean_text({cell}) as raw
from staged
where raw is not null
group by 1
order by min(line)
limit $limit;

-- name: day_times
-- How many rows have a reply or closing without a time of day.
select count(*) from staged where ({tests})

-- name: stored_day_times
-- The same of the rows that were stored as good ones. Bind: $file_id.
select count(*) from staged where ({tests}) and {is_stored}
