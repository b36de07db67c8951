"""The people whom tests read the sample as, and the marks by which a customer's data are known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from ccinsight.access import SEES_ALL, Reader
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse

# The day of the sample's import; for tests the real day too.
TODAY = date(2026, 3, 1)
SILJE = Reader(key="silje", name="Silje", managers=frozenset({"Silje Ødegaard"}), today=TODAY)
BJORN = Reader(key="bjorn", name="Bjørn", managers=frozenset({"Bjørn Sørli"}), today=TODAY)
LISTED = Reader(key="listed", name="Listed", customer_ids=frozenset({"1002", "1010"}))
LIMITED = {"silje": SILJE, "bjorn": BJORN, "listed": LISTED}
EVERYONE = {**LIMITED, "all": SEES_ALL}


@dataclass(frozen=True)
class Marks:
    """What can only be known of one customer, as text: name, organisation number, agreements, tickets, invoice lines,
    meetings and contacts; and the customer's id, which as a number may stand for something else too.
    """

    customer_ids: frozenset[str]
    texts: frozenset[str]


@cache
def marks_of_others(database: Path, reader: Reader) -> Marks:
    """The marks of all customers that the reader may not see."""
    with Warehouse.open(database) as house, house.reading() as cursor:
        visible = house.visible(reader)
        owners = cursor.execute(_MARKS).fetchall()
    owned = [(key, text) for key, text in owners if text]
    mine = {text for key, text in owned if visible is None or key in visible}
    hidden = [(key, text) for key, text in owned if visible is not None and key not in visible]
    return Marks(
        frozenset(key for key, _text in hidden), frozenset(text for _key, text in hidden if text not in mine)
    )


def all_marks(database: Path) -> Marks:
    """The marks of every customer, for the control."""
    return marks_of_others(database, Reader())


def agreements_in_force(database: Path) -> frozenset[str]:
    """The agreements that are in force on ``TODAY``."""
    with Warehouse.open(database) as house:
        rows = house.report("agreements", Scope(TODAY, SEES_ALL)).to_pylist()
    return frozenset(row["agreement_id"] for row in rows if row["state"] in ("active", "terminating"))


def marks_shown(database: Path, customer_id: str) -> frozenset[str]:
    """A customer's marks that pages show on ``TODAY``: no contact without a ticket in the year before, and no
    invoice line of a later day.
    """
    with Warehouse.open(database) as house, house.reading() as cursor:
        owned = cursor.execute(_MARKS).fetchall()
        unshown = cursor.execute(_UNSHOWN, {"today": TODAY, "customer_id": customer_id}).fetchall()
    return frozenset(text for key, text in owned if key == customer_id and text) - {
        text for (text,) in unshown
    }


# One row per mark and the customer that it is of.
_MARKS = """
    select a.customer_id, unnest([a.customer_name, a.org_number, a.agreement_id]) as text from stored.agreements as a
    union
    select t.customer_id, left(t.contact, 12) as text
    from main.tickets as t
    where t.customer_id is not null and t.contact is not null
    union
    select i.customer_id, i.invoice_line_id as text from main.invoices as i where i.customer_id is not null
    union
    select m.customer_id, m.meeting_id as text from main.meetings as m where m.customer_id is not null
"""

_UNSHOWN = """
    select left(t.contact, 12) as text
    from main.tickets as t
    where t.customer_id = $customer_id and t.contact is not null
    group by 1
    having
        count_if(
            t.opened_at >= model.end_of_day(model.year_before($today))
            and t.opened_at < model.end_of_day($today)
            and t.status is distinct from 'merged'
        ) = 0
    union
    select i.invoice_line_id as text
    from main.invoices as i
    where i.customer_id = $customer_id and i.issued_on > $today
"""
