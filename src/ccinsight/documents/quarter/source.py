"""Asks for the review's reports without a page, and holds all that a deck or a workbook of one period is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from ccinsight.access import Reader
from ccinsight.database.scope import Filters
from ccinsight.database.warehouse import Warehouse
from ccinsight.documents.quarter import figures, lost
from ccinsight.documents.quarter.figures import Reviewed, against
from ccinsight.documents.quarter.periods import Period
from ccinsight.notes.duties import with_notes
from ccinsight.notes.terminations import TerminationReasons
from ccinsight.notes.verdicts import STAYS, VERDICTS
from ccinsight.outputs.frames import to_frame
from ccinsight.registry import REPORTS, Column
from ccinsight.rules import risk
from ccinsight.rules.risk import HIGH

_OF_RISK = ("customer_id", "customer_name", "account_manager", "annual_value", "renewal_on")
_OF_VERDICT = ("verdict", "reason", "action", "action_on", "given_on")


@dataclass(frozen=True)
class Source:
    """A database as a reader sees it on a day, with filters. Raises UsageError for a filter that doesn't exist."""

    house: Warehouse
    as_of: date
    reader: Reader
    filters: Filters

    def report(self, name: str, **options: Any) -> pd.DataFrame:
        """The named report for the day and the filters, with what the notes beside the database say."""
        report = REPORTS[name]
        scope = self.house.resolve(self.as_of, self.filters, self.reader, name)
        return to_frame(self.house.report(name, scope, **with_notes(report, self.house.path, options)))

    def on(self, day: date) -> Source:
        """The same reader and filters on another day."""
        return replace(self, as_of=day)

    def has_export(self, export: str) -> bool:
        """True where the database has a row of that export."""
        rows = self.house.cursor().execute("select 1 from stored.files where export = ? limit 1", [export])
        return rows.fetchone() is not None

    def scores(self) -> pd.DataFrame:
        """The renewal risk of the chosen customers, the highest score first: ``risk.scores`` of the day."""
        scope = self.house.resolve(self.as_of, self.filters, self.reader, "renewal_risk")
        scored = risk.scores(self.house, self.as_of, self.reader)
        return (
            scored if scope.customer_ids is None else scored[scored["customer_id"].isin(scope.customer_ids)]
        )


@dataclass(frozen=True)
class Quarter:
    """A period with those that it is set against, and what is to come, as known on its last day.

    ``read_on``: the day of the reader, whose reasons of terminations hold. ``filters``: each filter's label and values.
    """

    reviewed: Reviewed[Source]
    others: tuple[Reviewed[Source], ...]
    read_on: date
    filters: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, source: Source, period: Period, filters: tuple[tuple[str, str], ...] = ()) -> Quarter:
        """The period as the source's reader sees it; ``source.as_of`` is the reader's day."""
        has_invoices = source.has_export("invoices")
        reviewed, *others = [Reviewed(source, each, has_invoices) for each in (period, *against(period))]
        return cls(reviewed, tuple(others), source.as_of, filters)

    @property
    def period(self) -> Period:
        """The period that is reviewed."""
        return self.reviewed.period

    @cached_property
    def values(self) -> list[dict[str, object]]:
        """The figures of the period and of those that it is set against."""
        return [each.values() for each in (self.reviewed, *self.others)]

    @cached_property
    def compared(self) -> Mapping[str, Column]:
        """The figures that are shown, as the page shows them."""
        return figures.compared(self.values)

    @cached_property
    def lost(self) -> pd.DataFrame:
        """The rows of ``lost_agreements`` with the reasons known on the reader's day, the largest loss first."""
        known = TerminationReasons.beside(self.reviewed.view.house.path).known(self.read_on)
        return lost.with_reasons(self.reviewed.lost, known).sort_values("amount", kind="stable")

    @cached_property
    def scores(self) -> pd.DataFrame:
        """The renewal risk of each customer on the last day."""
        return self.reviewed.at.scores()

    @cached_property
    def at_risk(self) -> pd.DataFrame:
        """Customers with a high score, or with a verdict of doubt or of leaving, the largest value first.

        Columns: customer_id, customer_name, account_manager, annual_value, renewal_on, score (None unknown), verdict,
        reason, action, action_on, given_on; of several agreements the worst verdict, each agreement's newest.
        """
        given = self.reviewed.at.report("renewal_verdicts")
        rows = given[given["verdict"].notna() & (given["renewal_on"] > pd.Timestamp(self.period.last))]
        newest = rows.sort_values("given_on", kind="stable").drop_duplicates("agreement_id", keep="last")
        rank = newest["verdict"].map({name: place for place, name in enumerate(VERDICTS)})
        worst = (
            newest.assign(_rank=rank)
            .sort_values("_rank", kind="stable")
            .drop_duplicates("customer_id", keep="last")
        )
        scored = self.scores[[*_OF_RISK, "score"]].merge(
            worst[["customer_id", *_OF_VERDICT]], on="customer_id", how="left"
        )
        is_doubtful = scored["verdict"].notna() & (scored["verdict"] != STAYS)
        found = scored[(scored["score"] >= HIGH) | is_doubtful]
        return found.sort_values("annual_value", ascending=False, na_position="last", kind="stable")

    @cached_property
    def forecast(self) -> pd.DataFrame:
        """The report ``renewal_forecast``: twelve months from the last day."""
        return self.reviewed.at.report("renewal_forecast")
