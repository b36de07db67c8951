-- One row per customer without an agreement, day of opening and day of going: how many tickets that
-- count. Empty where no agreements are imported.
select
    t.customer_id,
    t.opened_on,
    t.gone_on,
    count(*) as tickets,
from model.ticket_facts as t
where
    t.customer_id is not null
    and t.customer_id not in (select a.customer_id from model.agreement_terms as a)
    and (select count(*) from model.agreement_terms) > 0
group by t.customer_id, t.opened_on, t.gone_on
