-- One row: which exports there are and since when tickets tell what not every system tells. In the
-- database of a group one row a partner: each by its own exports.
select
    cast(null as varchar) as partner,
    exists(
        select 1 from stored.files as f
        where f.export = 'invoices'
    ) as has_invoices,
    exists(select 1 from main.meetings) as has_meetings,
    exists(
        select 1 from main.agreements as a
        where a.partner_confirmed_on is not null
    ) as has_confirmations,
    min(t.opened_on) as first_ticket_on,
    min(t.opened_at) filter (where t.contact_key is not null) as first_contact_at,
    (
        select min(r.opened_at)
        from stored.tickets as r
        where r.contact_role is not null and model.is_counted(r.status)
    ) as first_role_at,
from model.ticket_facts as t
