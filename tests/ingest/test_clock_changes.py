"""Times around a change of clock (R10): what is before what, and which of two instants a stored local time is.

Openings, replies and closings within a few hours of a change, in either direction, are written in each form and kind of
file and held against the instants that the standard library's time zones give.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccinsight.ingest import import_paths
from tests.ingest.trying import WHEN, tickets, try_import
from tests.robustness.oracle import OSLO, No, instant, is_skipped, later_instant

HEADERS = ["ticket_id", "customer_id", "opened_at", "first_reply_at", "closed_at"]
# The instants at which Norwegian clocks were and will be turned, forward and back in turn.
CHANGES = [
    datetime(1981, 3, 29, 1, tzinfo=UTC),
    datetime(1995, 9, 24, 1, tzinfo=UTC),
    datetime(2024, 3, 31, 1, tzinfo=UTC),
    datetime(2024, 10, 27, 1, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2098, 3, 30, 1, tzinfo=UTC),
    datetime(2098, 10, 26, 1, tzinfo=UTC),
]
COLUMNS = {"opened_at": 1, "first_reply_at": 2, "closed_at": 4}
Times = tuple[datetime, datetime, datetime]


@dataclass(frozen=True)
class Form:
    """A way to write times: whether it keeps the offset, and what makes a file of rows of three times."""

    has_offset: bool
    write: Callable[[Path, list[Times]], None]


def _local(at: datetime) -> datetime:
    return at.astimezone(OSLO).replace(tzinfo=None) if at.tzinfo else at


def _text_file(text: Callable[[datetime], str], path: Path, rows: list[Times]) -> None:
    lines = [";".join([str(at), "1", *map(text, row)]) for at, row in enumerate(rows)]
    path.write_text("\n".join([";".join(HEADERS), *lines, ""]), encoding="utf-8")


def _parquet(type_: pa.DataType, path: Path, rows: list[Times]) -> None:
    columns = [pa.array(list(column), type_) for column in zip(*rows, strict=True)]
    ids = pa.array([str(at) for at in range(len(rows))])
    pq.write_table(pa.table([ids, pa.array(["1"] * len(rows)), *columns], HEADERS), path)


def _workbook(path: Path, rows: list[Times]) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet, clock = book.add_worksheet("saker"), book.add_format({"num_format": "dd.mm.yyyy hh:mm:ss"})
        sheet.write_row(0, 0, HEADERS)
        for line, row in enumerate(rows, 1):
            sheet.write_row(line, 0, [str(line - 1), "1"])
            for at, moment in enumerate(row, 2):
                sheet.write_datetime(line, at, moment, clock)


def _with_offset(at: datetime) -> str:
    return at.astimezone(OSLO).isoformat(sep=" ")


FORMS = {
    "local": Form(False, partial(_text_file, "{:%d.%m.%Y %H:%M:%S}".format)),
    "short": Form(False, partial(_text_file, "{:%Y-%m-%d %H:%M}".format)),
    "slashes": Form(False, partial(_text_file, "{:%d/%m/%Y %H:%M}".format)),
    "fraction": Form(False, partial(_text_file, lambda at: f"{at:%Y-%m-%dT%H:%M:%S},000")),
    "superoffice": Form(False, partial(_text_file, "[DT:{:%m/%d/%Y %H:%M:%S}]".format)),
    "z": Form(True, partial(_text_file, lambda at: f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")),
    "offset": Form(True, partial(_text_file, _with_offset)),
    "abroad": Form(
        True, partial(_text_file, lambda at: f"{at.astimezone(UTC) - timedelta(hours=5.5):%Y-%m-%d %H:%M} -0530")
    ),
    "workbook": Form(False, _workbook),
    "parquet": Form(False, partial(_parquet, pa.timestamp("us"))),
    "parquet_utc": Form(True, partial(_parquet, pa.timestamp("us", "UTC"))),
    "parquet_oslo": Form(True, partial(_parquet, pa.timestamp("ns", "Europe/Oslo"))),
}  # fmt: skip


@st.composite
def _times(draw: st.DrawFn, has_offset: bool) -> Times:
    """An opening near a change of clock; a reply and a closing a little before or after it."""
    change = draw(st.sampled_from(CHANGES))
    opened = change + timedelta(minutes=draw(st.integers(-150, 150)))
    moved = [timedelta(minutes=draw(st.integers(-80, 200))) for _each in range(2)]
    if has_offset:
        return opened, opened + moved[0], opened + moved[1]
    opened = _local(opened) + draw(st.sampled_from([timedelta(), timedelta(), timedelta(hours=1)]))
    return opened, opened + moved[0], opened + moved[1]


def _expected(row: Times) -> list[datetime | No]:
    """The three instants."""
    opened = row[0] if row[0].tzinfo else instant(row[0])
    later: list[datetime | No] = []
    for at in row[1:]:
        if at.tzinfo:
            later.append(at if at >= opened else No.WRONG)
        else:
            later.append(later_instant(opened, at))
    return [opened, *later]


def _found(database: Path) -> tuple[dict[int, list[datetime]], dict[int, str]]:
    """The instants of the stored tickets, and the columns of the rejected ones."""
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            f"select cast(ticket_id as integer), coalesce(second_passes, 0), {', '.join(COLUMNS)} from stored.tickets"  # noqa: S608
        ).fetchall()
        rejects = connection.execute(
            "select cast(row_key as integer), column_name from stored.rejects"
        ).fetchall()
    stored = {
        at: [instant(local, bool(passes & bit)) for local, bit in zip(times, COLUMNS.values(), strict=True)]
        for at, passes, *times in rows
    }
    return stored, dict(rejects)


@pytest.mark.parametrize("name", FORMS)
@given(data=st.data())
@settings(deadline=None, max_examples=5, suppress_health_check=list(HealthCheck))
def test_instants_are_kept_in_every_form(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    form, folder = FORMS[name], tmp_path_factory.mktemp(name)
    rows = data.draw(st.lists(_times(form.has_offset), min_size=1, max_size=80))
    path, database = folder / "saker.dat", folder / "try.duckdb"
    form.write(path, rows)
    import_paths([path], database, imported_at=WHEN)
    stored, rejects = _found(database)
    for at, row in enumerate(rows):
        expected = _expected(row)
        wrong = [column for column, each in zip(COLUMNS, expected, strict=True) if isinstance(each, No)]
        assert rejects.get(at) == (wrong[0] if wrong else None), (row, expected)
        assert wrong or stored[at] == expected, row


@pytest.mark.parametrize(
    ("opened", "replied", "elapsed"),
    [
        # The opening is the second pass: the reply, which doesn't say, can't be the first.
        ("2024-10-27T02:10:00+01:00", "27.10.2024 02:40:00", 30),
        # The opening doesn't say: it is the first pass; the reply says.
        ("27.10.2024 02:10:00", "2024-10-27T02:40:00+01:00", 90),
        ("27.10.2024 02:40:00", "2024-10-27T02:10:00+02:00", None),
        ("27.10.2024 02:40:00", "27.10.2024 01:59:59", None),
        # A skipped time has the winter offset: 02:30 is 03:30.
        ("31.03.2024 02:30:00", "31.03.2024 03:45:00", 15),
        ("31.03.2024 02:30:00", "31.03.2024 03:10:00", None),
        ("31.03.2024 03:10:00", "31.03.2024 02:30:00", 20),
        # A date alone is the time of opening, in its pass.
        ("2024-10-27T02:10:00+01:00", "27.10.2024", 0),
    ],
)  # fmt: skip
def test_forms_may_differ_within_a_row(
    tmp_path: Path, opened: str, replied: str, elapsed: int | None
) -> None:
    headers = "ticket_id;customer_id;opened_at;first_reply_at"
    trial = try_import(tmp_path, {"saker.csv": tickets(f"1;1;{opened};{replied}", headers=headers)})
    if elapsed is None:
        assert [row[1:] for row in trial.rejects()] == [
            ("first_reply_at", replied, "before the ticket was opened")
        ]
        return
    ((passes, *times),) = trial.rows(
        "select coalesce(second_passes, 0), opened_at, first_reply_at from stored.tickets"
    )
    first, last = (instant(at, bool(passes & bit)) for at, bit in zip(times, (1, 2), strict=True))
    assert (last - first) / timedelta(minutes=1) == elapsed


def test_only_the_repeated_hour_has_a_pass(tmp_path: Path) -> None:
    rows = [f"{at};1;2024-10-{26 + at // 6}T0{at % 6}:30:00Z" for at in range(12)]
    trial = try_import(tmp_path, {"saker.csv": tickets(*rows)})
    passes: list[Any] = trial.rows(
        "select opened_at, second_passes from stored.tickets where second_passes > 0"
    )
    assert set(passes) == {(datetime(2024, 10, 27, 2, 30), 1)}


def test_rejected_rows_can_be_mended_in_the_repeated_hour(tmp_path: Path) -> None:
    """A Parquet file's instants within that hour keep their offset in the file of rejected rows."""
    opened = [datetime(2024, 10, 27, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    row = (opened[1], opened[0], opened[1])
    _parquet(pa.timestamp("us", "UTC"), tmp_path / "saker.parquet", [row])
    import_paths([tmp_path / "saker.parquet"], tmp_path / "try.duckdb", imported_at=WHEN)
    with duckdb.connect(str(tmp_path / "try.duckdb"), read_only=True) as connection:
        ((fields,),) = connection.execute("select fields from stored.rejects").fetchall()
    assert fields[2:] == [
        "2024-10-27 01:30:00.000000Z",
        "2024-10-27 00:30:00.000000Z",
        "2024-10-27 01:30:00.000000Z",
    ]
    mended = [fields[0], fields[1], fields[3], fields[2], fields[4]]
    trial = try_import(tmp_path, {"saker.csv": ";".join(HEADERS) + "\n" + ";".join(mended) + "\n"})
    assert trial.rows("select opened_at, second_passes from stored.tickets") == [
        (datetime(2024, 10, 27, 2, 30), 6)
    ]
    assert trial.rejects() == []


@pytest.mark.parametrize(("change", "minutes"), [*product(CHANGES, (-30, 30))])
def test_the_oracle_knows_skipped_times(change: datetime, minutes: int) -> None:
    local = _local(change - timedelta(minutes=1)) + timedelta(minutes=1 + minutes)
    assert is_skipped(local) == (change.month == 3 and minutes > 0)
