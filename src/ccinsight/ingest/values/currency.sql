-- The currency beside an amount: SQL macros that read it, and that take it off a number.

-- The signs of the settings' currency, as a regular expression; those of another, and the code of
-- the settings' own.
create or replace temp macro own_currency() as
    coalesce(getvariable('own_currency'), 'kr|KR|Kr|NOK|Nok|nok');
create or replace temp macro any_currency() as
    '[€£¥$]|US[$]|kr|KR|Kr|(?i:NOK|SEK|DKK|ISK|EUR|USD|GBP|CHF|PLN|JPY|CAD|AUD)';
create or replace temp macro currency_code() as
    coalesce(getvariable('currency_code'), 'NOK');

-- The settings' currency, or null where the text names another.
create or replace temp macro parse_currency(t) as
    case
        when regexp_full_match(upper(t), '(' || upper(own_currency()) || ')[.]?')
            then currency_code()
    end;

-- The number without what may stand around it: one of the signs, a regular expression; spaces and
-- minus made plain.
create or replace temp macro without_sign(t, signs) as
    regexp_replace(
        regexp_replace(
            translate(t, chr(8722) || chr(160) || chr(8239), '-  '),
            '^(-?) ?(?:' || signs || ') ?(-?)',
            '\1\2'
        ),
        ' ?(?:' || signs || ')$',
        ''
    );

create or replace temp macro bare_number(t) as
    without_sign(t, own_currency());
