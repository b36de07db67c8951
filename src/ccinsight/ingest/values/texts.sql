-- Texts: what is trimmed from a text, and how the name of a value is matched.

create or replace temp macro without_spaces(t) as
    nullif(trim(t, ' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(8239)), '');

-- An apostrophe that makes a spreadsheet take what follows for text is dropped. It stays where it
-- begins a word (`'s-Hertogenbosch`, `'t Hart`) or a quotation (`'Feil 500' vises`), but not before
-- what a spreadsheet would run.
create or replace temp macro without_guard(t) as
    case
        when
            starts_with(t, '''')
            and not regexp_matches(
                t, '(?s)^''([stn][ -]|[^-=+@0-9](.*[^\s])?''([^\pL\pN]|$))'
            )
            then without_spaces(substr(t, 2))
        else t
    end;

-- A field as it came, without the apostrophe that a file of rejected rows guards it with.
create or replace temp macro unguarded(t) as
    case when starts_with(t, '''') then substr(t, 2) else t end;

-- Trimming costs much more than finding out that there is nothing to trim.
create or replace temp macro trimmed_text(t) as
    case
        when
            t < '!' or t > '~' or starts_with(t, '''')
            or ends_with(t, ' ') or ends_with(t, chr(9)) or ends_with(t, chr(10))
            or ends_with(t, chr(13)) or ends_with(t, chr(160)) or ends_with(t, chr(8239))
            then without_guard(without_spaces(t))
        else t
    end;

-- A text as it is read: trimmed, null where it is empty. Where the settings name texts that mean
-- empty, parsing.py replaces this macro.
create or replace temp macro clean_text(t) as trimmed_text(t);

-- `[I:17]` is 17: SuperOffice's way to write whole numbers.
create or replace temp macro plain_id(t) as
    case when t like '[_:%]' then regexp_replace(t, '^\[[IF]:(-?[0-9.]+)\]$', '\1') else t end;

-- A name of a value as it is matched, the same as catalogue.fold does for headers.
create or replace temp macro fold_text(t) as
    regexp_replace(
        replace(replace(strip_accents(lower(t)), 'ø', 'o'), 'æ', 'ae'),
        '[\s\x{00a0}\x{202f}._-]+',
        '',
        'g'
    );
