-- One row per file that counts still: the newest of its export and name, while rows or rejected
-- rows of it are there.
with used as (
    select a.file_id from stored.agreements as a
    union
    select t.file_id from stored.tickets as t
    union
    select u.file_id from stored.user_counts as u
    union
    select p.file_id from stored.prices as p
    union
    select i.file_id from stored.invoices as i
    union
    select m.file_id from stored.meetings as m
    union
    select r.file_id from stored.rejects as r
)

select
    f.file_id,
    f.export,
    f.name,
    f.headers,
    i.imported_at,
from stored.files as f
inner join used as u on f.file_id = u.file_id
inner join stored.imports as i on f.import_id = i.import_id
qualify row_number() over (partition by f.export, f.name order by f.file_id desc) = 1
