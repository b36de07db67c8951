-- One row per ticket that counts on the as-of date: opened by then, and not gone by then from a
-- full list (exports.md, "Gone from the list"). Figures read tickets here.
select
    t.* exclude (gone_overtakers) replace (
        least(
            t.overtaken_at,
            list_min(
                list_transform(
                    list_filter(t.gone_overtakers, lambda o: o.gone_on > as_of),
                    lambda o: o.overtaken_at
                )
            )
        ) as overtaken_at
    ),
from model.ticket_facts as t
where t.opened_at < model.end_of_day(as_of) and (t.gone_on is null or t.gone_on > as_of)
