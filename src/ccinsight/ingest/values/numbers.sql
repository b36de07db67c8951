-- Numbers, amounts and counts: SQL macros from a text to a value, or to null where the text is not
-- such a value. `common_…` reads the usual forms and has a small plan; `parse_…` reads every form
-- and has a large one; `…_reason` says why a text is rejected (reasons.py). `decimal_sign`: the
-- setting, null where it is not given. Each kind of number has a limit that no customer comes near
-- (docs/decisions/0046-limits-of-numbers.md), so that what is reckoned with them fits its type.

create or replace temp macro grouped_number(b, decimal_sign, strict) as
    case
        when regexp_full_match(b, '-?[0-9]{1,3}( [0-9]{3})+([.,][0-9]+)?')
            then replace(replace(b, ' ', ''), ',', '.')
        when regexp_full_match(b, '-?[0-9]{1,3}([.][0-9]{3})+,[0-9]+')
            then replace(replace(b, '.', ''), ',', '.')
        when regexp_full_match(b, '-?[0-9]{1,3}(,[0-9]{3})+[.][0-9]+') then replace(b, ',', '')
        when regexp_full_match(b, '-?[0-9]{1,3}([.][0-9]{3}){2,}') then replace(b, '.', '')
        when regexp_full_match(b, '-?[0-9]{1,3}(,[0-9]{3}){2,}') then replace(b, ',', '')
        when
            (strict or decimal_sign is not null)
            and regexp_full_match(b, '-?[1-9][0-9]{0,2}[.,][0-9]{3}')
            then case
                when decimal_sign is null then null
                when contains(b, decimal_sign) then replace(b, ',', '.')
                else replace(replace(b, ',', ''), '.', '')
            end
        when regexp_full_match(b, '-?[0-9]+([.,][0-9]+)?') then replace(b, ',', '.')
    end;

create or replace temp macro rare_number(t, decimal_sign, strict) as
    case
        when t like '[_:%]'
            then nullif(
                regexp_extract(
                    t, '^\[[IF]:(-?[0-9]+(?:[.][0-9]+)?(?:[eE][-+]?[0-9]{1,2})?)\]$', 1
                ),
                ''
            )
        -- An ending `,-` says that the comma is the decimal sign, and that no decimals come.
        when translate(t, chr(8722), '-') like '%,-'
            then nullif(
                regexp_extract(
                    grouped_number(regexp_replace(bare_number(t), ' ?,-$', ''), ',', strict),
                    '^-?[0-9]+$'
                ),
                ''
            )
        else grouped_number(bare_number(t), decimal_sign, strict)
    end;

create or replace temp macro common_number(t) as
    case when regexp_full_match(t, '-?[0-9]+([.,][0-9]{1,2})?') then replace(t, ',', '.') end;

-- A number as plain decimal text. `strict`: 1.234 is ambiguous unless the decimal sign is set.
create or replace temp macro number_text(t, decimal_sign, strict) as
    case
        when t is not null then coalesce(common_number(t), rare_number(t, decimal_sign, strict))
    end;

-- An amount below 10^12 kr.
create or replace temp macro parse_money(t, decimal_sign) as
    try_cast(number_text(t, decimal_sign, true) as decimal(16, 4));

-- A price of one user, hour or seat, below 10^7 kr.
create or replace temp macro parse_rate(t, decimal_sign) as
    try_cast(number_text(t, decimal_sign, true) as decimal(11, 4));

-- A quantity below 10^7.
create or replace temp macro parse_number(t, decimal_sign) as
    try_cast(number_text(t, decimal_sign, false) as decimal(13, 6));

-- A number of users below 10^6.
create or replace temp macro common_count(t) as
    case when regexp_full_match(t, '[0-9]{1,6}') then try_cast(t as integer) end;

-- A macro's argument is copied to each place where it stands: of `number_text`, whose plan is
-- large, there is one.
create or replace temp macro parse_count(t, decimal_sign) as
    case
        when t is not null
            then coalesce(
                common_count(t),
                try_cast(
                    regexp_extract(
                        number_text(t, decimal_sign, true), '^(-?0+|0*[0-9]{1,6})([.]0*)?$', 1
                    ) as integer
                )
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
        when try_cast(number_text(t, decimal_sign, true) as decimal(18, 6)) % 1 <> 0
            then 'not a whole number'
        else number_reason(t, decimal_sign)
    end;
