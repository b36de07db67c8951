"""A process that reads a database all the time, as a dashboard does, and tells what it saw.

    python -m tests.robustness.reader DATABASE

One line of JSON a read: the generation that the whole database is of, and its build. It goes on until its input
is closed; anything that isn't whole, or is of two generations, ends it with an error.
"""

from __future__ import annotations

import json
import os
import select
import sys
from datetime import date
from pathlib import Path

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Filters
from ccinsight.database.warehouse import Warehouse

AS_OF = date(2026, 3, 15)
REPORTS = ("agreements", "renewals", "utilization", "tickets_by_month", "response", "data_quality", "imports")
# Without a pause it takes a core from the imports beside it.
_PAUSE = 0.02 if os.environ.get("CCINSIGHT_SOAK") == "1" else 0.25


def generation_of(house: Warehouse) -> str:
    """The one generation of all rows and of what the reports say. AssertionError where there are two."""
    with house.cursor() as cursor:
        rows = cursor.execute(
            """
            select contact, count(*), count(distinct ticket_id), (select count(*) from model.ticket_facts)
            from main.tickets group by 1
            """
        ).fetchall()
        managers = cursor.execute("select distinct account_manager from main.agreements").fetchall()
    assert len(rows) == len(managers) == 1, (rows, managers)
    (generation, tickets, distinct, facts), ((manager,),) = rows[0], managers
    assert manager == generation, f"agreements of {manager}, tickets of {generation}"
    assert tickets == distinct == facts
    scope = house.resolve(AS_OF, Filters(), SEES_ALL)
    reported = {name: house.report(name, scope) for name in REPORTS}
    assert sum(reported["tickets_by_month"]["tickets"].to_pylist()) == tickets
    assert set(reported["agreements"]["account_manager"].to_pylist()) == {generation}
    return str(generation)


def main(database: Path) -> None:
    """Reads until the input is closed. As in a dashboard, a page goes on with the file that it began with."""
    house = Warehouse.open(database, under_own_name=True)
    earlier: Warehouse | None = None
    seen: dict[str, str] = {}
    while not select.select([sys.stdin], [], [], _PAUSE)[0]:
        if not house.is_current():
            if earlier is not None:
                earlier.close()
            earlier, house = house, Warehouse.open(database, under_own_name=True)
        for each in filter(None, (earlier, house)):
            generation = generation_of(each)
            assert seen.setdefault(each.build_id, generation) == generation, "a build changed"
        print(json.dumps({"generation": generation, "build": house.build_id}), flush=True)
    for each in filter(None, (earlier, house)):
        each.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
