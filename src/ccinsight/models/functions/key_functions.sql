-- Keys by which rows are compared and found again, as scalar macros.

-- The SEQUENCE of a calendar event that changes: above the one before, and the minutes since 2020
-- where that is more, so that it goes up too where nothing is known of the one before (a database
-- that was made again).
create macro model.event_sequence(changed_at, earlier_number) as
cast(
    greatest(
        earlier_number + 1, date_diff('minute', timestamp '2020-01-01 00:00:00', changed_at), 0
    ) as integer
);

-- Whether a customer is a partner's, in the database of a group: its id begins with the partner's
-- name. Without a partner every customer is.
create macro model.is_of_partner(customer_id, partner) as
partner is null or split_part(customer_id, '/', 1) = partner;

-- How names and organisation numbers are compared (exports.md, "Whose row it is"). Every kind of
-- space counts as one: `translate` takes the wide ones of Unicode (U+00A0, U+1680, U+2000 to
-- U+200A, U+202F, U+205F, U+3000) and the vertical tab for spaces. The capital I with a dot
-- (U+0130) and both letters of the final sigma are small letters of one kind before `lower`.
create macro model.name_key(name) as
replace(
    regexp_replace(
        trim(
            translate(
                replace(lower(translate(name, 'İΣς', 'iσσ')), '.', ''),
                chr(11) || '               　',
                '                 '
            )
        ),
        '\s+asa?\z',
        ''
    ),
    ' ',
    ''
);

create macro model.org_key(org_number) as nullif(regexp_replace(org_number, '[^0-9]', '', 'g'), '');

-- R14: the key of a duty: its kind, the agreement (else the customer, else none: an export) and the
-- period, so that it stays the same over imports.
create macro model.duty_id(kind, agreement_id, customer_id, period_start) as
substr(
    sha256(
        concat_ws(
            chr(10),
            kind,
            coalesce('agreement ' || agreement_id, 'customer ' || customer_id, 'export'),
            cast(period_start as varchar)
        )
    ),
    1,
    12
);
