"""Links from messages to pages of the dashboard: the page, and what its address says."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from ccinsight.access import Reader, Right

# The tab of the customer's page that shows what a duty is about; the others are about the agreement.
_TAB_OF = {
    "yearly_unbilled": "invoices",
    "expansion_unbilled": "invoices",
    "yearly_overbilled": "invoices",
    "expansion_overbilled": "invoices",
    "consulting_unbilled": "invoices",
    "users_unknown": "users",
    "renewal_verdict": "duties",
    "verdict_action": "duties",
}


@dataclass(frozen=True)
class Link:
    """A page by its name, and the parameters of its address in order."""

    page: str
    parameters: tuple[tuple[str, str], ...] = ()

    def address(self, public_address: str) -> str:
        """The whole address, below the public one; "" where that is unknown."""
        if not public_address:
            return ""
        query = f"?{urlencode(self.parameters)}" if self.parameters else ""
        return f"{public_address}/{self.page}{query}"


def to_do(*, kind: str = "", show: str = "", manager: str = "") -> Link:
    """The page *To do*: of one kind of duty, of all that is open, or of one account manager."""
    given = (("show", show), ("duty", kind), ("account-manager", manager))
    return Link("to_do", tuple(pair for pair in given if pair[1]))


def customer(customer_id: str, tab: str = "") -> Link:
    """A customer's page, at a tab."""
    return Link("customer", (("id", customer_id), *((("tab", tab),) if tab else ())))


def duty(kind: str, customer_id: str) -> Link:
    """Where a duty towards a customer is seen best: the meeting's page, else a tab of the customer's page."""
    if kind == "status_meeting":
        return Link("meeting", (("id", customer_id),))
    return customer(customer_id, _TAB_OF.get(kind, "agreements"))


def movements(movement: str = "") -> Link:
    """The movements of revenue, of one kind."""
    return Link("revenue", (("movement", movement),) if movement else ())


def data(reader: Reader) -> Link | None:
    """The page *Data*; None where the reader doesn't have it."""
    return Link("data") if shows_whole_database(reader) else None


def shows_whole_database(reader: Reader) -> bool:
    """True where the reader may be shown imports and the names of files, as on the page *Data*."""
    return reader.sees_all and reader.may(Right.INTERNAL_PAGES)
