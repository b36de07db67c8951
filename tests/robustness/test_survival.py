"""Imports that are killed, starved of disk, doubled, or refused: the old data or the new, whole.

The short form runs with the tests; ``make soak`` (CCINSIGHT_SOAK=1) kills 220 imports instead of 10.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path

import duckdb
import pytest

from ccinsight.database.build import only_writer
from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import CcinsightError
from ccinsight.files import previous_file
from ccinsight.ingest import import_paths
from tests.conftest import small_disk_at
from tests.robustness.killed import killing

ROOT = Path(__file__).parents[2]
WHEN = datetime(2026, 3, 15, 12, 0)
IS_SOAK = os.environ.get("CCINSIGHT_SOAK") == "1"
KILLS = 220 if IS_SOAK else 10
ROWS = 20_000
# Files that may lie beside a database when nothing is at work.
_STAYS = {".ccinsight.duckdb.lock", "ccinsight.duckdb", "ccinsight.duckdb.key", "ccinsight.duckdb.previous"}


def write_tickets(path: Path, generation: int, rows: int = ROWS, prefix: str = "") -> Path:
    """Tickets that all name their generation, some with line breaks, so that a copy is made on the way."""
    with path.open("w", encoding="utf-8") as file:
        file.write("ticket_id;customer_id;opened_at;closed_at;title;contact\n")
        for at in range(rows):
            title = f'"Sak {at}\nmer"' if at % 1000 == 0 else f"Sak {at} {'x' * 60}"
            file.write(f"{prefix}{at};{at % 50};2026-01-01 10:00;2026-01-02 10:00;{title};{generation}\n")
    return path


def config(folder: Path) -> Path:
    path = folder / "settings.toml"
    path.write_text('[import]\nkeep_contacts = "plain"\n', encoding="utf-8")
    return path


def read_generation(database: Path) -> str:
    """The one generation that the database holds; fails where it is a mixture or not whole."""
    with Warehouse.open(database) as warehouse, warehouse.cursor() as cursor:
        found = cursor.execute(
            "select contact, count(*), count(distinct ticket_id) from tickets group by 1"
        ).fetchall()
        facts = cursor.execute("select count(*) from model.ticket_facts").fetchall()
    assert [row[1:] for row in found] == [(facts[0][0], facts[0][0])], found
    return str(found[0][0])


def import_command(source: Path, database: Path, settings: Path) -> list[str]:
    command = [sys.executable, "-m", "ccinsight", "import", str(source), "--database", str(database)]
    return [*command, "--config", str(settings)]


def left_over(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name not in _STAYS)


@contextmanager
def reading(database: Path) -> Iterator[list[str]]:
    """A process that reads all the time, as a dashboard does; at the end it tells the generations it read."""
    command = [sys.executable, "-m", "tests.robustness.reader", str(database)]
    with (database.parent.parent / "reads.txt").open("w+") as reported:
        reader = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=reported, stderr=subprocess.PIPE, text=True
        )
        read: list[str] = []
        try:
            yield read
        finally:
            _out, error = reader.communicate(timeout=120)
        assert reader.returncode == 0, error
        reported.seek(0)
        read += [json.loads(line)["generation"] for line in reported]


def write_exports(folder: Path, generation: int, rows: int = ROWS) -> Path:
    """Agreements and tickets that all name their generation."""
    folder.mkdir(exist_ok=True)
    write_tickets(folder / "tickets.csv", generation, rows)
    with (folder / "agreements.csv").open("w", encoding="utf-8") as file:
        file.write("agreement_id;customer_id;customer_name;account_manager;subscribed_on;registered_users\n")
        for at in range(50):
            file.write(f"A{at};{at};Firma {at};{generation};2020-01-01;{10 + at}\n")
    return folder


def state_of(folder: Path) -> str:
    """How far an import had come, by the files that lie about."""
    names = {path.name for path in folder.iterdir()}
    for name in ("keeping", "building", "importing"):
        if f".ccinsight.duckdb.{name}" in names:
            return name
    return "neither"


def kill_somewhere(process: subprocess.Popen[bytes], home: Path, work: float, chance: random.Random) -> str:
    """Kills an import at a random moment of its work; gives how far it was, or "ended"."""
    importing = home / ".ccinsight.duckdb.importing"
    while process.poll() is None and not importing.exists():
        time.sleep(0.005)
    try:
        process.wait(chance.uniform(0, 1.15 * work))
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return state_of(home)
    return "ended"


@pytest.mark.timeout(7200 if IS_SOAK else 300)
def test_a_killed_import_leaves_the_old_data_or_the_new(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    database, settings = home / "ccinsight.duckdb", config(tmp_path)
    source = write_exports(tmp_path / "exports", 0)
    command = import_command(source, database, settings)
    subprocess.run(command, check=True, capture_output=True)
    chance = random.Random(4)
    generation, work = "0", 0.0
    hit: Counter[str] = Counter()
    most_files = most_bytes = 0
    with reading(database) as read:
        for at in range(1, 4):  # beside a reader, an import takes longer than alone
            started = time.perf_counter()
            subprocess.run(
                import_command(write_exports(source, at), database, settings), check=True, capture_output=True
            )
            work = max(work, time.perf_counter() - started)
            generation = str(at)
        at = 3
        while sum(hit.values()) - hit["ended"] < KILLS:
            at += 1
            write_exports(source, at)
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            hit[kill_somewhere(process, home, work, chance)] += 1
            found = read_generation(database)
            assert found in {generation, str(at)}
            generation = found
            most_files = max(most_files, len(left_over(home)))
            most_bytes = max(
                most_bytes, sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
            )
    assert read
    assert set(read) <= {str(each) for each in range(at + 1)}
    assert sorted(set(read), key=int) == list(dict.fromkeys(read)), "what is read never goes back"
    size = database.stat().st_size
    assert most_files <= 6, "what killed imports leave must not grow"
    assert most_bytes < 8 * size
    subprocess.run(command, check=True, capture_output=True)
    assert left_over(home) == []
    print(
        f"{sum(hit.values()) - hit['ended']} kills of {at} imports ({dict(hit)}), {len(read)} reads beside them"
    )


def _steps(database: Path, arguments: list[str]) -> Iterator[bool]:
    """Runs ccinsight again and again, killed before its first change to the files, its second, and so on.

    True after each that was killed, False after the one that came to its end.
    """
    with killing() as run_killed:
        for step in count(1):
            status, written = run_killed(step, database.parent, arguments)
            if status != -signal.SIGKILL:
                assert status == 0, written
                yield False
                return
            yield True


def test_an_import_killed_before_each_change_to_the_files(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    database, settings = home / "ccinsight.duckdb", config(tmp_path)
    for generation in (0, 1):
        source = write_exports(tmp_path / f"{generation}", generation, 20)
        import_paths([source], database, settings, imported_at=WHEN)
    source = write_exports(tmp_path / "exports", 2, 20)
    arguments = import_command(source, database, settings)[3:]
    steps = 0
    for was_killed in _steps(database, arguments):
        steps += 1
        found = read_generation(database)
        assert found in {"1", "2"}
        if was_killed and found == "2":  # the last steps clear away what is left
            break
    print(f"{steps} steps")
    assert steps >= 8, "each change to the files is a step"
    import_paths([source], database, settings, imported_at=WHEN)
    assert left_over(home) == []
    assert read_generation(database) == "2"


def test_an_undo_killed_before_each_change_to_the_files(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    database, settings = home / "ccinsight.duckdb", config(tmp_path)
    for generation in (0, 1):
        source = write_exports(tmp_path / f"{generation}", generation, 20)
        import_paths([source], database, settings, imported_at=WHEN)
    steps = 0
    for _was_killed in _steps(database, ["undo", "--database", str(database)]):
        steps += 1
        found = read_generation(database)
        assert found in {"0", "1"}
        with only_writer(database):  # the next to write ends what was begun
            pass
        assert [read_generation(path) for path in (database, previous_file(database))] == [
            found,
            "1" if found == "0" else "0",
        ]
        assert left_over(home) == []
        if found == "0":
            break
    assert steps >= 2


@pytest.fixture
def small_disk(tmp_path: Path, missing: Callable[[str], None]) -> Iterator[Path]:
    """A disk of 12 MiB in memory, mounted for the test."""
    with small_disk_at(tmp_path / "disk", missing) as disk:
        yield disk


def test_a_disk_that_fills_up_leaves_the_old_data_whole(small_disk: Path, tmp_path: Path) -> None:
    database, settings = small_disk / "ccinsight.duckdb", config(tmp_path)
    import_paths([write_tickets(tmp_path / "small.csv", 1, 100)], database, settings, imported_at=WHEN)
    big = write_tickets(tmp_path / "big.csv", 2, 100_000)
    for _time in range(2):
        with pytest.raises(CcinsightError, match="is unchanged"):
            import_paths([big], database, settings, imported_at=WHEN)
        assert read_generation(database) == "1"
        assert left_over(small_disk) == []


def test_a_disk_that_is_read_only(small_disk: Path, tmp_path: Path) -> None:
    database, settings = small_disk / "ccinsight.duckdb", config(tmp_path)
    import_paths([write_tickets(tmp_path / "one.csv", 1, 100)], database, settings, imported_at=WHEN)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(CcinsightError, match="can't be written to"):
        import_paths([write_tickets(tmp_path / "two.csv", 2, 100)], database, settings, imported_at=WHEN)
    assert read_generation(database) == "1"


def test_a_full_disk_leaves_no_half_key(small_disk: Path, tmp_path: Path) -> None:
    from ccinsight.files import key_file
    from ccinsight.ingest.contact_key import contact_key

    database = small_disk / "ccinsight.duckdb"
    with (small_disk / "ballast").open("wb") as file, pytest.raises(OSError, match="space"):
        while True:
            file.write(b"x" * 65536)
            file.flush()
    with pytest.raises(CcinsightError, match="key"):
        contact_key(database)
    assert not key_file(database).exists()
    (small_disk / "ballast").unlink()
    contact_key(database)


def test_two_imports_at_once_are_both_applied(tmp_path: Path) -> None:
    database, settings = tmp_path / "ccinsight.duckdb", config(tmp_path)
    sources = [write_tickets(tmp_path / f"{at}.csv", at, 5_000, prefix=f"{at}-") for at in range(2)]
    processes = [
        subprocess.Popen(
            import_command(source, database, settings), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for source in sources
    ]
    for process in processes:
        _out, error = process.communicate(timeout=120)
        assert process.returncode == 0, error
    with duckdb.connect(str(database), read_only=True) as connection:
        counts = connection.execute("select contact, count(*) from tickets group by 1 order by 1").fetchall()
        assert [row[1] for row in counts] == [5_000, 5_000]
        assert connection.execute("select count(*) from stored.imports").fetchall() == [(2,)]


@pytest.mark.parametrize("part", [0.1, 0.55, 0.6])
def test_a_file_that_is_still_being_written(tmp_path: Path, part: float) -> None:
    database, settings = tmp_path / "ccinsight.duckdb", config(tmp_path)
    import_paths([write_tickets(tmp_path / "old.csv", 1, 10)], database, settings, imported_at=WHEN)
    source = write_tickets(tmp_path / "tickets.csv", 2, 1_000)
    is_written = False

    def write_on(done: float, _name: str) -> None:
        nonlocal is_written
        if done >= part and not is_written:
            is_written = True
            with source.open("a") as file:
                file.write("9999;1;2026-01-01 10:00;;more;2\n")

    with pytest.raises(CcinsightError, match="changed while it was read"):
        import_paths([source], database, settings, imported_at=WHEN, progress=write_on)
    assert read_generation(database) == "1"
    assert [path for path in tmp_path.iterdir() if "building" in path.name or "importing" in path.name] == []


def _append(path: Path) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write("9999;1;2026-01-01 10:00;;more;2\n")


def _swap_columns(path: Path) -> None:
    """Puts a file in its place that differs in the order of its columns alone, even in time and size."""
    status, content = path.stat(), path.read_bytes()
    codec = "utf-16-le" if content.startswith(b"\xff\xfe") else "utf-8"
    before, after = (names.encode(codec) for names in ("ticket_id;customer_id", "customer_id;ticket_id"))
    assert before in content
    beside = path.with_suffix(".new")
    beside.write_bytes(content.replace(before, after))
    os.utime(beside, ns=(status.st_atime_ns, status.st_mtime_ns))
    beside.replace(path)


@pytest.mark.parametrize(
    ("change", "encoding"),
    [
        (_append, "utf-8"),
        (_swap_columns, "utf-8"),
        (_swap_columns, "utf-16"),
        (Path.unlink, "utf-8"),
        (lambda path: os.truncate(path, 900), "utf-8"),
    ],
)
def test_a_file_that_changes_once_its_header_was_read(
    tmp_path: Path, change: Callable[[Path], None], encoding: str
) -> None:
    database, settings = tmp_path / "ccinsight.duckdb", config(tmp_path)
    import_paths([write_tickets(tmp_path / "old.csv", 1, 10)], database, settings, imported_at=WHEN)
    first, second = write_tickets(tmp_path / "a.csv", 2, 10), write_tickets(tmp_path / "b.csv", 2, 100)
    second.write_text(second.read_text(encoding="utf-8"), encoding=encoding)
    is_changed = False

    def tell(_done: float, text: str) -> None:
        """The first file is being loaded, and all headers are read."""
        nonlocal is_changed
        if "a.csv" in text and not is_changed:
            is_changed = True
            change(second)

    with pytest.raises(CcinsightError, match=r"b\.csv was changed while it was read"):
        import_paths([first, second], database, settings, imported_at=WHEN, progress=tell)
    assert is_changed
    assert read_generation(database) == "1"
    assert left_over(tmp_path) == sorted(
        path.name for path in (first, second, settings, tmp_path / "old.csv") if path.exists()
    )
