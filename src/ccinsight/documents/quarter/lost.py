"""Who was lost and why: the reasons that colleagues chose, beside the rows of the report ``lost_agreements``."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ccinsight.charts.sums import known_sums
from ccinsight.i18n import N_, _
from ccinsight.notes.terminations import Given
from ccinsight.registry import Column

REASON = Column(
    "reason",
    N_("Termination reason"),
    "text",
    N_("Why the agreement was terminated, as a colleague chose it."),
)
NOTE = Column("reason_note", N_("Note"), "text", N_("What a colleague wrote of the termination; internal."))


def with_reasons(rows: pd.DataFrame, known: Mapping[str, Given]) -> pd.DataFrame:
    """Rows with an ``agreement_id``, each with reason and note as in ``known`` (by agreement); empty without one."""
    given = [known.get(agreement) for agreement in rows["agreement_id"]]
    texts = {
        "reason": [each.reason if each else None for each in given],
        "reason_note": [each.note or None if each else None for each in given],
    }
    return rows.assign(
        **{name: pd.Series(values, rows.index, dtype=object) for name, values in texts.items()}
    )


def by_reason(lost: pd.DataFrame) -> pd.DataFrame:
    """Lost revenue and customers by reason (and is_given), the largest loss first and what has no reason last.

    ``lost`` are rows of ``lost_agreements`` with reasons; the amounts add up to their sum. The amount of a reason is
    unknown where none of its rows has one.
    """
    named = lost.assign(is_given=lost["reason"].notna(), reason=lost["reason"].fillna(_("not given")))
    keys = ["is_given", "reason"]
    sums = known_sums(named, keys, ["amount"])
    sums["lost_customers"] = named.groupby(keys)["customer_id"].nunique()
    ordered = sums.reset_index().sort_values(["is_given", "amount", "reason"], ascending=[False, True, True])
    return ordered.reset_index(drop=True)
