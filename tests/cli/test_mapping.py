"""``ccinsight mapping``: a file that isn't understood, a settings file to fill in, and the import that then maps."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import openpyxl
import pytest

from ccinsight.cli import run
from ccinsight.cli.words import speak
from ccinsight.settings.parsing import read_settings

TICKETS = """\
ticket_id;customer_id;Opprettet tid;Sakstid;Status;Kanal;Prioritet;Kategori
T1;7;05.01.2026 09:00;12;Ny;Teams;Haster;Drift
T2;7;06.01.2026 09:00;35;Ny;Teams;Høy;Drift
T3;7;07.01.2026 09:00;;Lukket;Telefon;Haster;Kurs
"""
OWN = """\
# Ours: keep this remark.
[values.channel]   # how they reach us
"Slack" = "chat"

# And this one.
[import]
keep_titles = false
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a tickets export that has words of its own."""
    monkeypatch.setenv("LANGUAGE", "en")
    speak("en")
    monkeypatch.chdir(tmp_path)
    Path("saker.csv").write_text(TICKETS, encoding="cp1252")
    return tmp_path


def _filled(text: str, **names: str) -> str:
    """The starter with the lines of these keys filled in, as a person would."""
    for key, value in names.items():
        text, count = re.subn(rf'^#: ("{key}") = \S+.*$', rf'\1 = "{value}"', text, flags=re.MULTILINE)
        assert count == 1, key
    return text


def _rows(statement: str) -> list[tuple[object, ...]]:
    with duckdb.connect("ccinsight.duckdb", read_only=True) as connection:
        return connection.execute(statement).fetchall()


def test_starter_names_what_is_not_known_with_examples_and_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mapping", "saker.csv"]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert '#: "Opprettet tid" = ""   # 05.01.2026 09:00 · 06.01.2026 09:00 · 07.01.2026 09:00' in lines
    assert '#: "Sakstid" = ""   # 12 · 35' in lines
    assert lines[lines.index("[values.status]") + 2] == '#: "Ny" = ""   # 2 rows'
    assert lines[lines.index("[values.channel]") + 2] == '#: "Teams" = ""   # 2 rows'
    assert '#: "Drift" = { scope = "support", access_down = false }   # 2 rows' in lines
    assert '#: "high" = { access_down = false }   # 1 row' in lines
    assert "looks most like tickets" in err and "opened_at" in err and "Opprettet" in err
    (free,) = [line for line in lines if line.startswith("#: Columns without a header")]
    assert "minutes_spent" in free and "status" not in free


def test_filled_starter_makes_the_import_map(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mapping", "saker.csv", "--output", "own.toml"]) == 0
    text = Path("own.toml").read_text(encoding="utf-8")
    text = text.replace('#: "Opprettet tid" = ""', '"Opprettet tid" = "opened_at"')
    filled = _filled(text, Sakstid="minutes_spent", Ny="postponed", Teams="chat", Haster="critical")
    Path("own.toml").write_text(
        filled.replace('#: "Kurs" = { scope = "support"', '"Kurs" = { scope = "training"'), encoding="utf-8"
    )
    assert run(["import", "saker.csv", "--config", "own.toml"]) == 0
    assert _rows("select minutes_spent, status, channel, severity from tickets order by ticket_id") == [
        (12, "postponed", "chat", "critical"),
        (35, "postponed", "chat", "high"),
        (None, "closed", "phone", "critical"),
    ]
    assert _rows("select category, scope from stored.categories") == [("Kurs", "training")]
    capsys.readouterr()
    assert run(["mapping", "saker.csv", "--config", "own.toml"]) == 0
    again = capsys.readouterr().out
    assert '"Teams" = "chat"' in again and '#: "Drift"' in again
    assert '#: "Teams"' not in again and "#: [headers" not in again


def test_untouched_starter_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Path("ccinsight.toml").write_text(OWN, encoding="utf-8")
    fine = TICKETS.replace("Opprettet tid", "Opprettet")
    Path("saker.csv").write_text(fine, encoding="utf-8")
    assert run(["import", "saker.csv"]) == 0
    before = Path("ccinsight.duckdb").read_bytes()
    assert run(["mapping", "saker.csv", "--output", "starter.toml"]) == 0
    assert read_settings("starter.toml").values == {
        "channel": {"Slack": "chat"},
        "status": {},
        "severity": {},
    }
    assert run(["settings", "--config", "starter.toml"]) == 0
    stored = _rows("select toml from stored.settings")[0][0]
    assert "#:" not in str(stored), "examples from a file aren't kept in the database"
    Path("ccinsight.duckdb").write_bytes(before)
    capsys.readouterr()
    assert run(["import", "saker.csv", "--config", "starter.toml"]) == 0
    assert _rows("select channel from tickets order by ticket_id") == [("other",), ("other",), ("phone",)]


def test_starter_keeps_what_the_settings_say_and_can_be_made_again() -> None:
    Path("ccinsight.toml").write_text(OWN, encoding="utf-8")
    assert run(["mapping", "saker.csv", "--output", "one.toml"]) == 0
    one = Path("one.toml").read_text(encoding="utf-8")
    kept = [line for line in one.splitlines() if not line.startswith("#:")]
    assert "\n".join(kept).strip().startswith(OWN.strip())
    assert one.index('#: "Teams"') < one.index("# And this one.")
    assert run(["mapping", "saker.csv", "--config", "one.toml", "--output", "one.toml"]) == 0
    assert Path("one.toml").read_text(encoding="utf-8") == one


def test_settings_of_the_database_are_kept_where_there_is_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    Path("own.toml").write_text(OWN, encoding="utf-8")
    Path("ok.csv").write_text("ticket_id;customer_id;opened_at\nT1;7;2026-01-05\n")
    assert run(["import", "ok.csv", "--config", "own.toml"]) == 0
    capsys.readouterr()
    assert run(["mapping", "saker.csv"]) == 0
    assert '"Slack" = "chat"' in capsys.readouterr().out


def test_file_of_no_known_kind_needs_to_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    Path("list.csv").write_text("Nr;Kom inn;Hvem\n1;2026-01-05;Fjord\n")
    assert run(["mapping", "list.csv"]) == 1
    error = capsys.readouterr().err
    assert "list.csv" in error and "--export" in error and len(error.splitlines()) == 1
    assert run(["mapping", "list.csv", "--export", "tickets"]) == 0
    assert '#: "Kom inn" = ""   # 2026-01-05' in capsys.readouterr().out


@pytest.mark.parametrize("form", ["xlsx", "parquet", "utf-16"])
def test_every_form_of_file_is_looked_at(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [line.split(";") for line in TICKETS.splitlines()]
    if form == "xlsx":
        book = openpyxl.Workbook()
        assert book.active is not None
        for row in rows:
            book.active.append(row)
        book.save("saker.xlsx")
    elif form == "parquet":
        Path("utf8.csv").write_text(TICKETS, encoding="utf-8")
        duckdb.sql("copy (from read_csv('utf8.csv', all_varchar = true)) to 'saker.parquet'")
    else:
        Path("saker.utf-16").write_text(TICKETS, encoding="utf-16")
    assert run(["mapping", f"saker.{form}"]) == 0
    out = capsys.readouterr().out
    for line in ('#: "Sakstid" = ""   # 12 · 35', '#: "Teams" = ""   # 2 rows', '#: "Ny" = ""   # 2 rows'):
        assert line in out


def test_each_sheet_of_a_workbook_is_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "Saker"
    for row in (["Saks-ID", "Kundenr", "Opprettet", "Rart"], [1, 7, "2026-01-05", "x"]):
        book.active.append(row)
    sheet = book.create_sheet("Møter")
    for row in (["Møte", "Kundenr", "Type"], [1, 7, "Frokost"]):
        sheet.append(row)
    book.save("alt.xlsx")
    assert run(["mapping", "alt.xlsx"]) == 0
    out, err = capsys.readouterr()
    assert "[headers.tickets]\n" in out and '#: "Rart" = ""   # x' in out
    assert "[values.kind]\n" in out and "rejected" in out and '#: "Frokost" = ""   # 1 row' in out
    assert len(err.splitlines()) == 2


def test_file_that_is_understood_whole_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    Path("ok.csv").write_text("ticket_id;customer_id;opened_at\nT1;7;2026-01-05\n")
    assert run(["mapping", "ok.csv"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("#: ok.csv: every header")


def test_comments_are_in_the_terminals_language(capsys: pytest.CaptureFixture[str]) -> None:
    speak("nb")
    assert run(["mapping", "saker.csv"]) == 0
    assert "Kolonner uten overskrift" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["nothing.csv"], "nothing.csv"),
        (["."], "."),
        (["empty.csv"], "empty.csv"),
        (["bad.xlsx"], "bad.xlsx"),
        (["saker.csv", "--config", "broken.toml"], "broken.toml"),
        (["saker.csv", "--output", "empty.csv"], "--config"),
        (["saker.csv", "--output", "nowhere/x.toml"], "nowhere"),
    ],
)
def test_bad_input_gives_one_sentence(
    arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("empty.csv").write_text("")
    Path("bad.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    Path("broken.toml").write_text("[headers\n")
    assert run(["mapping", *arguments]) == 1
    out, err = capsys.readouterr()
    assert named in err and len(err.splitlines()) == 1 and out == ""
    assert Path("empty.csv").read_text() == ""


def test_rejected_and_odd_rows_do_not_stop_it(capsys: pytest.CaptureFixture[str]) -> None:
    odd = 'Nr;Kanal;Noe\n1;Teams;a\n2;Teams\n3;Teams;b;c\n4;"Teams;c\n'
    Path("saker.csv").write_text(odd, encoding="utf-8")
    assert run(["mapping", "saker.csv"]) == 0
    out = capsys.readouterr().out
    assert '#: "Teams" = ""   # 1 row' in out
