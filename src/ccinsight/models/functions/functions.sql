-- Calendar arithmetic of the agreement, as scalar macros. Dates in, dates or whole numbers out.

-- Spans run from their first value up to, and without, the one that ends them. What has no start, end or limit has these;
-- a number of users that is unknown is looked up as one below all.
create macro model.is_within(value, from_value, until_value) as value >= from_value and value < until_value;

create macro model.no_start() as date '0001-01-01';

create macro model.no_end() as date '9999-12-31';

create macro model.no_limit() as 2147483647;

create macro model.no_users() as -1;

-- R2: the latest day d for which d plus the notice is not after the period's last day. Where that day ends its month,
-- so does the deadline: every later day of a shorter month would still fit.
create macro model.termination_deadline(period_end, notice_months) as
case
    when period_end = last_day(period_end) then last_day(cast(period_end - to_months(notice_months) as date))
    else cast(period_end - to_months(notice_months) as date)
end;

-- R3: a price change must be notified this many days before the termination deadline.
create macro model.price_notice_deadline(period_end, notice_months, price_notice_days) as
model.termination_deadline(period_end, notice_months) - price_notice_days;

-- R6: the last day on which a price can be announced that reaches a period: for the first the agreement's start.
create macro model.announce_by(subscribed_on, period_start, notice_months, price_notice_days) as
case
    when period_start = subscribed_on then subscribed_on
    else model.price_notice_deadline(period_start - 1, notice_months, price_notice_days)
end;

-- R6: whether two answers name different price versions.
create macro model.is_other_price(price_source, price_version, other_source, other_version) as
price_source is distinct from other_source or price_version is distinct from other_version;

-- R14: whether a version decides in place of an answer: it is newer in the answer's own book, or of a book that comes before.
create macro model.is_newer_price(price_source, valid_from, held_source, held_version) as
case
    when held_source = price_source then valid_from > held_version
    when price_source = 'direct' then true
    else held_source is null
end;

-- R14: the state of a price notice, the first that holds.
create macro model.price_notice_state(is_planned, is_missed, is_announced) as
case when is_planned then 'planned' when is_missed then 'missed' when is_announced then 'announced' else 'none' end;

-- The last day that the period of a deadline on or before a day can end on, by the longest notice in the settings:
-- whoever looks for deadlines up to a day looks for periods up to this one (R2, R3).
create macro model.notice_horizon(day) as
(
    select max(cast(day + t.price_notice_days + 1 + to_months(t.notice_months) as date))
    from (
        select d.notice_months, d.price_notice_days from stored.default_terms as d
        union all
        select p.notice_months, p.price_notice_days from stored.products as p
    ) as t
);

-- The SEQUENCE of a calendar event that changes: above the one before, and the minutes since 2020 where that is more, so
-- that it goes up too where nothing is known of the one before (a database that was made again).
create macro model.event_sequence(changed_at, earlier_number) as
cast(greatest(earlier_number + 1, date_diff('minute', timestamp '2020-01-01 00:00:00', changed_at), 0) as integer);

-- R1: the day plus whole years, always counted from the day itself.
create macro model.plus_years(day, years) as cast(day + to_years(years) as date);

-- R4: the last day of an agreement as known on a day: that of its notice, or the day before it was found gone from its list.
create macro model.known_end(day, notice_on, noticed_end, gone_on) as
case
    when gone_on <= day then gone_on - 1
    when notice_on <= day then noticed_end
end;

-- R7: the smallest whole number of months after which from_on has reached renewal_on.
create macro model.started_months(from_on, renewal_on) as
date_diff('month', date_trunc('month', from_on), date_trunc('month', renewal_on))
+ case
    when
        cast(
            from_on
            + to_months(
                cast(date_diff('month', date_trunc('month', from_on), date_trunc('month', renewal_on)) as integer)
            ) as date
        ) < renewal_on
        then 1
    else 0
end;

-- Conventions: a span of twelve months up to a day starts on the day after that day minus one year.
create macro model.year_before(day) as cast(day - to_years(1) as date);

-- The first moment after a day: what was known at the end of the day came before it.
create macro model.end_of_day(day) as cast(day + 1 as timestamp);

