-- One row per agreement and ticket that is gone from the list: since a file last held it, good or
-- rejected, a later import covered its day and didn't hold it, or brought the export, where the
-- settings name it as a full list. gone_on is the day of the first such import. The files of one
-- import count together; each covers the days from its first row to its last.
with days as (
    select 'agreements' as export, a.file_id, a.subscribed_on as on_day
    from stored.agreements as a
    group by a.file_id, a.subscribed_on
    union all
    select 'tickets' as export, t.file_id, cast(t.opened_at as date) as on_day
    from stored.tickets as t
    group by t.file_id, cast(t.opened_at as date)
),

-- An older database doesn't hold what its files covered: the rows that are left of each tell, and
-- of the newest they all are.
spans as (
    select d.file_id, min(d.on_day) as first_on, max(d.on_day) as last_on
    from days as d
    group by d.file_id
),

files as (
    select
        f.export,
        f.file_id,
        f.import_id,
        f.name,
        cast(i.imported_at as date) as imported_on,
        coalesce(f.first_on, s.first_on) as first_on,
        coalesce(f.last_on, s.last_on) as last_on,
        coalesce(f.export in (select l.export from stored.full_lists as l), false) as is_full,
    from stored.files as f
    inner join stored.imports as i on f.import_id = i.import_id
    left join spans as s on f.file_id = s.file_id
    where f.export in ('agreements', 'tickets')
),

missed_days as (
    select d.export, d.file_id, d.on_day, min(later.import_id) as import_id
    from days as d
    inner join files as mine on d.file_id = mine.file_id
    inner join files as later
        on d.export = later.export
        and mine.import_id < later.import_id
        and (later.is_full or (d.on_day >= later.first_on and d.on_day <= later.last_on))
    group by d.export, d.file_id, d.on_day
),

missed as (
    select
        m.export, a.agreement_id as key, a.customer_id, a.org_number, a.customer_name,
        a.file_id, a.line, m.on_day, m.import_id,
    from missed_days as m
    inner join stored.agreements as a on m.file_id = a.file_id and m.on_day = a.subscribed_on
    where m.export = 'agreements'
    union all
    select
        m.export, t.ticket_id as key, t.customer_id, t.org_number, t.customer_name,
        t.file_id, t.line, m.on_day, m.import_id,
    from missed_days as m
    inner join stored.tickets as t on m.file_id = t.file_id and m.on_day = cast(t.opened_at as date)
    where m.export = 'tickets'
),

-- A later file that holds the row in a form that can't be read holds it all the same.
rejected as (
    select r.export, r.row_key as key, max(f.import_id) as import_id
    from stored.rejects as r
    inner join files as f on r.file_id = f.file_id
    where r.row_key is not null
    group by r.export, r.row_key
),

missed_again as (
    select m.export, m.key, min(later.import_id) as import_id
    from missed as m
    inner join rejected as r on m.export = r.export and m.key = r.key and m.import_id <= r.import_id
    inner join files as later
        on m.export = later.export
        and r.import_id < later.import_id
        and (later.is_full or (m.on_day >= later.first_on and m.on_day <= later.last_on))
    group by m.export, m.key
),

gone as (
    select
        m.* exclude (import_id),
        case when r.import_id >= m.import_id then a.import_id else m.import_id end as import_id,
    from missed as m
    left join rejected as r on m.export = r.export and m.key = r.key
    left join missed_again as a on m.export = a.export and m.key = a.key
)

select
    g.export,
    g.key,
    g.customer_id,
    g.org_number,
    g.customer_name,
    g.file_id,
    g.line,
    g.on_day,
    g.import_id,
    min(f.imported_on) as gone_on,
    string_agg(f.name, ', ' order by f.file_id) as file_names,
    bool_or(f.is_full) as is_full,
from gone as g
inner join files as f on g.export = f.export and g.import_id = f.import_id
group by all
