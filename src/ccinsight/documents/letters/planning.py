"""A price change that is only planned, as the list that it makes (R6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.ingest.price_letters import Step, Version

_ORE = Decimal("0.01")


def changed_list(
    steps: Iterable[Mapping[Any, Any]], product: str, valid_from: date, percent: Decimal | None = None
) -> Version:
    """The product's list from a day on: rows of ``price_steps``, each raised by ``percent`` and rounded to the øre.

    Raises CcinsightError where the product has no list, a row stands twice, or a price is negative.
    """
    raised = (100 + (percent or Decimal(0))) / 100
    found = [
        Step(
            str(row["complexity"]),
            int(row["min_users"]),
            (Decimal(str(row["price_per_user"])) * raised).quantize(_ORE, ROUND_HALF_UP),
        )
        for row in steps
    ]
    if not found:
        raise CcinsightError(_("There is no price list of {product} to change.").format(product=product))
    if len({(step.complexity, step.min_users) for step in found}) < len(found):
        raise CcinsightError(
            _("The new list has two rows of one complexity and number of users. Remove one.")
        )
    if any(step.price_per_user < 0 or step.min_users < 1 for step in found):
        raise CcinsightError(_("The new list has a negative price, or a row for fewer than one user."))
    return Version(product, valid_from, tuple(found))


def planned_options(version: Version) -> dict[str, Any]:
    """What the report ``price_letters`` is asked for the letters of a list."""
    steps = [asdict(step) for step in version.steps]
    return {"product_name": version.product, "valid_on": version.valid_from, "steps": steps}
