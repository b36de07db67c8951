"""The data problems that a page counts: those of the customers in sight, and those of no single customer."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ccinsight.dashboard.session import reads
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import layout
from ccinsight.dashboard.widgets.figures import total
from ccinsight.i18n import _, ngettext, number
from ccinsight.registry import label_of

# Said in words wherever they hold; they are no rows to be checked.
_MISSING, _UNMAPPED = "agreements_missing", "category_unmapped"


@dataclass(frozen=True)
class Problems:
    """Rows of ``data_quality`` that found something: of the customers chosen, and of no single customer.

    Without a filter all of them are in ``own``. Each has the column ``rows`` that it counts.
    """

    own: pd.DataFrame
    common: pd.DataFrame
    is_filtered: bool
    are_agreements_missing: bool
    are_categories_unset: bool

    @property
    def count(self) -> int:
        """The rows to be checked; where no category is in the settings, theirs aren't counted one by one."""
        return self._rows(self.own)

    def _rows(self, found: pd.DataFrame) -> int:
        said = [_MISSING, *([_UNMAPPED] if self.are_categories_unset else [])]
        return int(total(found.loc[~found["check"].isin(said), "rows"]) or 0)

    def checks(self) -> dict[str, str]:
        """The checks that found something, each with its name."""
        names = dict.fromkeys([*self.own["check"], *self.common["check"]])
        return {str(name): label_of("check", name) for name in names}

    def title(self) -> str:
        """How many rows should be checked, as a sentence."""
        if self.are_agreements_missing and not self.count:
            return _("Agreements are missing")
        if self.are_agreements_missing:
            return ngettext(
                "Agreements are missing, and {count} row should be checked",
                "Agreements are missing, and {count} rows should be checked",
                self.count,
            ).format(count=number(self.count))
        if self.is_filtered:
            return ngettext(
                "{count} row of the chosen customers should be checked",
                "{count} rows of the chosen customers should be checked",
                self.count,
            ).format(count=number(self.count))
        return ngettext("{count} row should be checked", "{count} rows should be checked", self.count).format(
            count=number(self.count)
        )

    def apart(self) -> str:
        """What a card's figure doesn't count, or whose rows it counts."""
        rows = self._rows(self.common)
        common = ngettext(
            "and {count} row of no single customer", "and {count} rows of no single customer", rows
        )
        parts = [
            (self.are_agreements_missing, _("agreements are missing")),
            (self.are_categories_unset, _("no category is in the settings")),
            (self.is_filtered, common.format(count=number(rows))),
        ]
        return "; ".join(text for holds, text in parts if holds) or _("all customers")


def read(view: View) -> Problems:
    """The data problems on the view's day."""
    quality = view.report("data_quality")
    is_filtered = view != view.unfiltered()
    common = quality["common_rows"] if is_filtered else 0
    return Problems(
        _found(quality.assign(rows=quality["rows"] - common)),
        _found(quality.assign(rows=common)),
        is_filtered,
        bool(layout.missing_exports("agreements")),
        _UNMAPPED in set(quality.loc[quality["rows"] > 0, "check"]) and not reads.settings().categories,
    )


def without_manager(view: View) -> str:
    """How many customers have no account manager today, and who sees them; empty where all have one."""
    customers = view.unfiltered().on(view.today).report("customers")
    count = int(customers["account_manager"].isna().sum())
    if not count:
        return ""
    return ngettext(
        "{count} customer has no account manager: only those who may see all customers see it.",
        "{count} customers have no account manager: only those who may see all customers see them.",
        count,
    ).format(count=number(count))


def _found(quality: pd.DataFrame) -> pd.DataFrame:
    return quality[quality["rows"] > 0]
