-- One row per export and span of as-of dates on which rows that wait for agreements are there: how
-- many began to be. Empty where agreements are imported.
with waiting as (
    select
        'tickets' as export,
        t.opened_on as known_from,
        coalesce(t.gone_on, model.no_end()) as known_until,
        t.tickets as rows,
    from model.ticket_days as t
    union all
    select
        'user_counts' as export,
        u.counted_on as known_from,
        model.no_end() as known_until,
        count(*) as rows,
    from main.user_counts as u
    group by u.counted_on
    union all
    select
        'invoices' as export,
        i.issued_on as known_from,
        model.no_end() as known_until,
        count(*) as rows,
    from main.invoices as i
    group by i.issued_on
    union all
    select
        'meetings' as export,
        model.no_start() as known_from,
        model.no_end() as known_until,
        count(*) as rows,
    from main.meetings
)

select w.*
from waiting as w
where w.rows > 0 and (select count(*) from model.agreement_terms) = 0
