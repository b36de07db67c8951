-- Status and times of tickets, as scalar macros.

-- Deleted, merged and spam tickets count nowhere (exports.md); one of unknown status does.
create macro model.is_counted(status) as
coalesce(status, 'open') not in ('deleted', 'merged', 'spam');

-- Norwegian local time of an instant given in UTC.
create macro model.norwegian_time(instant) as timezone('Europe/Oslo', timezone('UTC', instant));

-- Months from year 0, the key of model.clock_months.
create macro model.month_number(day) as year(day) * 12 + month(day);

-- R10: the hours that Norwegian clocks are ahead of UTC at a local time, by the row of
-- model.clock_months that holds its month; in the second pass of the hour that comes twice one
-- less.
create macro model.clock_hours(local_at, hours_before, hours_after, changes_at, is_second_pass) as
case when local_at >= changes_at then hours_after else hours_before end
- case when is_second_pass then 1 else 0 end;

-- R10: the time elapsed between two local times, in microseconds. clock_change: the hours by which
-- the clock was turned back in between; negative where it was turned forward.
create macro model.elapsed_microseconds(from_at, to_at, clock_change) as
date_diff('microsecond', from_at, to_at) + clock_change * 3600000000;

-- R10: these statuses outweigh a day of closing: the ticket was opened again.
create macro model.is_reopening(status) as coalesce(status in ('open', 'postponed'), false);

-- A9: whether a ticket was overtaken by the end of a day, by the columns of model.ticket_facts:
-- tickets that were found gone by then overtake nobody.
create macro model.is_overtaken_on(day, overtaken_at, gone_overtakers) as
case
    when gone_overtakers is null then overtaken_at
    else
        least(
            overtaken_at,
            list_min(
                list_transform(
                    list_filter(gone_overtakers, lambda o: o.gone_on > day),
                    lambda o: o.overtaken_at
                )
            )
        )
end
< model.end_of_day(day);
