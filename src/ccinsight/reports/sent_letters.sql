-- One row per price letter sent by the as-of date, the newest first (R14).
select
    l.agreement_id,
    a.customer_id,
    a.customer_name,
    a.account_manager,
    a.product,
    l.price_source,
    l.valid_from,
    l.sent_on,
    r.reaches_from as renewal_on,
    i.imported_by as recorded_by,
    i.imported_at as recorded_at,
from stored.price_letters as l
inner join model.agreement_terms as a on l.agreement_id = a.agreement_id
inner join stored.imports as i on l.import_id = i.import_id
left join model.price_reach as r
    on l.agreement_id = r.agreement_id
    and l.price_source = r.price_source
    and l.price_owner = r.price_owner
    and l.valid_from = r.valid_from
where
    l.sent_on <= as_of
    and (customer_ids is null or a.customer_id in (select unnest(customer_ids)))
order by l.sent_on desc, a.customer_name asc, l.agreement_id asc, l.valid_from asc
