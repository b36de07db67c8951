-- Lookups of texts: each different text once, in the order of `place`.

-- name: value_names
create or replace temp table value_names (
    column_name varchar, name varchar, is_exact boolean, value varchar
);

-- name: name_values
-- Bind: a list for each column.
insert into value_names
select
    unnest(cast($columns as varchar[])),
    unnest(cast($names as varchar[])),
    unnest(cast($exact as boolean[])),
    unnest(cast($values as varchar[]));

-- name: find_values
-- The value of each text `new_texts` of an enumerated column, null where no name matches. Bind:
-- $column.
with texts as (
    select place, clean_text(raw) as raw from new_texts
)

select coalesce(e.value, n.value) as value
from texts as t
left join value_names as e on e.is_exact and e.column_name = $column and e.name = t.raw
left join value_names as n
    on not n.is_exact and n.column_name = $column and n.name = fold_text(t.raw)
order by t.place;

-- name: find_minutes
-- The minutes of each text `new_texts`, null where it is not a number of minutes.
select parse_minutes(t.raw, o.decimal_sign, {per_minute}) as found
from (select place, clean_text(raw) as raw from new_texts) as t
cross join import_options as o
order by t.place;

-- name: find_hashes
-- The keyed hash of each contact `new_texts`. Bind: $inner, $outer, HMAC's two keys.
select case when t.raw is not null then {hash} end as hashed
from (select place, plain_id(clean_text(raw)) as raw from new_texts) as t
order by t.place;

-- name: counted_values
-- The texts `counted_texts` of a column, with the value of each, the most frequent first.
select clean_text(raw) as text, value, cast(sum(rows) as bigint) as rows
from counted_texts
where rows > 0 and text is not null
group by all
order by rows desc, text;
