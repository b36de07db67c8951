-- One row per customer with an agreement: the agreement that speaks for it on the as-of date, its
-- users and its band, the numbers of its newest count, and the meetings held so far.
select
    s.customer_id,
    t.customer_name,
    t.org_number,
    t.account_manager,
    s.agreement_id,
    t.product,
    t.consultant_rate,
    t.member_hourly_rate,
    t.standard_hourly_rate,
    t.standard_course_price,
    t.partner_confirmed_on,
    t.has_invoices,
    s.agreements_in_force,
    s.agreements_upcoming,
    s.customer_since_on,
    s.notices_known,
    s.going_on,
    s.registered_users,
    s.user_band,
    s.available_licences,
    s.active_users,
    s.active_counted_users,
    s.last_meeting_on,
    s.courses_held,
from model.customer_states as s
inner join model.agreement_terms as t on s.agreement_id = t.agreement_id
where
    as_of >= s.known_from
    and as_of < s.known_until
    and (customer_ids is null or s.customer_id in (select unnest(customer_ids)))
