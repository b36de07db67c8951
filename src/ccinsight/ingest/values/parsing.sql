-- Text → value, or null where the text is no such value. `common_…` knows the forms that most files are full of, and is
-- small; `parse_…` knows all forms, and its plan is large. Each `..._reason` says why a text gave null (reasons.py).

-- An apostrophe that makes a spreadsheet take what follows for text is dropped. It stays where it begins a word
-- (`'s-Hertogenbosch`, `'t Hart`) or a quotation (`'Feil 500' vises`), but not before what a spreadsheet would run.
create or replace temp macro without_guard(t) as
    case
        when starts_with(t, '''') and not regexp_matches(t, '(?s)^''([stn][ -]|[^-=+@0-9](.*[^\s])?''([^\pL\pN]|$))')
            then nullif(trim(substr(t, 2)), '')
        else t
    end;

-- A field as it came, without the apostrophe that a file of rejected rows guards it with.
create or replace temp macro unguarded(t) as case when starts_with(t, '''') then substr(t, 2) else t end;

-- Trimming costs much more than finding out that there is nothing to trim.
create or replace temp macro trimmed_text(t) as
    case
        when
            t < '!' or t > '~' or starts_with(t, '''') or ends_with(t, ' ') or ends_with(t, chr(9)) or ends_with(t, chr(10)) or ends_with(t, chr(13))
            or ends_with(t, chr(160)) or ends_with(t, chr(8239))
            then without_guard(nullif(trim(t, ' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(8239)), ''))
        else t
    end;

-- A text as it is read: trimmed, null where it is empty. Where the settings name texts that mean empty, statements.py
-- puts another macro in its place.
create or replace temp macro clean_text(t) as trimmed_text(t);

-- `[I:17]` is 17: SuperOffice's way to write whole numbers.
create or replace temp macro plain_id(t) as
    case when t like '[_:%]' then regexp_replace(t, '^\[[IF]:(-?[0-9.]+)\]$', '\1') else t end;

-- ---------------------------------------------------------------- dates

-- ISO with an offset or Z, as an instant.
create or replace temp macro parse_instant(t) as
    try_cast(regexp_replace(replace(replace(t, ',', '.'), ' +', '+'), ' ([-Z])', '\1') as timestamptz);

-- The same as Norwegian local time.
create or replace temp macro parse_offset_moment(t) as timezone('Europe/Oslo', parse_instant(t));

create or replace temp macro has_offset(t) as regexp_matches(t, ':[0-9.,]+ ?(Z|[-+][0-9:]+)$');

-- The pass of the repeated hour that a text with an offset means: true for the second, false for the first, null where
-- the text has no offset or its local time comes once. The clock was never turned later than 3 in the night.
create or replace temp macro offset_pass(t, local_at) as
    case
        when hour(local_at) <= 3 and has_offset(t)
            then case
                when timezone('Europe/Oslo', parse_instant(t) - interval 1 hour) = local_at then true
                when timezone('Europe/Oslo', parse_instant(t) + interval 1 hour) = local_at then false
            end
    end;

-- The instant of a local time (R10): of the repeated hour the pass asked for; a skipped time has the winter offset.
create or replace temp macro local_instant(local_at, is_second) as
    case
        when is_second and timezone('Europe/Oslo', timezone('Europe/Oslo', local_at) + interval 1 hour) = local_at
            then timezone('Europe/Oslo', local_at) + interval 1 hour
        when not is_second and timezone('Europe/Oslo', timezone('Europe/Oslo', local_at) - interval 1 hour) = local_at
            then timezone('Europe/Oslo', local_at) - interval 1 hour
        else timezone('Europe/Oslo', local_at)
    end;

-- Whether two local times are so near each other, and to a change of clock, that their order may differ from that of
-- their instants.
create or replace temp macro may_swap(opened_at, later_at) as
    hour(later_at) <= 3 and later_at < opened_at + interval 1 hour and later_at >= opened_at - interval 1 hour;

-- Whether a reply or closing is in the second pass of the repeated hour (R10): as its text says, else where the first
-- pass would be before the opening.
create or replace temp macro is_second_pass(opened_at, opened_pass, later_at, pass) as
    case
        when pass is not null then pass
        when may_swap(opened_at, later_at)
            then local_instant(later_at, false) < local_instant(opened_at, coalesce(opened_pass, false))
        else false
    end;

-- Whether a reply or closing lies before the opening, as instants (R10).
create or replace temp macro is_before(opened_at, opened_pass, later_at, is_second) as
    case
        when may_swap(opened_at, later_at)
            then local_instant(later_at, is_second) < local_instant(opened_at, coalesce(opened_pass, false))
        else later_at < opened_at
    end;

-- A date of two parts and a year, with a time or none, as `year-month-day time`.
create or replace temp macro ordered_moment(first_part, second_part, year_part, time_part) as
    try_cast(
        year_part || '-' || lpad(second_part, 2, '0') || '-' || lpad(first_part, 2, '0') || coalesce(' ' || time_part, '')
        as timestamp
    );

-- Day and month in either order, with `-` or `/` between: a day above 12 tells; else the setting; else nothing does.
create or replace temp macro parts_to_moment(a, b, year_part, time_part, day_first) as
    case
        when try_cast(a as integer) > 12 or try_cast(a as integer) = try_cast(b as integer) or day_first
            then ordered_moment(a, b, year_part, time_part)
        when not day_first then ordered_moment(b, a, year_part, time_part)
    end;

create or replace temp macro split_moment(p, day_first) as
    case
        when p.year_part <> '' then parts_to_moment(p.a, p.b, p.year_part, nullif(p.time_part, ''), day_first)
    end;

create or replace temp macro moment_parts(t) as
    regexp_extract(
        t,
        '^([0-9]{1,2})(?:-([0-9]{1,2})-|/([0-9]{1,2})/)((?:19|20|21)[0-9]{2})'
        || '(?: ((?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]{1,9})?)?))?$',
        ['a', 'b_dash', 'b_slash', 'year_part', 'time_part']
    );

create or replace temp macro parse_rare_moment(t, day_first) as
    case
        when t like '[D%:%]'
            then try_strptime(
                regexp_extract(t, '^\[DT?:([0-9]{1,2}/[0-9]{1,2}/(?:19|20|21)[0-9]{2}(?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?)\]$', 1),
                ['%m/%d/%Y %H:%M:%S', '%m/%d/%Y %H:%M', '%m/%d/%Y']
            )
        when regexp_full_match(
            t,
            '(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}[ T]([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]{1,9})?)?'
            || ' ?(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)'
        )
            then parse_offset_moment(t)
        when regexp_full_match(t, '(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}[ T]([01]?[0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9],[0-9]{1,9}')
            then try_cast(replace(t, ',', '.') as timestamp)
        else split_moment(
            {
                'a': moment_parts(t).a,
                'b': moment_parts(t).b_dash || moment_parts(t).b_slash,
                'year_part': moment_parts(t).year_part,
                'time_part': moment_parts(t).time_part
            },
            day_first
        )
    end;

create or replace temp macro common_moment(t) as
    case
        when t is null then null
        when regexp_full_match(
            t,
            '(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}([ T]([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?)?'
        )
            then try_cast(t as timestamp)
        when regexp_full_match(t, '[0-9]{1,2}[.][0-9]{1,2}[.](19|20|21)[0-9]{2} [0-9]{1,2}:[0-9]{2}:[0-9]{2}')
            then try_strptime(t, '%d.%m.%Y %H:%M:%S')
        when regexp_full_match(t, '[0-9]{1,2}[.][0-9]{1,2}[.](19|20|21)[0-9]{2} [0-9]{1,2}:[0-9]{2}')
            then try_strptime(t, '%d.%m.%Y %H:%M')
        when regexp_full_match(t, '[0-9]{1,2}[.][0-9]{1,2}[.](19|20|21)[0-9]{2}') then try_strptime(t, '%d.%m.%Y')
    end;

create or replace temp macro parse_moment(t, day_first) as
    case when t is not null then coalesce(common_moment(t), parse_rare_moment(t, day_first)) end;

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
    case when t is not null then coalesce(common_date(t, day_first), cast(parse_moment(t, day_first) as date)) end;

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

-- ---------------------------------------------------------------- numbers

-- The signs of the settings' currency, as a regular expression; those of another, and the code of the settings' own.
create or replace temp macro own_currency() as
    coalesce(getvariable('own_currency'), 'kr|KR|Kr|NOK|Nok|nok');
create or replace temp macro any_currency() as
    '[€£¥$]|US[$]|kr|KR|Kr|(?i:NOK|SEK|DKK|ISK|EUR|USD|GBP|CHF|PLN|JPY|CAD|AUD)';
create or replace temp macro currency_code() as
    coalesce(getvariable('currency_code'), 'NOK');

-- The settings' currency, or null where the text names another.
create or replace temp macro parse_currency(t) as
    case when regexp_full_match(upper(t), '(' || upper(own_currency()) || ')[.]?') then currency_code() end;

-- The number without what may stand around it: one of the signs, a regular expression; spaces and minus made plain.
create or replace temp macro without_sign(t, signs) as
    regexp_replace(
        regexp_replace(
            translate(t, chr(8722) || chr(160) || chr(8239), '-  '), '^(-?) ?(?:' || signs || ') ?(-?)', '\1\2'
        ),
        ' ?(?:' || signs || ')$',
        ''
    );

create or replace temp macro bare_number(t) as
    without_sign(t, own_currency());

create or replace temp macro grouped_number(b, decimal_sign, strict) as
    case
        when regexp_full_match(b, '-?[0-9]{1,3}( [0-9]{3})+([.,][0-9]+)?') then replace(replace(b, ' ', ''), ',', '.')
        when regexp_full_match(b, '-?[0-9]{1,3}([.][0-9]{3})+,[0-9]+') then replace(replace(b, '.', ''), ',', '.')
        when regexp_full_match(b, '-?[0-9]{1,3}(,[0-9]{3})+[.][0-9]+') then replace(b, ',', '')
        when regexp_full_match(b, '-?[0-9]{1,3}([.][0-9]{3}){2,}') then replace(b, '.', '')
        when regexp_full_match(b, '-?[0-9]{1,3}(,[0-9]{3}){2,}') then replace(b, ',', '')
        when (strict or decimal_sign is not null) and regexp_full_match(b, '-?[1-9][0-9]{0,2}[.,][0-9]{3}')
            then case
                when decimal_sign is null then null
                when contains(b, decimal_sign) then replace(b, ',', '.')
                else replace(replace(b, ',', ''), '.', '')
            end
        when regexp_full_match(b, '-?[0-9]+([.,][0-9]+)?') then replace(b, ',', '.')
    end;

create or replace temp macro rare_number(t, decimal_sign, strict) as
    case
        when t like '[_:%]' then nullif(regexp_extract(t, '^\[[IF]:(-?[0-9]+(?:[.][0-9]+)?(?:[eE][-+]?[0-9]{1,2})?)\]$', 1), '')
        -- An ending `,-` says that the comma is the decimal sign, and that no decimals come.
        when translate(t, chr(8722), '-') like '%,-'
            then nullif(
                regexp_extract(grouped_number(regexp_replace(bare_number(t), ' ?,-$', ''), ',', strict), '^-?[0-9]+$'), ''
            )
        else grouped_number(bare_number(t), decimal_sign, strict)
    end;

create or replace temp macro common_number(t) as
    case when regexp_full_match(t, '-?[0-9]+([.,][0-9]{1,2})?') then replace(t, ',', '.') end;

-- A number as plain decimal text. `strict`: 1.234 is ambiguous unless the decimal sign is set.
create or replace temp macro number_text(t, decimal_sign, strict) as
    case when t is not null then coalesce(common_number(t), rare_number(t, decimal_sign, strict)) end;

create or replace temp macro parse_money(t, decimal_sign) as
    try_cast(number_text(t, decimal_sign, true) as decimal(18, 4));

create or replace temp macro parse_number(t, decimal_sign) as
    try_cast(number_text(t, decimal_sign, false) as decimal(18, 6));

create or replace temp macro common_count(t) as
    case when regexp_full_match(t, '[0-9]{1,9}') then try_cast(t as integer) end;

-- A macro's argument is copied to each place where it stands: of `number_text`, whose plan is large, there is one.
create or replace temp macro parse_count(t, decimal_sign) as
    case
        when t is not null
            then coalesce(
                common_count(t),
                try_cast(regexp_extract(number_text(t, decimal_sign, true), '^(-?0+|[0-9]+)([.]0*)?$', 1) as integer)
            )
    end;

create or replace temp macro number_reason(t, decimal_sign) as
    case
        when number_text(t, decimal_sign, true) is not null then 'too large a number'
        when
            regexp_full_match(without_sign(bare_number(t), any_currency()), '-?[0-9][0-9 .,]*(,-)?')
            and not regexp_full_match(bare_number(t), '-?[0-9][0-9 .,]*(,-)?')
            then 'in another currency than the settings say'
        when regexp_full_match(bare_number(t), '-?[1-9][0-9]{0,2}[.,][0-9]{3}')
            then 'ambiguous number: decimal sign or thousands?'
        else 'not a number'
    end;

create or replace temp macro count_reason(t, decimal_sign) as
    case
        when try_cast(number_text(t, decimal_sign, true) as decimal(18, 6)) < 0 then 'is negative'
        when try_cast(number_text(t, decimal_sign, true) as decimal(18, 6)) % 1 <> 0 then 'not a whole number'
        else number_reason(t, decimal_sign)
    end;

-- ---------------------------------------------------------------- minutes

-- `h:mm` or `h:mm:ss`
create or replace temp macro clock_minutes(t) as
    case
        when regexp_full_match(t, '[0-9]{1,6}:[0-5][0-9](:[0-5][0-9])?')
            then cast(
                try_cast(split_part(t, ':', 1) as decimal(18, 6)) * 60
                + try_cast(split_part(t, ':', 2) as integer)
                + try_cast(coalesce(nullif(split_part(t, ':', 3), ''), '0') as decimal(18, 6)) / 60
                as decimal(18, 6)
            )
    end;

-- `per_minute` is 60 where plain numbers are seconds, else 1. Null for a negative number too.
create or replace temp macro parse_minutes(t, decimal_sign, per_minute) as
    case
        when t is null then null
        when regexp_full_match(t, '[0-9]{1,9}') then try_cast(try_cast(t as bigint) / per_minute as decimal(18, 6))
        when contains(t, ':') and not contains(t, '[') then clock_minutes(t)
        else try_cast(
            try_cast(regexp_extract(number_text(t, decimal_sign, false), '^(-0+([.]0*)?|[0-9].*)$', 1) as decimal(18, 6))
            / per_minute as decimal(18, 6)
        )
    end;

create or replace temp macro minutes_reason(t, decimal_sign) as
    case
        when parse_number(t, decimal_sign) < 0 then 'is negative'
        else 'not a number of minutes'
    end;

-- ---------------------------------------------------------------- names

-- A name of a value as it is matched, the same as catalogue.fold does for headers.
create or replace temp macro fold_text(t) as
    regexp_replace(
        replace(replace(strip_accents(lower(t)), 'ø', 'o'), 'æ', 'ae'),
        '[\s\x{00a0}\x{202f}._-]+',
        '',
        'g'
    );
