-- One row per ticket whose status and closing contradict (R10), with the span of as-of dates on
-- which it does.
select
    'status_contradicts' as check_name,
    'tickets' as export,
    s.ticket_id as key,
    t.customer_id,
    concat_ws(', ', s.status, cast(cast(s.closed_at as date) as varchar)) as detail,
    1 as rows,
    greatest(t.opened_on, cast(s.closed_at as date)) as known_from,
    coalesce(t.gone_on, model.no_end()) as known_until,
from model.ticket_facts as t
inner join stored.tickets as s on t.file_id = s.file_id and t.line = s.line
where t.is_contradictory
