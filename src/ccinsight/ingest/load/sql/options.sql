-- The import's options, as the parsers of values/*.sql read them.

-- name: import_options
-- One row. Bind: $day_first, $decimal_sign.
create or replace temp table import_options as
select cast($day_first as boolean) as day_first, cast($decimal_sign as varchar) as decimal_sign;

-- name: empty_texts
-- Bind: $texts, which mean empty.
set variable empty_texts = cast($texts as varchar[]);

-- name: clean_of_empty_texts
create or replace temp macro clean_text(t) as
    case
        when not list_contains(getvariable('empty_texts'), trimmed_text(t)) then trimmed_text(t)
    end;
