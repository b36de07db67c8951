-- One row per customer and day of count; one count a customer and day, the newest import's.
with found_counts as (
    select
        r.* exclude (customer_id),
        coalesce(r.customer_id, c.customer_id) as customer_id,
    from stored.user_counts as r
    left join model.customer_references as c
        on r.customer_id is null
        and coalesce(r.org_number, '') = c.org_number
        and coalesce(r.customer_name, '') = c.customer_name
),

placed_counts as (
    select
        f.*,
        row_number() over (
            partition by f.customer_id, f.counted_on order by f.file_id desc, f.line desc
        ) as place,
    from found_counts as f
)

select
    p.customer_id,
    p.counted_on,
    p.registered_users,
    p.available_licences,
    p.active_users,
from placed_counts as p
where p.customer_id is null or p.place = 1
