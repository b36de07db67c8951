-- One row per agreement and period: what should have been invoiced and what was, yearly and
-- expansions together (R7). Unknown where that of either kind is.
select
    b.agreement_id,
    b.customer_id,
    b.period_start,
    case when count(b.expected) = count(*) then model.ore(sum(b.expected)) end as expected,
    case when count(b.invoiced) = count(*) then model.ore(sum(b.invoiced)) end as invoiced,
    case when count(b.difference) = count(*) then model.ore(sum(b.difference)) end as difference,
    b.customer_name,
    b.account_manager,
    b.is_after_end,
from model.period_billing(as_of, customer_ids, coalesce(since, model.year_before(as_of))) as b
group by
    b.agreement_id,
    b.customer_id,
    b.period_start,
    b.customer_name,
    b.account_manager,
    b.is_after_end
order by
    b.agreement_id,
    b.period_start
