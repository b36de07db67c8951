-- One row per agreement that another one follows (R13): of the same customer and product, begun
-- later, and at most 31 days before or after the day after its last day. Of several the one that
-- begins first.
select
    a.agreement_id,
    min_by(s.agreement_id, s.sequence_number) as successor_id,
    min(s.subscribed_on) as successor_begins_on,
from model.agreement_terms as a
inner join model.agreement_terms as s
    on a.customer_id = s.customer_id
    and a.product = s.product
    and a.sequence_number < s.sequence_number
    and s.subscribed_on >= a.ends_on + 1 - 31
    and s.subscribed_on <= a.ends_on + 1 + 31
group by a.agreement_id
