"""The words of a text decide whether it is DOS, Mac or Windows text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccinsight.ingest.readers.code_pages import Evidence
from ccinsight.ingest.readers.encodings import plain_text
from tests.ingest.trying import Trial, try_import, write

CODECS = {"windows-1252": "cp1252", "cp865": "cp865", "mac-roman": "mac_roman"}
HEADERS = "Saks-ID;Firma;Opprettet;Første svar;Kategori"
ROW = "1;Ålesund Prøve AS;01.02.2026 10:00;01.02.2026 11:00;Opplæring"


def read_as(encoding: str, text: str) -> tuple[str, tuple[str, ...]]:
    evidence = Evidence()
    evidence.take(text.encode(CODECS.get(encoding, encoding)))
    return evidence.encoding(), evidence.doubtful_words()


def doubts(trial: Trial) -> list[tuple[str | None, str | None]]:
    return [(each.column, each.value) for each in trial.file.warnings if each.kind == "encoding_doubtful"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", CODECS)
def test_a_file_of_each_encoding(tmp_path: Path, encoding: str, end: str) -> None:
    text = end.join([HEADERS, ROW, ""])
    trial = try_import(tmp_path, {"saker.csv": text.encode(CODECS[encoding])})
    assert trial.rows("select customer_name, hour(first_reply_at), category from stored.tickets") == [
        ("Ålesund Prøve AS", 11, "Opplæring")
    ]
    assert trial.file.encoding == encoding
    assert doubts(trial) == []


@pytest.mark.parametrize("encoding", CODECS)
@pytest.mark.parametrize(
    "text",
    [
        "Første svar",
        "Brukt tid på",
        "opplæring på åpen måte",
        "ÅPNET; LÆRT; FØRST",
        "Ærlig talt, Østre Åker",
        "Kafé Müller, Malmö, Jämtland",
        "1 000 kr for 2 brukere på år",
    ],
)
def test_words_identify_the_encoding(encoding: str, text: str) -> None:
    assert read_as(encoding, text) == (encoding, ())


def test_a_foreign_letter_alone_is_no_evidence_of_an_older_encoding() -> None:
    """The byte is Æ in Windows-1252, though an odd one after a small letter, and ã in code page 850."""
    encoding, doubtful = read_as("windows-1252", "NettÆrlig")
    assert (encoding, doubtful) == ("windows-1252", ("NettÆrlig",))


@pytest.mark.parametrize("text", ["Øst for Reykjavík og Þórshöfn", "Blåbær à la Ísland: ÐÝÞ"])
def test_code_page_850_differs_from_865_by_letters(text: str) -> None:
    assert read_as("cp850", text) == ("cp850", ())


@pytest.mark.parametrize(
    "text",
    [
        "don’t use “smart quotes” – they’re ‘odd’…",
        "Office® and CloudCare™ for 12½ kr",
        "pris 1\u00a0234,50 kr",
        "§ 3 gjelder 25° og €",
        "Zoë og João",
        "Škoda",
        "2020–2021 og Oslo—Bergen",
    ],
)
def test_windows_text_without_norwegian_letters_stays(text: str) -> None:
    assert read_as("windows-1252", text)[0] == "windows-1252"


NORWEGIAN = ["når", "først", "åpen", "bør", "lære", "kjære", "Ås", "Østby", "Ærøy"]
NORWEGIAN += ["før", "være", "møte", "påmelding", "grønn", "blå", "ØST", "BÅT"]


@given(st.lists(st.sampled_from(NORWEGIAN), min_size=2, unique=True), st.sampled_from(sorted(CODECS)))
def test_any_two_norwegian_words_identify_the_encoding(words: list[str], encoding: str) -> None:
    assert read_as(encoding, " ".join(words))[0] == encoding


@pytest.mark.parametrize("encoding", CODECS)
def test_letters_far_down_a_file(tmp_path: Path, encoding: str) -> None:
    rows = [f"{at};7;01.02.2026;Skriver" for at in range(40_000)]
    text = "\n".join(["Saks-ID;Firma-ID;Opprettet;Kategori", *rows, "x;7;01.02.2026;Opplæring på skjerm", ""])
    trial = try_import(tmp_path, {"saker.csv": text.encode(CODECS[encoding])})
    assert trial.values("select category from stored.tickets where ticket_id = 'x'") == [
        "Opplæring på skjerm"
    ]
    assert trial.file.encoding == encoding


def test_an_undecided_file_shows_three_words_as_they_were_read(tmp_path: Path) -> None:
    # Nothing tells a closing quote of Windows from a letter of DOS or Mac here.
    text = "Saks-ID;Firma-ID;Opprettet;Tittel\n1;7;01.02.2026;Caf\x85\n2;7;01.02.2026;Hei\x85\n"
    rest = "3;7;01.02.2026;Nei\x85\n4;7;01.02.2026;Vel\x85\n"
    trial = try_import(tmp_path, {"saker.csv": (text + rest).encode("latin-1")})
    assert trial.file.encoding == "windows-1252"
    assert doubts(trial) == [("windows-1252", "Caf…, Hei…, Nei…")]


def test_utf_8_is_not_asked_what_it_is(tmp_path: Path) -> None:
    (path,) = write(tmp_path, {"saker.csv": "\n".join([HEADERS, ROW, ""])})
    assert plain_text(path, tmp_path / "copy") == (path, None, ())
    # A line of Windows-1252 in a file of UTF-8 is read as that, and the others as what they are.
    mixed = f"{HEADERS}\n{ROW}\n".encode() + ROW.replace("1;", "2;", 1).encode("cp1252") + b"\n"
    trial = try_import(tmp_path, {"saker.csv": mixed})
    assert trial.rows("select distinct customer_name, category from stored.tickets") == [
        ("Ålesund Prøve AS", "Opplæring")
    ]


def test_the_end_of_a_dos_file_is_no_row(tmp_path: Path) -> None:
    content = f"{HEADERS}\r\n{ROW}\r\n\x1a".encode("cp865")
    trial = try_import(tmp_path, {"saker.csv": content})
    assert (trial.file.rows_read, trial.rejects()) == (1, [])
