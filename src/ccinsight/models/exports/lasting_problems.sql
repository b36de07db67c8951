-- One row per problem in the data that is the same on every as-of date; rows says how many rows it
-- stands for. Kept at build, so that a report of the problems needn't look for them.
with agreement_problems as (
    select
        'notice_before_start' as check_name,
        'agreements' as export,
        t.agreement_id as key,
        t.customer_id,
        cast(t.terminated_on as varchar) as detail, 1 as rows,
    from model.agreement_terms as t
    where t.terminated_on < t.subscribed_on
    union all
    select
        'first_renewal_out_of_range' as check_name,
        'agreements' as export,
        t.agreement_id as key,
        t.customer_id,
        cast(t.first_renewal_on as varchar) as detail, 1 as rows,
    from model.agreement_terms as t
    where t.first_renewal_on is not null and not t.is_aligned
),

nameless as (
    select 'tickets' as export, t.org_number, t.customer_name, count(*) as rows
    from stored.tickets as t
    where t.customer_id is null
    group by t.org_number, t.customer_name
    union all
    select 'user_counts' as export, u.org_number, u.customer_name, count(*) as rows
    from stored.user_counts as u
    where u.customer_id is null
    group by u.org_number, u.customer_name
    union all
    select 'invoices' as export, i.org_number, i.customer_name, count(*) as rows
    from stored.invoices as i
    where i.customer_id is null
    group by i.org_number, i.customer_name
    union all
    select 'meetings' as export, m.org_number, m.customer_name, count(*) as rows
    from stored.meetings as m
    where m.customer_id is null
    group by m.org_number, m.customer_name
),

customer_problems as (
    select
        'customer_unknown' as check_name, n.export,
        coalesce(n.customer_name, n.org_number) as key, cast(null as varchar) as customer_id,
        case when len(r.fits) > 1 then array_to_string(r.fits, ', ') else n.org_number end
            as detail,
        n.rows,
    from nameless as n
    left join model.customer_references as r
        on coalesce(n.org_number, '') = r.org_number
        and coalesce(n.customer_name, '') = r.customer_name
    where r.customer_id is null
),

-- Prices and invoices that name an agreement which isn't there.
price_problems as (
    select
        'agreement_unknown' as check_name, 'prices' as export, v.price_owner as key,
        cast(null as varchar) as customer_id, cast(v.valid_from as varchar) as detail, 1 as rows,
    from model.price_versions as v
    where
        v.price_source = 'direct'
        and v.price_owner not in (select t.agreement_id from model.agreement_terms as t)
),

value_problems as (
    select
        'value_unknown' as check_name, f.export, w.column_name || ': ' || w.value as key,
        cast(null as varchar) as customer_id, f.name as detail, w.rows,
    from stored.warnings as w
    inner join stored.files as f on w.file_id = f.file_id
    where w.kind = 'value_unknown'
)

select p.* from agreement_problems as p
union all
select p.* from customer_problems as p
where exists (select 1 from model.agreement_terms)
union all
select p.* from price_problems as p
where exists (select 1 from model.agreement_terms)
union all
select p.* from value_problems as p
union all
select p.* from model.key_problems as p
