"""Text files as clean chunks: encodings, delimiters, quotes, and malformed rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccinsight.i18n import language, set_language
from ccinsight.ingest.readers import chunks, csv_reader, csv_records, encodings
from ccinsight.ingest.readers.chunks import TextChunk
from ccinsight.ingest.readers.csv_reader import read_chunks
from ccinsight.ingest.readers.csv_records import Malformed, Record
from ccinsight.ingest.readers.csv_scan import Lines, read_lines
from ccinsight.ingest.readers.header_row import Fit
from ccinsight.ingest.readers.text_layout import read_layout

KNOWN = {"a", "b", "c", "å"}


@dataclass(frozen=True)
class Read:
    chunks_read: list[TextChunk]
    headers: tuple[str, ...]
    rows: list[list[str]]

    @property
    def rejects(self) -> list[Malformed]:
        return [row for chunk in self.chunks_read for row in chunk.rejected]


def rows_of(chunk: TextChunk, width: int) -> list[list[str]]:
    """The rows of a chunk, their line first."""
    table = chunk.table(width, {0}).to_pydict()
    assert chunk.rows == len(table["line"])
    fields = zip(*(table[f"c{at}"] for at in range(width)), strict=True)
    return [
        [str(line), *(text or "" for text in row)] for line, row in zip(table["line"], fields, strict=True)
    ]


def read(folder: Path, content: str | bytes) -> Read:
    """What a file gives."""
    path = folder / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    path = encodings.plain_text(path, folder / "plain.csv").path
    layout = read_layout(path, lambda headers: Fit(True, 1.0, False, len(KNOWN & set(headers))))
    assert layout is not None
    made = list(read_chunks(path, layout))
    return Read(made, layout.headers, [row for chunk in made for row in rows_of(chunk, len(layout.headers))])


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_delimiter_is_detected(tmp_path: Path, delimiter: str) -> None:
    text = "a;b;c\n1;2;3\n".replace(";", delimiter)
    assert read(tmp_path, text).rows == [["2", "1", "2", "3"]]


def test_a_delimiter_in_other_headers_does_not_mislead(tmp_path: Path) -> None:
    assert read(tmp_path, "a;b;x, y, z, and, more\n1;2;3\n").headers == ("a", "b", "x, y, z, and, more")


def test_a_separator_line_is_skipped_and_heeded(tmp_path: Path) -> None:
    file = read(tmp_path, "sep=;\r\na;b,c\r\n1;2,5\r\n")
    assert (file.headers, file.rows) == (("a", "b,c"), [["3", "1", "2,5"]])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    content = "å;b\n1;Kjøp – nå €\n".encode(encoding)
    file = read(tmp_path, content)
    assert (file.headers, file.rows) == (("å", "b"), [["2", "1", "Kjøp – nå €"]])


@pytest.mark.parametrize(
    ("codec", "mark"), [("utf-16-le", b""), ("utf-16-be", b""), ("utf-16-be", b"\xfe\xff")]
)
def test_utf_16_is_detected_without_a_mark_too(codec: str, mark: bytes) -> None:
    assert encodings.utf_16(mark + "ticket_id;customer_id\n1;2\n".encode(codec)) == codec


def test_one_line_that_is_no_utf_8_leaves_the_others_whole(tmp_path: Path) -> None:
    file = read(tmp_path, "å;b\n1;ø\n".encode() + b"2;\xe6\n" + "3;ø\n".encode())
    assert [row[2] for row in file.rows] == ["ø", "æ", "ø"]


def test_a_byte_that_windows_1252_lacks_is_kept(tmp_path: Path) -> None:
    assert read(tmp_path, b"a;b\n1;\x81\xe5\n").rows == [["2", "1", "\x81å"]]


def test_quoted_fields_hold_delimiters_line_breaks_and_quotes(tmp_path: Path) -> None:
    file = read(tmp_path, 'a;b\n1;"x;y\nz ""q"""\n2;3\n')
    assert file.rows == [["2", "1", 'x;y\nz "q"'], ["4", "2", "3"]]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "_x000D_\n"])
def test_a_line_break_in_a_field_is_a_line_feed(tmp_path: Path, end: str) -> None:
    assert read(tmp_path, f'a;b\r\n1;"x{end}y"\r\n').rows == [["2", "1", "x\ny"]]


def test_a_header_may_hold_a_line_break(tmp_path: Path) -> None:
    file = read(tmp_path, 'a;"b\nb"\n1;2\n')
    assert (file.headers, file.rows) == (("a", "b\nb"), [["3", "1", "2"]])


