-- One row per customer with an agreement: its organisation number, "" where unknown, and its
-- agreement numbers.
select
    a.customer_id,
    coalesce(arg_max(a.org_number, a.subscribed_on) filter (where a.org_number is not null), '')
        as org_number,
    list(a.agreement_id order by a.subscribed_on desc, a.agreement_id asc) as agreement_ids
from main.agreements as a
group by a.customer_id
order by a.customer_id
