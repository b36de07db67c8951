"""Forgetting a person or a customer: in all files, to the byte, and for imports to come."""

# ruff: noqa: S608

from __future__ import annotations

import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from ccinsight.access import SEES_ALL
from ccinsight.cli import run
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import CcinsightError
from ccinsight.files import previous_file
from ccinsight.ingest import ImportSummary, import_paths
from ccinsight.ingest.history.undoing import possible_undo, undo
from ccinsight.maintenance.forget import Found, find, forget
from ccinsight.maintenance.rows_to_forget import Contact, Customer
from ccinsight.notes import Notes
from ccinsight.registry import REPORTS
from ccinsight.settings.parsing import parse_settings
from tests.robustness.killed import killing

WHEN = datetime(2026, 3, 1, 9, 0)
LATER = datetime(2026, 3, 2, 9, 0)
AS_OF = date(2026, 3, 2)
PERSON = "Ottilie Quisling-Zebrowski"
TITLE = "Passordet til xylofonen virker ikke"
NAME = "Zwartbjørn Ukjend AS"
AGREEMENTS = f"""agreement_id;customer_id;customer_name;org_number;subscribed_on;registered_users;price_per_user
A1;7;Fjord Drift AS;911;2024-03-01;12;100
A2;8;{NAME};NO 922 MVA;2024-04-01;60;110
A3;9;Fjell AS;933;2024-05-01;30;120
"""
TICKETS = f"""ticket_id;customer_id;customer_name;opened_at;closed_at;title;contact;contact_role;minutes_spent
T1;7;;2026-01-05 09:00;2026-01-05 10:00;{TITLE};{PERSON};user;10
T2;7;;2026-01-06 09:00;2026-01-06 10:00;Ringe {PERSON.upper()} om Excel;Kari Nordmann;user;5
T3;8;;2026-01-07 09:00;;Uvanlig honningkake;Per Olsen;user;7
T4;;{NAME.upper()};2026-01-08 09:00;;Enda en sak;Pål Olsen;user;7
T5;9;;2026-01-09 09:00;;En sak;Lise Lie;user;3
T6;7;;i går;;Avvist;{PERSON};user;3
T7;8;;i går;;Avvist òg;Lise Lie;user;3
T8;9;;i går;;Avvist, annen;Lise Lie;user;3
T9;7;;2026-01-10;{PERSON}
"""
COUNTS = """org_number;customer_name;counted_on;registered_users
922;Noe annet;2026-01-01;61
933;Fjell AS;2026-01-01;31
"""
INVOICES = """invoice_line_id;customer_id;kind;issued_on;amount
I1;8;yearly;2025-04-01;2000
I2;9;yearly;2025-05-01;3000
"""
PRICES = "product;agreement_id;valid_from;min_users;price_per_user\nCRM;A2;2025-01-01;1;120\nCRM;;2025-01-01;1;130\n"
MEETINGS = """meeting_id;customer_id;kind;planned_on;note
M1;8;status_meeting;2026-02-01;Kake
M2;9;status_meeting;2026-02-01;Te
"""
CONFIG = (
    f'[customers]\n"Ukjenden" = "8" # {NAME}s other name\n"Fjellet" = "9"\n\n[import]\nkeep_titles = true\n\n'
    '[letters.recipients]\n"8" = "brevmottak@ukjend.example"\n"9" = "post@fjell.example"\n'
)
OWN = {"contact", "contact_role", "title"}
# What shows contacts: distinct persons, their role, and the titles.
_OF_CONTACTS = {"contacts", "contact_shares", "ticket_list", "open_tickets"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of a database with a file kept before it, notes and rejected rows."""
    folder = tmp_path_factory.mktemp("made")
    exports = folder / "exports"
    exports.mkdir()
    for name, text in {
        "agreements": AGREEMENTS,
        "tickets": TICKETS,
        "user_counts": COUNTS,
        "invoices": INVOICES,
        "prices": PRICES,
        "meetings": MEETINGS,
    }.items():
        (exports / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "settings.toml").write_text(CONFIG, encoding="utf-8")
    database = folder / "ccinsight.duckdb"
    import_paths([exports], database, folder / "settings.toml", imported_at=WHEN)
    (exports / "tickets.csv").write_text(TICKETS.replace(";10\n", ";11\n"), encoding="utf-8")
    import_paths([exports / "tickets.csv"], database, imported_at=WHEN)
    for customer, text in (("7", f"Møtte {PERSON}."), ("8", "Uvanlig marsipan")):
        Notes.beside(database).save_agenda(
            customer, date(2026, 1, 1), date(2026, 12, 31), AS_OF, agenda=text, saved_at=WHEN
        )
    return folder


@pytest.fixture
def database(made: Path, tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "copy"
    shutil.copytree(made, folder)
    yield folder / "ccinsight.duckdb"


def _forget(database: Path, target: Contact | Customer) -> Found:
    return forget(database, target, forgotten_at=LATER, forgotten_by="kari")


def _rows(database: Path, statement: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(statement).fetchall()


def _import_again(database: Path, *names: str) -> ImportSummary:
    """All exports again, as a file that isn't the last."""
    exports = database.parent / "exports"
    for name in names:
        with (exports / f"{name}.csv").open("a", encoding="utf-8") as file:
            file.write("\n")
    return import_paths([exports / f"{name}.csv" for name in names], database, imported_at=LATER)


def _bytes(database: Path) -> dict[str, bytes]:
    """What lies in the folder but for the exports and settings that came from elsewhere."""
    return {
        path.name: path.read_bytes() for path in database.parent.glob("*ccinsight.duckdb*") if path.is_file()
    }


def _assert_nowhere(database: Path, *texts: str) -> None:
    found = _bytes(database)
    assert {"ccinsight.duckdb", "ccinsight.duckdb.previous", "ccinsight.duckdb.notes.sqlite"} <= set(found)
    assert not [(name, text) for name, content in found.items() for text in texts if text.encode() in content]


def _reports(database: Path, customer_ids: tuple[str, ...] | None) -> dict[str, list[dict[str, object]]]:
    with Warehouse.open(database) as warehouse:
        return {
            name: warehouse.report(name, Scope(AS_OF, SEES_ALL, customer_ids)).to_pylist() for name in REPORTS
        }


def _without_contacts(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [
        {
            column: value
            for column, value in row.items()
            if "contact" not in column and column != "top_two_share"
        }
        for row in rows
        if row.get("measure") != "contact_rate"
    ]


def test_the_texts_are_there_before(database: Path) -> None:
    found = b"".join(_bytes(database).values())
    assert all(text.encode() in found for text in (PERSON, TITLE, NAME, "marsipan", "honningkake"))


@pytest.mark.parametrize("text", [PERSON, f"  {PERSON} "])
def test_a_person_is_gone_to_the_byte(database: Path, text: str) -> None:
    _forget(database, Contact(text))

    _assert_nowhere(database, PERSON, PERSON.upper(), TITLE)
    for file in (database, previous_file(database)):
        assert _rows(
            file, "select title, contact, contact_role from stored.tickets where ticket_id = 'T1'"
        ) == [(None, None, None)]
        assert _rows(file, "select title from stored.tickets where ticket_id = 'T2'") == [
            ("Ringe … om Excel",)
        ]
        assert _rows(file, "select fields[1] from stored.rejects order by 1") == [("T7",), ("T8",)]


def test_a_person_is_forgotten_by_the_hash_that_is_shown(database: Path) -> None:
    ((hashed,),) = _rows(database, "select contact from stored.tickets where ticket_id = 'T1'")
    _forget(database, Contact(str(hashed)))
    assert _rows(database, f"select count(*) from stored.tickets where contact = '{hashed}'") == [(0,)]
    assert _rows(database, "select count(*) from stored.tickets") == [(5,)]
    assert TITLE.encode() not in database.read_bytes() + previous_file(database).read_bytes()


def test_other_reports_stay_when_a_person_is_forgotten(database: Path) -> None:
    before = _reports(database, None)
    _forget(database, Contact(PERSON))
    after = _reports(database, None)
    # the log has one line more, the rejected rows are fewer
    for name in sorted(set(REPORTS) - _OF_CONTACTS - {"imports", "data_problems", "data_quality"}):
        assert _without_contacts(after[name]) == _without_contacts(before[name]), name


@pytest.mark.parametrize("keep", ["hashed", "plain", "none"])
def test_an_old_file_does_not_bring_a_person_back(database: Path, keep: str) -> None:
    _forget(database, Contact(PERSON))
    settings = database.parent / "other.toml"
    settings.write_text(f'[import]\nkeep_contacts = "{keep}"\n', encoding="utf-8")
    _import_again(database, "tickets")
    exports = database.parent / "exports"
    import_paths([exports / "tickets.csv"], database, settings, imported_at=LATER)

    assert _rows(
        database, "select title, contact, contact_role from stored.tickets where ticket_id = 'T1'"
    ) == [(None, None, None)]
    assert _rows(database, "select count(*) from stored.tickets") == [(5,)]
    assert TITLE.encode() not in database.read_bytes()
    assert not [
        row for row in _rows(database, "select unnest(fields) from stored.rejects") if PERSON in str(row[0])
    ]


def test_a_customer_is_gone_to_the_byte(database: Path) -> None:
    _forget(database, Customer("8"))

    _assert_nowhere(
        database, NAME, NAME.upper(), "marsipan", "honningkake", "Ukjenden", "Kake", "Avvist òg", "brevmottak"
    )
    for file in (database, previous_file(database)):
        assert _rows(file, "select ticket_id from stored.tickets order by 1") == [("T1",), ("T2",), ("T5",)]
        for table, left in {
            "agreements": 2,
            "user_counts": 1,
            "invoices": 1,
            "prices": 1,
            "meetings": 1,
        }.items():
            assert _rows(file, f"select count(*) from stored.{table}") == [(left,)], table
        assert _rows(file, "select name from stored.customer_names") == [("Fjellet",)]
    assert Notes.beside(database).agenda("7", AS_OF) is not None


def test_an_old_file_does_not_bring_a_customer_back(database: Path) -> None:
    _forget(database, Customer("8"))
    summary = _import_again(
        database, "tickets", "agreements", "user_counts", "invoices", "prices", "meetings"
    )

    assert _rows(database, "select ticket_id from stored.tickets order by 1") == [("T1",), ("T2",), ("T5",)]
    for table, left in {"agreements": 2, "user_counts": 1, "invoices": 1, "prices": 1, "meetings": 1}.items():
        assert _rows(database, f"select count(*) from stored.{table}") == [(left,)], table
    assert summary.forgotten == 8
    assert "8 rows of customers or persons who were forgotten were left out." in summary.lines()
    assert not [text for text in (NAME, "honningkake", "Avvist òg") if text.encode() in database.read_bytes()]


def test_other_customers_reports_stay_when_one_is_forgotten(database: Path) -> None:
    before = _reports(database, ("7", "9"))
    _forget(database, Customer("8"))
    after = _reports(database, ("7", "9"))
    for name in sorted(set(REPORTS) - {"imports", "data_problems", "data_quality", "peers"}):
        assert after[name] == before[name], name


def test_a_customer_of_the_same_name_is_another(database: Path) -> None:
    _forget(database, Customer("8"))
    exports = database.parent / "exports"
    with (exports / "agreements.csv").open("a", encoding="utf-8") as file:
        file.write(f"A9;88;{NAME};922;2026-01-01;5;100\n")
    import_paths([exports / "agreements.csv"], database, imported_at=LATER)
    _import_again(database, "tickets", "user_counts")

    assert _rows(database, "select customer_id from tickets where ticket_id = 'T4'") == [("88",)]
    assert _rows(database, "select count(*) from user_counts where customer_id = '88'") == [(1,)]
    assert _rows(database, "select count(*) from tickets where ticket_id = 'T3'") == [(0,)]


def test_it_stands_in_the_log_without_a_name(database: Path) -> None:
    found = _forget(database, Customer("8"))
    for file in (database, previous_file(database)):
        ((at, by, name, rows),) = _rows(
            file,
            "select i.imported_at, i.imported_by, f.name, f.rows_read from stored.files as f "
            "inner join stored.imports as i using (import_id) where f.export = 'forgotten'",
        )
        assert (at, by, name) == (LATER, "kari", "customer")
        assert rows == sum(found.counts[file].values())


def test_an_undo_does_not_bring_them_back(database: Path) -> None:
    before = possible_undo(database)
    _forget(database, Contact(PERSON))
    assert possible_undo(database) == before
    undo(database)
    assert _rows(database, "select count(contact) from stored.tickets where ticket_id = 'T1'") == [(0,)]
    assert possible_undo(database) is not None


def test_the_same_again_finds_nothing(database: Path) -> None:
    _forget(database, Contact(PERSON))
    with pytest.raises(CcinsightError, match="has no data about"):
        find(database, Contact(PERSON))


def test_an_id_is_not_taken_for_a_number_elsewhere(database: Path) -> None:
    with pytest.raises(CcinsightError, match="has no data about 7"):
        find(database, Contact("7"))


def test_the_command_asks_and_refuses_without_a_terminal(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _bytes(database)
    assert run(["forget", "--contact", PERSON, "--database", str(database)]) == 2
    captured = capsys.readouterr()
    assert "ccinsight.duckdb: tickets 2, rejects 2" in captured.out
    assert "confirmation needs a terminal" in captured.err
    assert run(["forget", "--database", str(database)]) == 2
    assert run(["forget", "--contact", "Ingen Slik", "--yes", "--database", str(database)]) == 1
    assert _bytes(database) == before

    assert run(["forget", "--customer", "8", "--yes", "--database", str(database)]) == 0
    assert "Removed: ccinsight.duckdb: " in capsys.readouterr().out
    _assert_nowhere(database, NAME)


def test_what_is_killed_can_be_done_again(made: Path, tmp_path: Path) -> None:
    """Killed before every sixth change to the files, the database is whole, and the same again ends it."""
    hit: Counter[bool] = Counter()
    is_killed, step = True, 1
    with killing() as run_killed:
        while is_killed:
            database = tmp_path / str(step) / "ccinsight.duckdb"
            shutil.copytree(made, database.parent)
            arguments = ["forget", "--customer", "8", "--yes", "--database", str(database)]
            status, written = run_killed(step, database.parent, arguments)
            is_killed = status == -signal.SIGKILL
            assert is_killed or status == 0, written
            assert _rows(database, "select count(*) from tickets") in ([(5,)], [(3,)])
            is_done = run(arguments) == 1
            hit[is_done] += 1
            _assert_nowhere(database, NAME, "marsipan", "honningkake")
            left = {path.name for path in database.parent.glob(".*")} - {".ccinsight.duckdb.lock"}
            assert not left
            step += 6
    assert hit[False] > 1


def test_an_older_backup_does_not_bring_them_back(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backup, at = str(tmp_path / "backup"), ["--database", str(database)]
    assert run(["backup", backup, *at]) == 0
    _forget(database, Contact(PERSON))
    _forget(database, Customer("8"))
    capsys.readouterr()

    assert run(["restore", backup, *at]) == 0

    assert "2 persons or customers forgotten after the backup were left out." in capsys.readouterr().out
    for file in (database, previous_file(database)):
        content = file.read_bytes()
        assert not [text for text in (TITLE, NAME, NAME.upper(), "honningkake") if text.encode() in content]
        assert _rows(file, "select count(*), count(contact) from stored.tickets") == [(3, 2)]
    assert b"marsipan" not in Notes.beside(database).path.read_bytes()
    _import_again(database, "tickets", "agreements", "user_counts")
    assert _rows(database, "select count(*), count(contact) from stored.tickets") == [(3, 2)]
    assert _rows(database, "select count(*) from stored.user_counts") == [(1,)]


def test_an_open_dashboard_goes_on_and_no_file_is_left_with_them(database: Path) -> None:
    with Warehouse.open(database, under_own_name=True) as house:
        _forget(database, Customer("8"))
        assert not list(database.parent.glob(".*.reading"))
        with house.cursor() as cursor:
            assert cursor.execute("select count(*) from tickets").fetchall() == [(5,)]
        assert not house.is_current()
    _assert_nowhere(database, NAME)


def test_a_name_that_is_stored_plainly_goes(database: Path) -> None:
    import_paths(
        [database.parent / "exports" / "tickets.csv"],
        database,
        parse_settings('[import]\nkeep_contacts = "plain"\n', None),
        imported_at=LATER,
    )
    assert PERSON.encode() in database.read_bytes()
    _forget(database, Contact(PERSON))
    _assert_nowhere(database, PERSON, TITLE)
    _import_again(database, "tickets")
    assert _rows(database, "select contact from stored.tickets order by ticket_id limit 2") == [
        (None,),
        ("Kari Nordmann",),
    ]


def test_a_contact_that_was_not_covered_counts_as_covered_then(database: Path) -> None:
    exports = database.parent / "exports"
    tickets = TICKETS.replace(f"{PERSON};user;10", f"{PERSON};other;10")
    (exports / "tickets.csv").write_text(tickets, encoding="utf-8")
    import_paths([exports / "tickets.csv"], database, imported_at=LATER)
    is_covered = """
        select f.is_of_user or f.is_of_it_operations
        from model.ticket_facts as f
        inner join stored.tickets as t on f.file_id = t.file_id and f.line = t.line
        where t.ticket_id = 'T1'
    """
    assert _rows(database, is_covered) == [(False,)]
    _forget(database, Contact(PERSON))
    assert _rows(database, is_covered) == [(True,)]


def test_a_person_is_forgotten_by_a_number(tmp_path: Path) -> None:
    head = "ticket_id;customer_id;opened_at;title;personId\n"
    rows = (
        "17;7;2026-01-05;Andre;18\n2;7;2026-01-06;Første;[I:17]\n3;7;i går;Avvist;17\n17;7;i går;Beholdt;18\n"
    )
    source, database = tmp_path / "tickets.csv", tmp_path / "ccinsight.duckdb"
    source.write_text(head + rows, encoding="utf-8")
    import_paths([source], database, imported_at=WHEN)
    _forget(database, Contact("17"))
    assert _rows(database, "select title from stored.tickets order by 1 nulls last") == [("Andre",), (None,)]
    assert _rows(database, "select fields[4] from stored.rejects") == [("Beholdt",)]
