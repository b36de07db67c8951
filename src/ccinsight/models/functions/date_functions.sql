-- Calendar arithmetic of the agreement, as scalar macros. Dates in, dates or whole numbers out.

-- R2: the latest day d for which d plus the notice is not after the period's last day. Where that
-- day ends its month, so does the deadline: every later day of a shorter month would still fit.
create macro model.termination_deadline(period_end, notice_months) as
case
    when period_end = last_day(period_end)
        then last_day(cast(period_end - to_months(notice_months) as date))
    else cast(period_end - to_months(notice_months) as date)
end;

-- R3: a price change must be notified this many days before the termination deadline.
create macro model.price_notice_deadline(period_end, notice_months, price_notice_days) as
model.termination_deadline(period_end, notice_months) - price_notice_days;

-- The last day that the period of a deadline on or before a day can end on, by the longest notice
-- in the settings: whoever looks for deadlines up to a day looks for periods up to this one (R2,
-- R3).
create macro model.notice_horizon(day) as
(
    select max(cast(day + t.price_notice_days + 1 + to_months(t.notice_months) as date))
    from (
        select d.notice_months, d.price_notice_days from stored.default_terms as d
        union all
        select p.notice_months, p.price_notice_days from stored.products as p
    ) as t
);

-- R1: the day plus whole years, always counted from the day itself.
create macro model.plus_years(day, years) as cast(day + to_years(years) as date);

-- R4: the last day of an agreement as known on a day: that of its notice, or the day before it was
-- found gone from its list.
create macro model.known_end(day, notice_on, noticed_end, gone_on) as
case
    when gone_on <= day then gone_on - 1
    when notice_on <= day then noticed_end
end;

-- The same, where an agreement without a known end is held without one.
create macro model.held_until(day, notice_on, noticed_end, gone_on) as
coalesce(model.known_end(day, notice_on, noticed_end, gone_on), model.no_end());

-- R1: whole years from the anniversary to the day; -1 before it, in a short period 0.
create macro model.years_since(anniversary_on, day) as
case
    when day < anniversary_on then -1
    else
        year(day) - year(anniversary_on)
        - case
            when model.plus_years(anniversary_on, year(day) - year(anniversary_on)) > day
                then 1
            else 0
        end
end;

-- R1: the start of the period so many whole years after the anniversary; -1 is the short period 0.
create macro model.period_start(subscribed_on, anniversary_on, years) as
case when years < 0 then subscribed_on else model.plus_years(anniversary_on, years) end;

-- The quarter of the calendar year that a day is in, such as 2026-Q1: a text in the order of time.
create macro model.quarter_name(day) as year(day) || '-Q' || quarter(day);

-- R12: the last status meeting held on a day within a period, where it was in the period.
create macro model.held_in_period(held_on, period_start) as
case when held_on >= period_start then held_on end;

-- R12: the next status meeting planned on a day within a period, where it is in the period.
create macro model.planned_in_period(planned_on, period_end) as
case when planned_on <= period_end then planned_on end;

-- R12: the status meeting of a period on a day within it, by the last one held and the next one
-- planned.
create macro model.meeting_status(
    day, held_on, planned_on, period_start, period_end, termination_deadline
) as
case
    when model.held_in_period(held_on, period_start) is not null then 'held'
    when model.planned_in_period(planned_on, period_end) is not null then 'planned'
    when day <= termination_deadline then 'due'
    else 'overdue'
end;
