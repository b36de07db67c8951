-- One row per agreement of the customers asked for (null: all): its notice and end as known on the
-- as-of date (R4). The columns that reports read: each further column costs planning
-- time in every report.
select
    t.agreement_id,
    t.customer_id,
    t.customer_name,
    t.account_manager,
    t.product,
    t.complexity,
    t.price_basis,
    t.registered_users,
    t.partner_confirmed_on,
    t.subscribed_on,
    t.anniversary_on,
    t.is_aligned,
    t.sequence_number,
    t.notice_months,
    t.price_notice_days,
    case when t.notice_on <= as_of then t.notice_on end as notice_on,
    case when t.notice_on <= as_of then t.terminated_by end as terminated_by,
    model.known_end(as_of, t.notice_on, t.noticed_end, t.gone_on) as ends_on,
from model.agreement_terms as t
where customer_ids is null or t.customer_id in (select unnest(customer_ids))
