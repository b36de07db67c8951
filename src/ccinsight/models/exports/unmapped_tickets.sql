-- One row per category without a meaning in the settings, customer, day of opening and day of
-- going: how many tickets that count.
select
    t.category,
    t.customer_id,
    t.opened_on,
    t.gone_on,
    count(*) as tickets,
from model.ticket_facts as t
where t.category is not null and t.category not in (select c.category from stored.categories as c)
group by t.category, t.customer_id, t.opened_on, t.gone_on
