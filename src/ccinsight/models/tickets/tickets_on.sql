-- One row per ticket that counts on the as-of date: opened by then, and not gone by then from a
-- full list (exports.md, "Gone from the list"). Figures read tickets here; whether one was
-- overtaken, by model.is_overtaken_on.
select t.*
from model.ticket_facts as t
where t.opened_on <= as_of and (t.gone_on is null or t.gone_on > as_of)
