-- One row per day of opening and day of going: how many tickets that count.
select
    t.opened_on,
    t.gone_on,
    count(*) as tickets,
from model.ticket_facts as t
group by t.opened_on, t.gone_on