def test_a_quote_inside_an_unquoted_field_is_text(tmp_path: Path) -> None:
    assert read(tmp_path, 'a;b\n1;17" skjerm\n2;x"y"z\n').rows == [
        ["2", "1", '17" skjerm'],
        ["3", "2", 'x"y"z'],
    ]


def test_text_after_a_closing_quote_belongs_to_the_field(tmp_path: Path) -> None:
    assert read(tmp_path, 'a;b\n"x"y;2\n').rows == [["2", "xy", "2"]]


def test_rows_of_other_widths_are_rejected(tmp_path: Path) -> None:
    file = read(tmp_path, "a;b\n1\n1;2;3\n4;5\n")
    assert file.rows == [["4", "4", "5"]]
    assert file.rejects == [
        Malformed(2, csv_records.TOO_FEW, "1", ["1"]),
        Malformed(3, csv_records.TOO_MANY, "3", ["1", "2", "3"]),
    ]


def test_blank_lines_are_skipped_and_counted_as_lines(tmp_path: Path) -> None:
    assert read(tmp_path, "\n\na;b\n\n1;2\n   \n3;4").rows == [["5", "1", "2"], ["7", "3", "4"]]


def test_a_nul_byte_costs_its_own_row(tmp_path: Path) -> None:
    file = read(tmp_path, b"a;b\n1;2\n3;\0\n5;6\n")
    assert file.rows == [["2", "1", "2"], ["4", "5", "6"]]
    assert [(row.line, row.reason) for row in file.rejects] == [(3, csv_records.HAS_NUL)]


def test_a_quoted_field_still_open_at_the_end_costs_the_row_it_began_in(tmp_path: Path) -> None:
    file = read(tmp_path, 'a;b\n1;2\n3;"open\n5;6\n7;8\n')
    assert file.rows == [["2", "1", "2"], ["4", "5", "6"], ["5", "7", "8"]]
    assert file.rejects == [Malformed(3, csv_records.NEVER_CLOSED, "", ["3", '"open'])]


@pytest.mark.parametrize("block", [8, 1 << 19])
def test_nobody_waits_for_the_end_of_a_quoted_field_for_ever(tmp_path: Path, block: int) -> None:
    rows = "".join(f"{number};{number}\n" for number in range(100, 200))
    content = f'a;b\n1;2\n3;"open\n{rows}4;"open too\n{rows}5;"a\nb"\n{rows}'
    held: list[int] = []
    feed = Record.feed

    def feed_and_look(self: Record, number: int, line: str) -> None:
        feed(self, number, line)
        held.append(self.held)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_reader, "MOST_OPEN", 40)
        patch.setattr(csv_reader, "BLOCK_BYTES", block)
        patch.setattr(Record, "feed", feed_and_look)
        file = read(tmp_path, content)
    assert [(row.line, row.reason) for row in file.rejects] == [
        (3, csv_records.NEVER_CLOSED),
        (104, csv_records.NEVER_CLOSED),
    ]
    assert len(file.rows) == 302 and file.rows[-101] == ["205", "5", "a\nb"] and file.rows[-1][0] == "306"
    assert max(held) <= 40 + len("199;199")


def test_a_long_field_is_rejected_whole(tmp_path: Path) -> None:
    long = "x" * 100_001
    file = read(tmp_path, f'a;b\n1;{long}\n2;"{long}"\n3;{long[1:]}\n')
    assert file.rows == [["4", "3", long[1:]]]
    assert [(row.line, row.reason, row.fields[1]) for row in file.rejects] == [
        (2, csv_records.TOO_LONG, long),
        (3, csv_records.TOO_LONG, long),
    ]


def test_a_file_without_a_last_line_end(tmp_path: Path) -> None:
    assert read(tmp_path, "a;b\n1;2\n3;4").rows == [["2", "1", "2"], ["3", "3", "4"]]


def test_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    assert read(tmp_path, "a;b").rows == []


def test_lines_ended_in_two_ways_are_read(tmp_path: Path) -> None:
    assert read(tmp_path, "a;b\n1;2\r\n3;4\n").rows == [["2", "1", "2"], ["3", "3", "4"]]


def test_lines_ended_by_returns_alone_are_read(tmp_path: Path) -> None:
    assert read(tmp_path, "a;b\r1;2\r3;4\r").rows == [["2", "1", "2"], ["3", "3", "4"]]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_part_is_read_block_by_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line_end: str
) -> None:
    """Wherever a block ends: at a line's end, in the middle of it, inside a quoted field."""
    monkeypatch.setattr(chunks, "FIELD_LIMIT", 20)
    rows = [[str(at), "x" * (at % 7), "å\nb" if at % 50 == 0 else '"'] for at in range(400)]
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator=line_end).writerows([["a", "b", "c"], *rows])
    for size in range(40, 60):
        monkeypatch.setattr(chunks, "_BLOCK_BYTES", size)
        folder = tmp_path / str(size)
        folder.mkdir()
        assert [row[1:] for row in read(folder, text.getvalue()).rows] == rows


