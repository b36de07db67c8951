-- Timestamps: SQL macros from a text to a value, or to null where the text is not a timestamp.
-- `common_…` reads the usual forms and has a small plan; `parse_…` reads every form and has a large
-- one. `day_first`: the setting, null where it is not given.

-- A date of two parts and a year, with a time or none, as `year-month-day time`.
create or replace temp macro ordered_timestamp(first_part, second_part, year_part, time_part) as
    try_cast(
        year_part || '-' || lpad(second_part, 2, '0') || '-' || lpad(first_part, 2, '0')
        || coalesce(' ' || time_part, '')
        as timestamp
    );

-- Day and month in either order, with `-` or `/` between: a day above 12 tells; else the setting;
-- else nothing does.
create or replace temp macro parts_to_timestamp(a, b, year_part, time_part, day_first) as
    case
        when
            try_cast(a as integer) > 12
            or try_cast(a as integer) = try_cast(b as integer)
            or day_first
            then ordered_timestamp(a, b, year_part, time_part)
        when not day_first then ordered_timestamp(b, a, year_part, time_part)
    end;

create or replace temp macro split_timestamp(p, day_first) as
    case
        when p.year_part <> ''
            then parts_to_timestamp(
                p.a, p.b, p.year_part, nullif(p.time_part, ''), day_first
            )
    end;

create or replace temp macro timestamp_parts(t) as
    regexp_extract(
        t,
        '^([0-9]{1,2})(?:-([0-9]{1,2})-|/([0-9]{1,2})/)((?:19|20|21)[0-9]{2})'
        || '(?: ((?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]{1,9})?)?))?$',
        ['a', 'b_dash', 'b_slash', 'year_part', 'time_part']
    );

create or replace temp macro parse_rare_timestamp(t, day_first) as
    case
        when t like '[D%:%]'
            then try_strptime(
                regexp_extract(
                    t,
                    '^\[DT?:([0-9]{1,2}/[0-9]{1,2}/(?:19|20|21)[0-9]{2}'
                    || '(?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?)\]$',
                    1
                ),
                ['%m/%d/%Y %H:%M:%S', '%m/%d/%Y %H:%M', '%m/%d/%Y']
            )
        when regexp_full_match(
            t,
            '(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}[ T]([01]?[0-9]|2[0-3]):[0-5][0-9]'
            || '(:[0-5][0-9]([.,][0-9]{1,9})?)?'
            || ' ?(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)'
        )
            then parse_offset_timestamp(t)
        when regexp_full_match(
            t,
            '(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}[ T]([01]?[0-9]|2[0-3]):[0-5][0-9]'
            || ':[0-5][0-9],[0-9]{1,9}'
        )
            then try_cast(replace(t, ',', '.') as timestamp)
        else split_timestamp(
            {
                'a': timestamp_parts(t).a,
                'b': timestamp_parts(t).b_dash || timestamp_parts(t).b_slash,
                'year_part': timestamp_parts(t).year_part,
                'time_part': timestamp_parts(t).time_part
            },
            day_first
        )
    end;

create or replace temp macro common_timestamp(t) as
    case
        when t is null then null
        when regexp_full_match(
            t,
            '(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}'
            || '([ T]([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?)?'
        )
            then try_cast(t as timestamp)
        when regexp_full_match(
            t, '[0-9]{1,2}[.][0-9]{1,2}[.](19|20|21)[0-9]{2} [0-9]{1,2}:[0-9]{2}:[0-9]{2}'
        )
            then try_strptime(t, '%d.%m.%Y %H:%M:%S')
        when regexp_full_match(
            t, '[0-9]{1,2}[.][0-9]{1,2}[.](19|20|21)[0-9]{2} [0-9]{1,2}:[0-9]{2}'
        )
            then try_strptime(t, '%d.%m.%Y %H:%M')
        when regexp_full_match(t, '[0-9]{1,2}[.][0-9]{1,2}[.](19|20|21)[0-9]{2}')
            then try_strptime(t, '%d.%m.%Y')
    end;

create or replace temp macro parse_timestamp(t, day_first) as
    case
        when t is not null then coalesce(common_timestamp(t), parse_rare_timestamp(t, day_first))
    end;