-- Amounts are rounded half up to whole øre.
create macro model.ore(amount) as cast(round(amount, 2) as decimal(18, 2));

-- Conventions: a sum in øre; 0 over no rows, unknown over rows none of which is known.
create macro model.known_sum(amounts, number_of_rows) as
model.ore(case when number_of_rows = 0 then 0 else amounts end);

-- R11: the user band of a number of users; unknown for none and for 0.
create macro model.user_band(users) as coalesce(
    (
        select b.user_band
        from stored.user_bands as b
        where users >= b.from_users and users <= coalesce(b.to_users, model.no_limit())
    ),
    'unknown'
);

-- How names and organisation numbers are compared (exports.md, "Whose row it is"). Spaces may be no-break ones.
create macro model.name_key(name) as
replace(
    regexp_replace(trim(translate(replace(lower(name), '.', ''), chr(160) || chr(8239), '  ')), '\s+asa?$', ''), ' ', ''
);

create macro model.org_key(org_number) as nullif(regexp_replace(org_number, '[^0-9]', '', 'g'), '');

-- R1: whole years from the anniversary to the day; -1 before it, in a short period 0.
create macro model.years_since(anniversary_on, day) as
case
    when day < anniversary_on then -1
    else
        year(day) - year(anniversary_on)
        - case when model.plus_years(anniversary_on, year(day) - year(anniversary_on)) > day then 1 else 0 end
end;

-- R1: the start of the period so many whole years after the anniversary; -1 is the short period 0.
create macro model.period_start(subscribed_on, anniversary_on, years) as
case when years < 0 then subscribed_on else model.plus_years(anniversary_on, years) end;

-- An amount of up to ten decimals divided by a whole number, rounded half up to whole øre. DuckDB divides decimals as
-- floating numbers, which lose the half øre, so this counts in units of 10^-10 kr instead.
create macro model.ore_part(amount, divisor) as
cast(
    (cast(cast(amount as decimal(38, 10)) * 10000000000 as hugeint) * 2 + cast(divisor as hugeint) * 100000000)
    // (cast(divisor as hugeint) * 200000000) as decimal(34, 0)
) * cast(0.01 as decimal(2, 2));

-- R9: the days between which recurring revenue moved in the months up to a day: the last of each month before, and the day.
create macro model.closing_days(day, months) as
list_append(
    list_transform(
        range(months), lambda back: cast(date_trunc('month', day) - to_months(cast(back as integer)) as date) - 1
    ),
    day
);

-- Deleted, merged and spam tickets count nowhere (exports.md); one of unknown status does.
create macro model.is_counted(status) as coalesce(status, 'open') not in ('deleted', 'merged', 'spam');

-- Norwegian local time of an instant given in UTC.
create macro model.norwegian_time(instant) as timezone('Europe/Oslo', timezone('UTC', instant));

-- Months from year 0, the key of model.clock_months.
create macro model.month_number(day) as year(day) * 12 + month(day);

-- R10: the hours that Norwegian clocks are ahead of UTC at a local time, by the row of model.clock_months that holds its month;
-- in the second pass of the hour that comes twice one less.
create macro model.clock_hours(local_at, hours_before, hours_after, changes_at, is_second_pass) as
case when local_at >= changes_at then hours_after else hours_before end - case when is_second_pass then 1 else 0 end;

-- R10: the time elapsed between two local times, in microseconds. clock_change: the hours by which the clock was turned back
-- in between; negative where it was turned forward.
create macro model.elapsed_microseconds(from_at, to_at, clock_change) as
date_diff('microsecond', from_at, to_at) + clock_change * 3600000000;

-- R10: these statuses outweigh a day of closing: the ticket was opened again.
create macro model.is_reopening(status) as coalesce(status in ('open', 'postponed'), false);

-- R10: whether a ticket is open at the end of a day, by the columns of model.ticket_facts.
create macro model.is_open_on(day, opened_at, closed_at, is_closed_unknown) as
opened_at < model.end_of_day(day)
and not is_closed_unknown
and (closed_at is null or closed_at >= model.end_of_day(day));

-- R14: the key of a duty: its kind, the agreement (else the customer, else none: an export) and the period, so that it stays
-- the same over imports.
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
