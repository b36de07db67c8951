-- Minutes: whole or decimal numbers, `h:mm` and `h:mm:ss` to a number of minutes below
-- 10^7, nineteen years, or null.

-- `h:mm` or `h:mm:ss`
create or replace temp macro clock_minutes(t) as
    case
        when regexp_full_match(t, '[0-9]{1,6}:[0-5][0-9](:[0-5][0-9])?')
            then try_cast(
                try_cast(split_part(t, ':', 1) as decimal(18, 6)) * 60
                + try_cast(split_part(t, ':', 2) as integer)
                + try_cast(coalesce(nullif(split_part(t, ':', 3), ''), '0') as decimal(18, 6)) / 60
                as decimal(13, 6)
            )
    end;

-- `per_minute` is 60 where plain numbers are seconds, else 1. Null for a negative number too.
create or replace temp macro parse_minutes(t, decimal_sign, per_minute) as
    case
        when t is null then null
        when regexp_full_match(t, '[0-9]{1,9}')
            then try_cast(try_cast(t as bigint) / per_minute as decimal(13, 6))
        when contains(t, ':') and not contains(t, '[') then clock_minutes(t)
        else try_cast(
            try_cast(
                regexp_extract(
                    number_text(t, decimal_sign, false), '^(-0+([.]0*)?|[0-9].*)$', 1
                ) as decimal(18, 6)
            )
            / per_minute as decimal(13, 6)
        )
    end;

create or replace temp macro minutes_reason(t, decimal_sign) as
    case
        when parse_number(t, decimal_sign) < 0 then 'is negative'
        when number_text(t, decimal_sign, false) is not null then 'too large a number'
        else 'not a number of minutes'
    end;
