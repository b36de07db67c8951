"""An ended agreement's last period: its figures, labelled so, apart from what holds today."""

from __future__ import annotations

import pandas as pd

from ccinsight.dashboard.widgets.cards import Card
from ccinsight.i18n import _, day


def rows(agreements: pd.DataFrame, periods: pd.DataFrame) -> pd.DataFrame:
    """The last period of each ended agreement, the newest first; rows of ``agreement_periods``."""
    ended = agreements.loc[agreements["state"] == "ended", ["agreement_id", "period_start"]]
    if ended.empty:
        return periods.iloc[:0]
    last = periods.merge(ended, on=["agreement_id", "period_start"])
    return last.sort_values(["period_end", "agreement_id"], ascending=False, kind="stable")


def cards(last: pd.DataFrame) -> list[Card]:
    """When the customer's agreement ended and what its last period was; of several the one that began last."""
    row = last.sort_values(["subscribed_on", "agreement_id"]).iloc[-1]
    agreement = _("agreement {agreement}").format(agreement=row["agreement_id"])
    span = _("{start} to {end}").format(start=day(row["period_start"]), end=day(row["period_end"]))
    return [
        Card("ended_on", row["period_end"].date(), agreement),
        Card("last_value", row["annual_value"], span),
        Card("last_users", row["invoiced_users"], span),
        Card("last_rate", row["rate"], span),
    ]