def test_blocks_end_at_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_reader, "BLOCK_BYTES", 16)
    rows = [["1", "é" * 5], ["2", "x\ny\nz" * 3], ["3", 'q"q'], ["4", ""]]
    text = "a;b\n" + "".join('{};"{}"\n'.format(a, b.replace('"', '""')) for a, b in rows)
    assert [row[1:] for row in read(tmp_path, text).rows] == rows


def test_columns_to_trim_are_detected() -> None:
    def padded(block: bytes, width: int) -> frozenset[int]:
        return read_lines(block, ";", width).padded

    block = b'1; 2;3 ;"4";" 5";6\n1;2;3;"4 ";5;\t6\n'
    assert padded(block, 6) == {1, 2, 3, 4, 5}
    assert padded(block.replace(b"\n", b"\r\n"), 6) == {1, 2, 3, 4, 5}
    assert padded(b'a;"b c"\r\nd;e\r\n', 2) == frozenset()
    assert padded("a;b\u00a0\n\u202fa;b\n".encode(), 2) == {0, 1}
    # A quote inside a value may stand beside a space.
    assert padded(b'a;"b ""c"" d"\n"""c"" d";e\n', 2) == frozenset()
    assert padded(b'a;"b ""c"" "\n" ""c"" d";e\n', 2) == {0, 1}
    assert padded(b'a;" ""c"""\n"""c"" ";e\n', 2) == {0, 1}


def test_odd_lines_are_found_one_by_one() -> None:
    block = b'1;2\n1;2;3\n"1";"2;""2"""\n1;"2\n2"\n1;2"\n"1"2;3\n1\r;2\n\n1;2\r\n3;\0\n'
    assert read_lines(block, ";", 2).odd.tolist() == [1, 3, 4, 5, 6, 7, 8, 10]


FIELD = st.text(alphabet='ab;,"\n\r åæ\t', max_size=6)


@given(st.lists(st.lists(FIELD, min_size=3, max_size=3), max_size=12), st.sampled_from(["\n", "\r\n"]))
@settings(deadline=None, max_examples=200)
def test_what_is_written_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], line_end: str
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    with (folder / "out.csv").open("w", encoding="utf-8", newline="") as file:
        # a field of a return alone is quoted only where the line end holds one
        style = csv.excel if "\r" in line_end else csv.unix_dialect
        writer = csv.writer(file, style, delimiter=";", lineterminator=line_end)
        writer.writerows([["a", "b", "c"], *rows])
    result = read(folder, (folder / "out.csv").read_bytes())
    assert [row[1:] for row in result.rows] == [[*map(chunks.one_line_end, row)] for row in rows]
    assert result.rejects == []


@given(st.binary(max_size=200))
@settings(deadline=None, max_examples=200)
def test_any_bytes_are_rows_or_rejects(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    read(tmp_path_factory.mktemp("bytes"), b"a;b;c\n" + content)


LINE = st.lists(
    st.sampled_from(
        ["1", "", " a ", "å", "x" * 30, '"q"', '"a;b"', '"a\nb"', '"c""d"', 'i"n', '"o', "\0", "\r"]
    ),
    min_size=1,
    max_size=5,
).map(";".join)


@given(st.lists(LINE, max_size=30), st.sampled_from(["\n", "\r\n"]), st.integers(4, 60))
@settings(deadline=None, max_examples=300)
def test_blocks_and_parts_make_no_difference(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], line_end: str, size: int
) -> None:
    """Line by line, with each line looked at in Python, is the slow way to the same rows."""
    content = line_end.join(["a;b;c", *lines])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_reader, "BLOCK_BYTES", size)
        patch.setattr(chunks, "CHUNK_BYTES", size)
        many = read(tmp_path_factory.mktemp("many"), content)
    whole = read(tmp_path_factory.mktemp("whole"), content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_reader, "read_lines", every_line_is_odd)
        slow = read(tmp_path_factory.mktemp("slow"), content)
    assert many.rows == whole.rows == slow.rows
    assert many.rejects == whole.rejects == slow.rejects


def every_line_is_odd(block: bytes, delimiter: str, width: int) -> Lines:
    lines = read_lines(block, delimiter, width)
    return replace(lines, odd=np.arange(len(lines)))


def test_what_is_made_ahead_speaks_the_callers_language() -> None:
    set_language("en")
    assert list(chunks.prefetched(iter_languages())) == ["en", "en"]


def iter_languages() -> Iterator[str]:
    yield language()
    yield language()
