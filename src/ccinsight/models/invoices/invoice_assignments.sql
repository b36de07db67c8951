-- One row per yearly or expansion invoice line known on the as-of date: the agreement and period it
-- belongs to (R7). Both are empty where it belongs to none.
select s.* exclude (known_from, known_until)
from model.invoice_states as s
where as_of >= s.known_from and as_of < s.known_until
