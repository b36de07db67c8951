-- Dates: SQL macros from a text to a value, or to null where the text is not a date. `common_…`
-- reads the usual forms and has a small plan; `parse_…` reads every form and has a large one;
-- `…_reason` says why a date or timestamp is rejected (reasons.py). `day_first`: the setting, null
-- where it is not given.

create or replace temp macro common_date(t, day_first) as
    case
        when t is null then null
        when regexp_full_match(t, '(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}') then try_cast(t as date)
        when regexp_full_match(t, '[0-9]{1,2}[.][0-9]{1,2}[.](19|20|21)[0-9]{2}')
            then cast(try_strptime(t, '%d.%m.%Y') as date)
        when day_first and regexp_full_match(t, '[0-9]{1,2}/[0-9]{1,2}/(19|20|21)[0-9]{2}')
            then cast(try_strptime(t, '%d/%m/%Y') as date)
        when regexp_full_match(t, '(1[3-9]|[23][0-9])/[0-9]{1,2}/(19|20|21)[0-9]{2}')
            then cast(try_strptime(t, '%d/%m/%Y') as date)
    end;

create or replace temp macro parse_date(t, day_first) as
    case
        when t is not null
            then coalesce(common_date(t, day_first), cast(parse_timestamp(t, day_first) as date))
    end;

-- A date without a time of day: `[D:12/31/2026]` is one too.
create or replace temp macro has_no_time(t) as
    not contains(t, ':') or t like '[D:%';

create or replace temp macro date_reason(t, day_first) as
    case
        when
            day_first is null
            and regexp_full_match(
                t,
                '(0?[1-9]|1[0-2])(-(0?[1-9]|1[0-2])-|/(0?[1-9]|1[0-2])/)(19|20|21)[0-9]{2}'
                || '( ([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?)?'
            )
            then 'ambiguous date: day or month first?'
        when regexp_matches(t, '^[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{2}( |$)')
            then 'not a date: the year needs four digits'
        else 'not a date'
    end;
