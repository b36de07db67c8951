-- Amounts, users and months of invoices, as scalar macros.

-- The months from the one of a day to the one of another, whatever the day in them.
create macro model.calendar_months(from_on, until_on) as
(year(until_on) - year(from_on)) * 12 + month(until_on) - month(from_on);

-- R7: the smallest whole number of months after which from_on has reached renewal_on.
create macro model.started_months(from_on, renewal_on) as
model.calendar_months(from_on, renewal_on)
+ case
    when
        cast(
            from_on + to_months(cast(model.calendar_months(from_on, renewal_on) as integer)) as date
        )
        < renewal_on
        then 1
    else 0
end;

-- Amounts are rounded half up to whole øre, as decimals: halves of floating numbers would go by how
-- an engine holds them. Cast a floating number to decimal(38, 10) first. A decimal needs no cast,
-- and the cast is slow.
create macro model.ore(amount) as cast(amount as decimal(18, 2));

-- Conventions: a sum in øre; 0 over no rows, unknown over rows none of which is known.
create macro model.known_sum(amounts, number_of_rows) as
model.ore(case when number_of_rows = 0 then 0 else amounts end);

-- R9: whether a customer has revenue on a day: its known sum is above 0, or a part is unknown.
create macro model.has_revenue(known_revenue, is_part_unknown) as
coalesce(known_revenue, 0) > 0 or is_part_unknown;

-- A3, A8: the discount on a quantity, (standard price - unit price) x quantity, from the sums of
-- the lines that have a unit price.
create macro model.discount(standard_price, priced_quantity, priced_amount) as
standard_price * priced_quantity - priced_amount;

-- R11: the user band of a number of users; unknown for none and for 0.
create macro model.user_band(users) as coalesce(
    (
        select b.user_band
        from stored.user_bands as b
        where users >= b.from_users and users <= coalesce(b.to_users, model.no_limit())
    ),
    'unknown'
);

-- An amount of up to ten decimals divided by a whole number, rounded half up to whole øre. DuckDB
-- divides decimals as floating numbers, which lose the half øre, so this counts in units of 10^-10
-- kr instead. The answer has 36 digits: cast it with model.ore where a case also gives amounts of
-- four decimals, or Spark, which has at most 38 digits, leaves their last one out.
create macro model.ore_part(amount, divisor) as
cast(
    (
        cast(cast(amount as decimal(38, 10)) * 10000000000 as hugeint) * 2
        + cast(divisor as hugeint) * 100000000
    )
    // (cast(divisor as hugeint) * 200000000) as decimal(34, 0)
) * cast(0.01 as decimal(2, 2));

-- R7: the months that a yearly invoice bills: twelve, or those begun of a short period.
create macro model.months_billed(is_short, period_start, renewal_on) as
case when is_short then model.started_months(period_start, renewal_on) else 12 end;

-- R7: the amount of users times the rate of twelve months, for so many of them.
create macro model.line_amount(users, months, rate) as
case
    when months = 12 then model.ore(users * rate)
    else model.ore_part(users * months * rate, 12)
end;
