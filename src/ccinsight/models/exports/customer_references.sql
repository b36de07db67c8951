-- One row per organisation number and name by which a row without customer id names its customer.
-- customer_id is null where nobody fits, or more than one; fits lists who does.
with named as (
    select distinct org_number, customer_name from stored.tickets
    where customer_id is null
    union
    select distinct org_number, customer_name from stored.user_counts
    where customer_id is null
    union
    select distinct org_number, customer_name from stored.invoices
    where customer_id is null
    union
    select distinct org_number, customer_name from stored.meetings
    where customer_id is null
),

by_org as (
    select
        n.org_number, n.customer_name, list(distinct a.customer_id order by a.customer_id) as fits,
    from named as n
    inner join stored.agreements as a on model.org_key(n.org_number) = model.org_key(a.org_number)
    group by n.org_number, n.customer_name
),

by_setting as (
    select
        n.org_number, n.customer_name, list(distinct s.customer_id order by s.customer_id) as fits,
    from named as n
    inner join stored.customer_names as s
        on model.name_key(n.customer_name) = model.name_key(s.name)
    group by n.org_number, n.customer_name
),

by_name as (
    select
        n.org_number, n.customer_name, list(distinct a.customer_id order by a.customer_id) as fits,
    from named as n
    inner join stored.agreements as a
        on model.name_key(n.customer_name) = model.name_key(a.customer_name)
    group by n.org_number, n.customer_name
),

-- The number first; then a name given in the settings, which decides between customers of the same
-- name; then the name.
found as (
    select n.org_number, n.customer_name, coalesce(o.fits, s.fits, m.fits) as fits
    from named as n
    left join by_org as o
        on n.org_number is not distinct from o.org_number
        and n.customer_name is not distinct from o.customer_name
    left join by_setting as s
        on n.org_number is not distinct from s.org_number
        and n.customer_name is not distinct from s.customer_name
    left join by_name as m
        on n.org_number is not distinct from m.org_number
        and n.customer_name is not distinct from m.customer_name
)

select
    coalesce(f.org_number, '') as org_number,
    coalesce(f.customer_name, '') as customer_name,
    case when len(f.fits) = 1 then f.fits[1] end as customer_id,
    f.fits,
from found as f
