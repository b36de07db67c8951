-- Spans of days and of users, as scalar macros.

-- Spans run from their first value up to, and without, the one that ends them. What has no start,
-- end or limit has these; a number of users that is unknown is looked up as one below all.
create macro model.is_within(value, from_value, until_value) as
value >= from_value and value < until_value;

create macro model.no_start() as date '0001-01-01';

create macro model.no_end() as date '9999-12-31';

create macro model.no_limit() as 2147483647;

create macro model.no_users() as -1;

-- Conventions: a span of twelve months up to a day starts on the day after that day minus one year.
create macro model.year_before(day) as cast(day - to_years(1) as date);

-- The first day that lies a year or more after a day: that day is no longer in its span.
create macro model.year_after(on_day) as
case
    when cast(cast(on_day + to_years(1) as date) - to_years(1) as date) < on_day
        then cast(on_day + 1 + to_years(1) as date)
    else cast(on_day + to_years(1) as date)
end;

-- The first moment after a day: what was known at the end of the day came before it.
create macro model.end_of_day(day) as cast(day + 1 as timestamp);

-- R9: the days between which recurring revenue moved in the months up to a day: the last of each
-- month before, and the day.
create macro model.closing_days(day, months) as
list_append(
    list_transform(
        range(months),
        lambda back: cast(date_trunc('month', day) - to_months(cast(back as integer)) as date) - 1
    ),
    day
);

-- The calendar months of a span: those from the day since on where one is given.
create macro model.months_of_span(day, months, since) as
coalesce(cast(datediff('month', since, day) + 1 as integer), months);

-- The days between which recurring revenue moved in a span: the closing days of its months, the
-- first of them the day before since where one is given.
create macro model.days_of_span(day, months, since) as
list_prepend(
    coalesce(
        since - 1,
        cast(date_trunc('month', day) - to_months(cast(months - 1 as integer)) as date) - 1
    ),
    model.closing_days(day, model.months_of_span(day, months, since) - 1)
);
