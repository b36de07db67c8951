-- One row per access-down ticket opened in the twelve months up to the as-of date, newest first
-- (R10).
select
    s.ticket_id,
    t.customer_id,
    t.opened_at,
    s.title,
    t.category,
    s.severity,
    case
        when t.first_reply_at < model.end_of_day(as_of) then t.first_reply_at
    end as first_reply_at,
    case
        when t.first_reply_at < model.end_of_day(as_of)
            then
                model.elapsed_microseconds(t.opened_at, t.first_reply_at, t.reply_clock_change)
                / 3.6e9
    end as reply_hours,
    case when t.closed_at < model.end_of_day(as_of) then t.closed_at end as closed_at,
    coalesce(model.is_overtaken_on(as_of, t.overtaken_at, t.gone_overtakers), false)
        as is_overtaken,
from model.tickets_on(as_of) as t
inner join stored.tickets as s on t.file_id = s.file_id and t.line = s.line
where
    t.is_access_down
    and t.opened_on > model.year_before(as_of)
    and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
order by t.opened_at desc, s.ticket_id asc
