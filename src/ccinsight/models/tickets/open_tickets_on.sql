-- One row per ticket that was opened and not closed by the as-of date (R10), whatever its age, with
-- the words that lists show.
with unclosed as (
    select t.*
    from model.tickets_on(as_of) as t
    where
        not t.is_closed_unknown
        and (t.closed_at is null or t.closed_at >= model.end_of_day(as_of))
        and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
),

-- By the line alone at first: a join by one column lets DuckDB leave other tickets' words unread.
words as materialized (
    select s.file_id, s.line, s.ticket_id, s.title, s.status, s.severity, s.owner
    from stored.tickets as s
    where s.line in (select u.line from unclosed as u)
)

select u.*, w.ticket_id, w.title, w.status, w.severity, w.owner
from unclosed as u
inner join words as w on u.file_id = w.file_id and u.line = w.line
