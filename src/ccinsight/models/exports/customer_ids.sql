-- One row per customer id that any export names.
select a.customer_id from stored.agreements as a
union
select t.customer_id from main.tickets as t
where t.customer_id is not null
union
select u.customer_id from main.user_counts as u
where u.customer_id is not null
union
select i.customer_id from main.invoices as i
where i.customer_id is not null
union
select m.customer_id from main.meetings as m
where m.customer_id is not null
