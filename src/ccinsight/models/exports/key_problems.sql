-- One row per key that several rows of a file share and that say different things: money or a fact
-- may be wrong or missing.
select
    'duplicate_key' as check_name,
    k.export,
    trim(k.row_key, '|') as key,
    k.customer_id,
    k.file_name
    || ': '
    || array_to_string(k.lines[:10], ', ')
    || case when len(k.lines) > 10 then ', …' else '' end as detail,
    len(k.lines) - 1 as rows,
from model.conflicting_keys as k
