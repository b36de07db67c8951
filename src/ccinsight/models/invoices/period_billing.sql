-- One row per agreement, period since first_day and kind: what should have been invoiced and what
-- was (R7). A period after the agreement's end is a row where something was invoiced for it:
-- nothing is expected then. first_raised_on is the day of the first count that an expansion bills.
with spans as (
    select
        b.agreement_id,
        t.customer_id,
        b.period_start,
        b.kind,
        b.expected,
        b.invoiced,
        t.customer_name,
        t.account_manager,
        b.users,
        b.rate,
        b.is_after_end,
        b.first_raised_on,
        b.is_repeated,
        t.anniversary_on,
        case when t.is_aligned then 1 else 0 end as first_number,
        unnest(
            range(
                b.years,
                case
                    when b.is_repeated then model.years_since(t.anniversary_on, as_of) else b.years
                end
                + 1
            )
        ) as years,
    from model.billing_spans as b
    inner join model.agreement_terms as t on b.agreement_id = t.agreement_id
    where
        model.is_within(as_of, b.known_from, b.known_until)
        and (b.period_start >= first_day or b.is_repeated)
        and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
),

dated as (
    select
        s.agreement_id,
        s.customer_id,
        case
            when s.is_repeated then model.plus_years(s.anniversary_on, s.years)
            else s.period_start
        end as period_start,
        s.kind,
        s.expected,
        s.invoiced,
        s.expected - s.invoiced as difference,
        s.customer_name,
        s.account_manager,
        s.users,
        s.rate,
        s.is_after_end,
        s.first_raised_on,
        s.years + s.first_number as period_number,
    from spans as s
)

select d.*
from dated as d
where d.period_start >= first_day
