-- Times with an offset, and the hour that comes twice when summer time ends (R10). A `pass` is true
-- for the second time that the hour comes, false for the first.

-- ISO with an offset or Z, as an instant.
create or replace temp macro parse_instant(t) as
    try_cast(
        regexp_replace(replace(replace(t, ',', '.'), ' +', '+'), ' ([-Z])', '\1') as timestamptz
    );

-- The same as Norwegian local time.
create or replace temp macro parse_offset_timestamp(t) as timezone('Europe/Oslo', parse_instant(t));

create or replace temp macro has_offset(t) as regexp_matches(t, ':[0-9.,]+ ?(Z|[-+][0-9:]+)$');

-- The pass of the repeated hour that a text with an offset means: true for the second, false for
-- the first, null where the text has no offset or its local time comes once. The clock was never
-- turned later than 3 in the night.
create or replace temp macro offset_pass(t, local_at) as
    case
        when hour(local_at) <= 3 and has_offset(t)
            then case
                when timezone('Europe/Oslo', parse_instant(t) - interval 1 hour) = local_at
                    then true
                when timezone('Europe/Oslo', parse_instant(t) + interval 1 hour) = local_at
                    then false
            end
    end;

-- The instant of a local time (R10): of the repeated hour the pass asked for; a skipped time has
-- the winter offset.
create or replace temp macro local_instant(local_at, is_second) as
    case
        when
            is_second
            and timezone('Europe/Oslo', timezone('Europe/Oslo', local_at) + interval 1 hour)
            = local_at
            then timezone('Europe/Oslo', local_at) + interval 1 hour
        when
            not is_second
            and timezone('Europe/Oslo', timezone('Europe/Oslo', local_at) - interval 1 hour)
            = local_at
            then timezone('Europe/Oslo', local_at) - interval 1 hour
        else timezone('Europe/Oslo', local_at)
    end;

-- Whether two local times are so near each other, and to a change of clock, that their order may
-- differ from that of their instants.
create or replace temp macro may_swap(opened_at, later_at) as
    hour(later_at) <= 3
    and later_at < opened_at + interval 1 hour
    and later_at >= opened_at - interval 1 hour;

-- Whether a reply or closing is in the second pass of the repeated hour (R10): as its text says,
-- else where the first pass would be before the opening.
create or replace temp macro is_second_pass(opened_at, opened_pass, later_at, pass) as
    case
        when pass is not null then pass
        when may_swap(opened_at, later_at)
            then
                local_instant(later_at, false)
                < local_instant(opened_at, coalesce(opened_pass, false))
        else false
    end;

-- Whether a reply or closing lies before the opening, as instants (R10).
create or replace temp macro is_before(opened_at, opened_pass, later_at, is_second) as
    case
        when may_swap(opened_at, later_at)
            then
                local_instant(later_at, is_second)
                < local_instant(opened_at, coalesce(opened_pass, false))
        else later_at < opened_at
    end;
