-- One row per problem in the data, as known on the as-of date; rows says how many rows it stands
-- for. Tickets that no category maps and automatic replies are counted over the customers asked
-- for; the rest is filtered by who asks.
with agreement_problems as (
    select
        p.check_name, 'agreements' as export, p.agreement_id as key, p.customer_id,
        case
            when p.check_name = 'users_unknown'
                then
                    cast(
                        model.period_start(
                            p.subscribed_on,
                            p.anniversary_on,
                            model.years_since(
                                p.anniversary_on, greatest(p.subscribed_on, as_of)
                            )
                        ) as varchar
                    )
            else concat_ws(', ', p.complexity, p.product, p.detail)
        end as detail,
        1 as rows,
    from model.agreement_problems as p
    where model.is_within(as_of, p.known_from, p.known_until)
),

doubles as (
    select
        'two_of_one_product' as check_name,
        'agreements' as export,
        min(d.agreement_id) as key,
        d.customer_id,
        string_agg(d.agreement_id, ', ' order by d.agreement_id) as detail,
        count(*) as rows,
    from model.doubled_agreements as d
    where model.is_within(as_of, d.known_from, d.known_until)
    group by d.customer_id, d.product
    having count(*) > 1
),

invoice_problems as (
    select
        p.check_name, 'invoices' as export, p.invoice_line_id as key, p.customer_id,
        concat_ws(', ', p.detail, p.named_agreement_id) as detail,
        1 as rows,
    from model.invoice_problems as p
    where model.is_within(as_of, p.known_from, p.known_until)
),

stale as (
    select
        'stale_tickets' as check_name,
        'tickets' as export,
        cast(n.opened_on as varchar) as key,
        cast(null as varchar) as customer_id,
        cast(date_diff('day', n.opened_on, as_of) as varchar) as detail,
        1 as rows,
    from (
        select max(t.opened_on) as opened_on
        from model.ticket_days as t
        where t.opened_on <= as_of and (t.gone_on is null or t.gone_on > as_of)
    ) as n
    where n.opened_on < as_of - 30
)

select p.* exclude (known_from, known_until) from model.problem_spans as p
where
    model.is_within(as_of, p.known_from, p.known_until)
    and (p.check_name <> 'customer_unknown' or exists (select 1 from model.agreement_terms))
    -- a ticket of no customer is looked at by those who ask for everybody
    and (p.check_name <> 'status_contradicts' or p.customer_id is not null or customer_ids is null)
union all
select p.* from agreement_problems as p
union all
select p.* from doubles as p
union all
select p.* from invoice_problems as p
where exists (select 1 from model.agreement_terms)
union all
select p.* from stale as p
union all
select p.* from model.category_problems(as_of, customer_ids) as p
union all
select p.* from model.changed_price_problems(as_of) as p
union all
select p.* from model.missing_agreements(as_of) as p
union all
select p.* from model.automatic_replies(as_of, customer_ids) as p
