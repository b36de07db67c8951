"""A preview says what an import would make of files, and stores nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccinsight.errors import CcinsightError
from ccinsight.i18n import set_language
from ccinsight.ingest.preview import FilePreview, TablePreview, in_names, preview_files
from ccinsight.ingest.readers import chunks
from ccinsight.settings.parsing import default_settings, parse_settings
from tests.ingest.trying import try_import, write

TICKETS = (
    "Saksnr;Firma-ID;Opprettet;Kanal;Egen\n"
    "1;7;05.01.2026 09:00;Due;x\n2;7;05/04/2026 09:00;Chat;x\n3;7\n4;7;;Chat;x\n"
)
POEM = "roses;violets\nred;blue\n"


def _previews(folder: Path, files: dict[str, str | bytes], toml: str = "") -> list[FilePreview]:
    paths = write(folder, files)
    settings = parse_settings(toml, None) if toml else default_settings()
    return preview_files([(path, f"Mine {path.name}") for path in paths], settings)


def _table(folder: Path, name: str, content: str | bytes, toml: str = "") -> TablePreview:
    (preview,) = _previews(folder, {name: content}, toml)
    assert preview.refused is None
    (table,) = preview.tables
    return table


def test_a_file_is_recognised_with_its_rows_and_columns(tmp_path: Path) -> None:
    table = _table(tmp_path, "saker.csv", TICKETS)

    assert (table.name, table.export) == ("Mine saker.csv", "tickets")
    assert table.recognised == ("Saksnr", "Firma-ID", "Opprettet", "Kanal")
    assert table.ignored == ("Egen",)
    assert (table.rows_read, table.rows_rejected, table.is_whole) == (4, 3, True)
    assert [(reason.line, reason.rows) for reason in table.reasons] == [(3, 1), (4, 1), (5, 1)]
    assert table.reasons[0].text.startswith("Opprettet “05/04/2026 09:00”: ambiguous date")
    assert table.unknown_values == 1
    assert any("“Due” is not recognised" in warning for warning in table.warnings)


def test_it_says_what_the_import_then_does(tmp_path: Path) -> None:
    table = _table(tmp_path, "saker.csv", TICKETS)
    trial = try_import(tmp_path, {"saker.csv": TICKETS})

    assert (trial.file.rows_read, trial.file.rows_rejected) == (table.rows_read, table.rows_rejected)
    assert [line for line, *_rest in trial.rejects()] == [reason.line for reason in table.reasons]
    said = [warning.text for warning in trial.file.warnings if warning.kind != "header_unmatched"]
    assert said == list(table.warnings)


def test_nothing_is_written_beside_the_files(tmp_path: Path) -> None:
    _previews(tmp_path, {"saker.csv": TICKETS.replace("Egen", "Kontakt")})
    assert [path.name for path in tmp_path.iterdir()] == ["saker.csv"]


def test_every_refused_file_is_named_with_its_reason_and_hides_no_other(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.csv": POEM,
        "b.csv": "",
        "c.csv": "Saksnr;Firma-ID;Kom inn\n1;7;2026-01-05\n",
        "d.xlsx": b"PK\x03\x04 no workbook",
        "e.csv": TICKETS,
    }
    poem, empty, incomplete, broken, good = _previews(tmp_path, files)

    assert good.refused is None and good.tables
    assert poem.can_be_mapped and "None of its column headings" in str(poem.refused)
    assert not empty.can_be_mapped and empty.refused == "The file is empty."
    assert incomplete.can_be_mapped and incomplete.export == "tickets"
    assert str(incomplete.refused).startswith(
        "Required columns are missing. One of its headings must be “Opprettet”, “Created”"
    )
    assert broken.name in str(broken.refused) and str(tmp_path) not in str(broken.refused)


def test_names_of_the_settings_make_an_export_of_a_refused_file(tmp_path: Path) -> None:
    content = "Saksnr;Firma-ID;Kom inn\n1;7;2026-01-05\n"
    table = _table(tmp_path, "c.csv", content, '[headers.tickets]\n"Kom inn" = "opened_at"\n')
    assert (table.export, table.rows_rejected) == ("tickets", 0)


def test_of_a_large_file_the_first_rows_are_checked_and_the_rest_estimated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "CHUNK_BYTES", 1 << 16)
    rows = [
        f"{at};7;05.01.2026 09:00;Chat;some more text to fill the row\n" for at in range(100_000, 140_000)
    ]
    table = _table(tmp_path, "saker.csv", "Saksnr;Firma-ID;Opprettet;Kanal;Tittel\n" + "".join(rows))

    assert not table.is_whole and 0 < table.rows_read < 40_000
    assert table.rows_about is not None and abs(table.rows_about - 40_000) < 4_000
    # what is true of a whole file isn't said of a part
    assert table.warnings == ()


def test_a_message_has_the_names_that_the_user_knows(tmp_path: Path) -> None:
    files = [(tmp_path / "0" / "sa.csv", "sa/.csv"), (tmp_path / "1" / "b.csv", "Min sa.csv")]
    text = f"{files[0][0]}: bad. b.csv: worse."
    assert in_names(text, files) == "sa/.csv: bad. Min sa.csv: worse."


def test_an_import_names_all_files_that_it_refuses(tmp_path: Path) -> None:
    files = {"a.csv": POEM, "c.csv": "Saksnr;Firma-ID;Kom inn\n1;7;2026-01-05\n", "saker.csv": TICKETS}
    with pytest.raises(CcinsightError) as refused:
        try_import(tmp_path, files)
    first, second = str(refused.value).splitlines()
    assert "a.csv isn't a recognised export" in first
    assert second.startswith("c.csv: required columns of tickets are missing: opened_at")
    assert "saker.csv" not in str(refused.value)


def test_reasons_are_in_the_language_in_use(tmp_path: Path) -> None:
    set_language("nb")
    (preview,) = _previews(tmp_path, {"c.csv": "Saksnr;Firma-ID;Kom inn\n1;7;2026-01-05\n"})
    assert str(preview.refused).startswith("Kolonner som må være med, mangler.")
