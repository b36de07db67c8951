"""Full lists in a watched folder: one that lost more than half waits for a person."""

from __future__ import annotations

from collections.abc import Callable

from ccinsight.ingest.history.undoing import undo
from tests.integrations.watch.conftest import WHEN, Trial, agreements, tickets


def test_a_list_that_lost_more_than_half_is_held_back_until_a_person_confirms_it(
    new_trial: Callable[..., Trial],
) -> None:
    trial = new_trial('[import]\nfull = ["agreements"]\n')
    trial.put({"avtaler.csv": agreements(*range(10))})
    trial.settle()
    trial.put({"avtaler.csv": agreements(0, 1, 2), "saker.csv": tickets(1)})
    assert trial.settle() == {"avtaler.csv": "held", "saker.csv": "done"}
    assert trial.values("select count(*) from model.gone_rows") == [0]
    text = trial.receipt("held", "avtaler.csv")
    assert "agreements: the new files hold 3 rows, and replace 10." in text
    assert str(trial.folder / "confirmed") in text
    # the same half-empty list, exported again, is no answer
    trial.put({"avtaler.csv": agreements(0, 1, 2)})
    assert trial.settle() == {"avtaler.csv": "held"}
    for name in ("avtaler.csv", "avtaler.csv.receipt.txt"):
        (trial.folder / "held/2026-03-15" / name).rename(trial.folder / "confirmed" / name)
    assert trial.settle() == {"confirmed/avtaler.csv": "done"}
    assert trial.values("select count(*) from model.gone_rows where is_full") == [7]
    assert trial.values("select distinct gone_on from model.gone_rows") == [WHEN.date()]
    undo(trial.database)
    assert trial.values("select count(*) from model.gone_rows") == [0]
