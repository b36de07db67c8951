-- One row per problem in the data, as known on the as-of date; rows says how many rows it stands
-- for. Only category_unmapped is counted over the tickets of the customers asked for; the rest is
-- filtered by who asks.
with values_on as (
    select
        v.agreement_id,
        v.customer_id,
        v.product,
        v.complexity,
        v.state,
        v.is_in_force,
        v.period_start,
        v.users_on_start,
        v.registered_users,
        v.rate,
    from model.agreement_values(as_of, customer_ids) as v
),

agreement_problems as (
    select
        'rate_unknown' as check_name, 'agreements' as export, v.agreement_id as key, v.customer_id,
        concat_ws(', ', v.complexity, v.product, cast(v.users_on_start as varchar)) as detail,
        1 as rows,
    from values_on as v
    where v.state <> 'ended' and v.rate is null
    union all
    select
        'users_unknown' as check_name, 'agreements' as export, v.agreement_id as key, v.customer_id,
        cast(v.period_start as varchar) as detail, 1 as rows,
    from values_on as v
    where v.state <> 'ended' and (v.users_on_start is null or v.registered_users is null)
),

doubles as (
    select
        'two_of_one_product' as check_name,
        'agreements' as export,
        min(v.agreement_id) as key,
        v.customer_id,
        string_agg(v.agreement_id, ', ' order by v.agreement_id) as detail,
        count(*) as rows,
    from values_on as v
    where v.is_in_force
    group by v.customer_id, v.product
    having count(*) > 1
),

-- Rows of a customer without an agreement, by the customer they name.
strangers as (
    select 'tickets' as export, t.customer_id, cast(sum(t.tickets) as bigint) as rows
    from model.stranger_tickets as t
    where t.opened_on <= as_of and (t.gone_on is null or t.gone_on > as_of)
    group by t.customer_id
    union all
    select 'user_counts' as export, u.customer_id, count(*) as rows
    from main.user_counts as u
    where u.customer_id is not null and u.counted_on <= as_of
    group by u.customer_id
    union all
    select 'invoices' as export, i.customer_id, count(*) as rows
    from main.invoices as i
    where i.customer_id is not null and i.issued_on <= as_of
    group by i.customer_id
    union all
    select 'meetings' as export, m.customer_id, count(*) as rows
    from main.meetings as m
    where m.customer_id is not null
    group by m.customer_id
),

customer_problems as (
    select
        'customer_unknown' as check_name, s.export, s.customer_id as key, s.customer_id,
        cast(null as varchar) as detail, s.rows,
    from strangers as s
    where s.customer_id not in (select t.customer_id from model.agreement_terms as t)
),

stale as (
    select
        'stale_tickets' as check_name, 'tickets' as export, cast(n.opened_on as varchar) as key,
        cast(null as varchar) as customer_id,
        cast(date_diff('day', n.opened_on, as_of) as varchar) as detail,
        1 as rows,
    from (
        select t.opened_on from model.tickets_on(as_of) as t
        order by t.opened_at desc limit 1
    ) as n
    where n.opened_on < as_of - 30
)

select p.* from agreement_problems as p
union all
select p.* from doubles as p
union all
select p.* from customer_problems as p
where exists (select 1 from model.agreement_terms)
union all
select p.* from model.lasting_problems as p
union all
select p.* from model.category_problems(as_of, customer_ids) as p
union all
select p.* from model.invoice_problems(as_of) as p
where exists (select 1 from model.agreement_terms)
union all
select p.* from model.price_problems(as_of, customer_ids) as p
union all
select p.* from model.changed_price_problems(as_of) as p
union all
select p.* from model.reject_problems as p
union all
select p.* from stale as p
union all
select p.* from model.missing_agreements(as_of) as p
union all
select p.* from model.gone_from_list(as_of) as p
union all
select p.* from model.ticket_doubts(as_of, customer_ids) as p
