"""Invoice lines that share a number, and what a later file replaces: no amount is lost."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from ccinsight.errors import CcinsightError
from ccinsight.ingest.history.rejects import write_rejects
from ccinsight.ingest.readers import chunks
from tests.ingest.trying import Trial, tickets, try_import

HEAD = "Kundenr;Type;Fakturadato;Beløp"
MAPPED = '[headers.invoices]\n"Bilag" = "invoice_line_id"\n'


def _file(headers: str, *rows: str) -> str:
    return "\n".join([f"{headers};{HEAD}", *rows]) + "\n"


def _lines(trial: Trial) -> dict[str, Decimal]:
    rows = trial.rows("from stored.invoices select invoice_line_id, amount order by file_id, line")
    assert len(dict(rows)) == len(rows)
    return dict(rows)


def _numbered(*amounts: str) -> str:
    return _file("Fakturanr", *(f"70;1;Årlig;01.04.2025;{amount}" for amount in amounts))


def _with_ids(*amounts: str) -> str:
    return _file("Bilag", *(f"70;1;Årlig;01.04.2025;{amount}" for amount in amounts))


def test_lines_of_one_id_that_say_different_things_are_all_kept(tmp_path: Path) -> None:
    trial = try_import(tmp_path, {"fakturaer.csv": _with_ids("100", "200", "300")}, MAPPED)

    assert _lines(trial) == {"70": Decimal(100), "70#2": Decimal(200), "70#3": Decimal(300)}
    assert trial.kinds() == ["lines_shared"]
    assert trial.summary.rows_conflicting == 2
    assert trial.rows("from stored.key_conflicts") == [(1, "invoices", "70", [2, 3, 4])]


def test_lines_of_one_id_that_say_the_same_count_once(tmp_path: Path) -> None:
    trial = try_import(tmp_path, {"fakturaer.csv": _with_ids("100", "200", "100")}, MAPPED)

    assert _lines(trial) == {"70": Decimal(200), "70#2": Decimal(100)}
    assert trial.kinds() == ["duplicate_key", "lines_shared"]
    same = try_import(tmp_path, {"fakturaer.csv": _with_ids("100", "100")}, MAPPED)
    assert _lines(same) == {"70": Decimal(100)}
    assert same.kinds() == ["duplicate_key", "lines_fewer"]
    assert same.summary.rows_conflicting == 0


def test_an_id_of_the_file_is_never_given_to_another_line(tmp_path: Path) -> None:
    rows = ("70;1;Årlig;01.04.2025;100", "70#2;1;Årlig;01.04.2025;200", "70;1;Årlig;01.04.2025;300")
    trial = try_import(tmp_path, {"fakturaer.csv": _file("Bilag", *rows)}, MAPPED)
    assert _lines(trial) == {"70": Decimal(100), "70#2": Decimal(200), "70##2": Decimal(300)}


def test_a_line_goes_by_number_and_line_number(tmp_path: Path) -> None:
    rows = (
        "70;1;1;Årlig;01.04.2025;100",
        "70;2;1;Årlig;01.04.2025;200",
        "71;1;1;Årlig;01.04.2025;300",
        "70;2;1;Konsulent;01.04.2025;400",  # another line of the same number
    )
    trial = try_import(tmp_path, {"fakturaer.csv": _file("Fakturanummer;Linjenr", *rows)})

    assert list(_lines(trial)) == ["70/1", "70/2", "71/1", "70/2#2"]
    assert trial.kinds() == ["lines_shared"]
    kept = trial.rows(
        "from stored.invoices select invoice_number, line_number where invoice_line_id = '70/2#2'"
    )
    assert kept == [("70", "2")]


def test_a_line_without_a_number_of_its_own_goes_by_its_position(tmp_path: Path) -> None:
    rows = (
        "70;1;Årlig;01.04.2025;100",
        "71;1;Årlig;01.04.2025;100",
        "70;1;Årlig;01.04.2025;100",  # the same again is another line
        "70;1;Årlig;2025;100",  # rejected, and yet the third
        "70;1;Årlig;01.04.2025;400",
    )
    trial = try_import(tmp_path, {"fakturaer.csv": _file("Fakturanr", *rows)})

    assert list(_lines(trial)) == ["70/1", "71/1", "70/2", "70/4"]
    assert trial.values("from stored.rejects select row_key") == ["70/3"]
    assert trial.kinds() == []


def test_a_position_is_counted_over_all_parts_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "CHUNK_BYTES", 64)
    rows = [f"{70 + at % 3};1;Årlig;01.04.2025;{100 + at}" for at in range(60)]
    trial = try_import(tmp_path, {"fakturaer.csv": _file("Fakturanr", *rows)})
    assert list(_lines(trial)) == [f"{70 + at % 3}/{at // 3 + 1}" for at in range(60)]


def test_an_id_goes_before_a_number(tmp_path: Path) -> None:
    rows = ("9001;70;1;Årlig;01.04.2025;100", ";70;1;Årlig;01.04.2025;200", ";;1;Årlig;01.04.2025;300")
    trial = try_import(tmp_path, {"fakturaer.csv": _file("Fakturalinje;Fakturanr", *rows)})

    assert list(_lines(trial)) == ["9001", "70/1"]
    assert [row[1:] for row in trial.rejects()] == [("invoice_line_id", None, "is empty")]


@pytest.mark.parametrize(("file", "settings"), [(_numbered, None), (_with_ids, MAPPED)])
def test_a_later_file_replaces_all_lines_of_what_it_holds(tmp_path: Path, file, settings) -> None:  # type: ignore[no-untyped-def]
    try_import(tmp_path, {"fakturaer.csv": file("100", "200", "300")}, settings)
    trial = try_import(tmp_path, {"fakturaer.csv": file("100", "250")}, settings)

    assert list(_lines(trial).values()) == [Decimal(100), Decimal(250)]
    (fewer,) = [each for each in trial.file.warnings if each.kind == "lines_fewer"]
    assert (fewer.value, fewer.rows) == ("70", 1)


def test_other_numbers_and_ids_stay(tmp_path: Path) -> None:
    try_import(tmp_path, {"a.csv": _numbered("100", "200")})
    try_import(tmp_path, {"b.csv": _with_ids("300")}, MAPPED)
    other = _file("Fakturanr", "71;1;Årlig;01.04.2025;400")
    trial = try_import(tmp_path, {"c.csv": other})
    assert list(_lines(trial)) == ["70/1", "70/2", "70", "71/1"]


@pytest.mark.parametrize(("file", "settings"), [(_numbered, None), (_with_ids, MAPPED)])
def test_the_same_file_again_changes_nothing(tmp_path: Path, file, settings) -> None:  # type: ignore[no-untyped-def]
    first = try_import(tmp_path, {"fakturaer.csv": file("100", "200")}, settings)
    lines, conflicts = _lines(first), first.summary.rows_conflicting
    again = try_import(tmp_path, {"fakturaer.csv": file("100", "200")}, settings)

    assert again.summary.unchanged == ("fakturaer.csv",)
    assert again.summary.rows_conflicting == conflicts
    assert _lines(again) == lines


def test_a_mended_whole_file_takes_the_place_of_its_rejected_lines(tmp_path: Path) -> None:
    try_import(tmp_path, {"fakturaer.csv": _numbered("100", "2x0", "300")})
    trial = try_import(tmp_path, {"fakturaer.csv": _numbered("100", "200", "300")})
    assert list(_lines(trial)) == ["70/1", "70/2", "70/3"]
    assert trial.rejects() == []


def test_the_sheets_of_one_workbook_are_one_file(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name, amounts in (("Fakturaer vår", (100, 200)), ("Fakturaer høst", (300,))):
        sheet = book.create_sheet(name)
        sheet.append(["Fakturanr", *HEAD.split(";")])
        for amount in amounts:
            sheet.append(["70", "1", "Årlig", "01.04.2025", amount])
    content = BytesIO()
    book.save(content)
    trial = try_import(tmp_path, {"fakturaer.xlsx": content.getvalue()})
    assert list(_lines(trial)) == ["70/1", "70/2", "70/3"]


def test_a_file_without_id_or_number_lacks_a_column(tmp_path: Path) -> None:
    with pytest.raises(CcinsightError, match=r"invoice_line_id .*Fakturanr"):
        try_import(tmp_path, {"fakturaer.csv": f"{HEAD}\n1;Årlig;01.04.2025;100\n"})


# ---- one key, different contents, in the other exports


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("tickets.csv", tickets("1;1;2026-01-01 10:00", "2;1;2026-01-01", "1;1;2026-01-02 10:00"), "1"),
        (
            "agreements.csv",
            "agreement_id;customer_id;customer_name;subscribed_on\nA;1;En AS;2024-01-01\nA;1;En AS;2025-01-01\n",
            "A",
        ),
        (
            "brukertall.csv",
            "customer_id;counted_on;registered_users\n1;2026-01-01;5\n1;2026-01-01;6\n",
            "1|2026-01-01",
        ),
        (
            "priser.csv",
            "valid_from;min_users;price_per_user\n2026-01-01;1;1000\n2026-01-01;1;1100\n",
            "CloudCare CRM||2026-01-01|standard|1",
        ),
        ("moter.csv", "meeting_id;customer_id;kind\nM;1;course\nM;1;workshop\n", "M"),
    ],
)
def test_different_rows_of_one_key_are_a_conflict(tmp_path: Path, name: str, content: str, key: str) -> None:
    trial = try_import(tmp_path, {name: content})

    assert trial.values("from stored.key_conflicts select row_key") == [key]
    assert trial.summary.rows_conflicting == 1
    assert [kind for kind in trial.kinds() if "key" in kind] == ["key_conflict"]
    export = trial.file.export
    assert trial.values(f"from stored.{export} select max(line)") == [len(content.splitlines())]


def test_equal_rows_of_one_key_are_no_conflict(tmp_path: Path) -> None:
    trial = try_import(tmp_path, {"tickets.csv": tickets("1;1;2026-01-01 10:00", "1;1;2026-01-01 10:00")})
    assert trial.summary.rows_conflicting == 0
    assert trial.rows("from stored.key_conflicts") == []


def test_conflicts_go_when_an_export_starts_afresh(tmp_path: Path) -> None:
    try_import(tmp_path, {"fakturaer.csv": _with_ids("100", "200")}, MAPPED)
    trial = try_import(tmp_path, {"fakturaer.csv": _with_ids("100")}, MAPPED, replace={"invoices"})
    assert trial.rows("from stored.key_conflicts") == []


# ---- rejected lines that are mended in a file of their own


def test_a_mended_line_of_a_number_takes_its_own_place(tmp_path: Path) -> None:
    try_import(tmp_path, {"fakturaer.csv": _numbered("100", "2x0", "300", "4x0")})
    trial = try_import(tmp_path, {"mended.csv": _numbered("200")})
    assert _lines(trial) == {"70/1": Decimal(100), "70/3": Decimal(300), "70/2": Decimal(200)}
    assert trial.values("from stored.rejects select row_key") == ["70/4"]
    assert trial.kinds() == []

    last = try_import(tmp_path, {"mended-too.csv": _numbered("400")})
    assert sum(_lines(last).values()) == 1000
    assert last.rejects() == []
    # The whole invoice once more, with fewer lines.
    again = try_import(tmp_path, {"fakturaer.csv": _numbered("100", "200")})
    assert _lines(again) == {"70/1": Decimal(100), "70/2": Decimal(200)}


def test_a_mended_line_of_a_shared_id_stands_beside_the_others(tmp_path: Path) -> None:
    try_import(tmp_path, {"fakturaer.csv": _with_ids("100", "2x0", "300")}, MAPPED)
    trial = try_import(tmp_path, {"mended.csv": _with_ids("200")}, MAPPED)
    assert _lines(trial) == {"70": Decimal(100), "70#2": Decimal(300), "70#3": Decimal(200)}
    assert trial.rejects() == []


def test_a_mended_line_of_an_id_of_its_own_replaces_what_an_earlier_file_said(tmp_path: Path) -> None:
    try_import(tmp_path, {"a.csv": _with_ids("100")}, MAPPED)
    try_import(tmp_path, {"b.csv": _with_ids("1x0")}, MAPPED)
    trial = try_import(tmp_path, {"mended.csv": _with_ids("150")}, MAPPED)
    assert _lines(trial) == {"70": Decimal(150)}
    assert trial.rejects() == []


def test_an_invoice_of_which_every_line_was_rejected_comes_back_line_by_line(tmp_path: Path) -> None:
    try_import(tmp_path, {"fakturaer.csv": _numbered("1x0", "2x0")})
    for amount in ("100", "200"):
        trial = try_import(tmp_path, {f"{amount}.csv": _numbered(amount)})
    assert _lines(trial) == {"70/1": Decimal(100), "70/2": Decimal(200)}
    assert trial.rejects() == []


@pytest.mark.parametrize(("file", "settings"), [(_numbered, None), (_with_ids, MAPPED)])
def test_the_file_of_rejected_lines_is_mended_and_imported(tmp_path: Path, file, settings) -> None:  # type: ignore[no-untyped-def]
    first = try_import(tmp_path, {"fakturaer.csv": file("100", "2x0", "300", "4x0")}, settings)
    write_rejects(first.database, tmp_path / "rejects.csv")
    text = (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")
    assert text.count("x0;") + text.count("x0\n") + text.count("x0\r") >= 2

    mended = text.replace("2x0", "200").replace("4x0", "400")
    trial = try_import(tmp_path, {"mended.csv": mended}, settings)
    assert sorted(_lines(trial).values()) == [100, 200, 300, 400]
    assert trial.rejects() == []
