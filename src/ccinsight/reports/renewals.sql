-- One row per agreement in force whose next renewal falls within the months ahead (R13).
select
    r.agreement_id,
    r.customer_id,
    r.customer_name,
    r.account_manager,
    r.renewal_on,
    r.renewal_status,
    r.users_now,
    r.rate_now,
    r.value_now,
    r.users_next,
    r.rate_next,
    r.value_next,
    r.seats_change,
    r.price_change,
    r.lost,
    r.missed_price_change,
    r.missed_version,
    r.user_band,
from model.coming_renewals(as_of, customer_ids, months) as r
order by r.renewal_on, r.agreement_id
