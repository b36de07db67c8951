"""Makes the files that a version of ccinsight leaves, for the tests that open them: `<commit>.tar.xz` in this folder.

Run with the source of that version, from the root of this one; each version in use is worth keeping:

    git worktree add --detach /tmp/old COMMIT
    PYTHONPATH=/tmp/old/src python tests/upgrades/make_files.py COMMIT

The archive holds the database of the worked case's exports and settings, the contacts' key, the notes of a meeting
and, from versions that write one, a backup in which a contact is forgotten.
"""

from __future__ import annotations

import sys
import tarfile
import tempfile
from datetime import date, datetime
from pathlib import Path

from ccinsight.ingest import import_paths
from ccinsight.notes import Notes

HERE = Path(__file__).parent
EXAMPLE = HERE.parent / "example"
NAME = "ccinsight.duckdb"
MADE_AT = datetime(2026, 3, 15, 8, 0)
CUSTOMER, FORGOTTEN = "10489", "Håkon Haugen 4"


def make(folder: Path) -> None:
    """Writes all files of this version into an empty folder."""
    database = folder / NAME
    import_paths([EXAMPLE / "exports"], database, EXAMPLE / "ccinsight.toml", imported_at=MADE_AT)
    notes = Notes.beside(database)
    period = (CUSTOMER, date(2025, 8, 1), date(2026, 7, 31), date(2026, 3, 1))
    notes.save_agenda(
        *period, agenda="Pris\r\nOpplæring", agreed="Kurs i mai", saved_at=MADE_AT, saved_by="Kari"
    )
    notes.save_agenda(*period, agenda="Feil kunde", saved_at=MADE_AT)
    notes.undo(CUSTOMER, date(2026, 3, 1), undone_at=MADE_AT)
    try:
        from ccinsight.maintenance.backup import back_up
        from ccinsight.maintenance.forget import forget
        from ccinsight.maintenance.rows_to_forget import Contact
    except ImportError:
        return
    forget(database, Contact(FORGOTTEN), forgotten_at=MADE_AT, forgotten_by=None)
    back_up(database, folder / "backup", made_at=MADE_AT)


def main() -> None:
    """Makes the archive named by the commit."""
    archive = HERE / f"{sys.argv[1]}.tar.xz"
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder))
        with tarfile.open(archive, "w:xz", preset=9) as files:
            for path in sorted(Path(folder).iterdir()):
                if not path.name.startswith("."):
                    files.add(path, path.name)


if __name__ == "__main__":
    main()
