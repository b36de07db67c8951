"""Settings files that are changed: whatever the names hold, the file says what it should, and nothing else changes."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccinsight.ingest.mapping.examine import examine
from ccinsight.ingest.mapping.proposal import starter
from ccinsight.settings.editing import Value, with_entries, with_proposals, without_proposals
from ccinsight.settings.parsing import parse_settings

NASTY = [
    'a "quoted" one',
    "it's",
    "two\nlines",
    "tab\there",
    "a = b",
    "# no comment",
    "#: no proposal",
    "[headers.tickets]",
    "back\\slash \\u0041",
    "🙂 æøå",
    "\x7f\x00\x1b",
    '"""',
    "'''",
    "\u2028\u0085",
    "a.b",
    "",
]
TEXTS = st.one_of(st.sampled_from(NASTY), st.text())
MEANINGS: st.SearchStrategy[dict[str, str | bool]] = st.builds(
    dict, scope=st.sampled_from(["support", "training"]), access_down=st.booleans()
)
ENTRIES = st.dictionaries(
    st.one_of(
        st.tuples(st.just("headers"), st.sampled_from(["tickets", "invoices"]), TEXTS),
        st.tuples(st.just("values"), st.sampled_from(["channel", "status"]), TEXTS),
    ),
    st.sampled_from(["title", "chat"]),
    max_size=8,
)
CATEGORIES = st.dictionaries(st.tuples(st.just("categories"), TEXTS), MEANINGS, max_size=6)
BEFORE = [
    "",
    "# a remark",
    '[headers.tickets] # mine\n"Sakstid" = "minutes_spent"\n\n# next\n[import]\nkeep_titles = true\n',
    '[headers.tickets]\r\n"Sakstid" = "minutes_spent"\r\n[values.channel]\r\n"Teams" = "chat"\r\n',
    'headers = { tickets = { "Sakstid" = "minutes_spent" } }\n',
    'headers.tickets."Sakstid" = "minutes_spent"\nvalues.channel.Teams = "chat"\n',
    '[headers]\ntickets = { "Sakstid" = "minutes_spent" }\n[categories."a.b"]\nscope = "training"\n',
    '[deck]\npartner = """\n#: not ours\n[values.channel]\n"""\n[user_bands]\nfrom = [\n  1,\n  10,\n]',
    '[products."X"]\nmember_hourly_rate = 1250.00\n[categories]\n"a = b" = {}  # why',
]


def _said(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)


def _expected(before: str, entries: dict[tuple[str, ...], Value]) -> dict[str, Any]:
    content = _said(before)
    for path, value in entries.items():
        table = content
        for name in path[:-1]:
            table = table.setdefault(name, {})
        table[path[-1]] = value
    return content


@settings(deadline=None)
@given(before=st.sampled_from(BEFORE), names=ENTRIES, categories=CATEGORIES)
def test_changed_settings_say_what_they_said_and_the_entries(
    before: str, names: dict[tuple[str, ...], Value], categories: dict[tuple[str, ...], Value]
) -> None:
    entries = names | categories
    assert _said(with_entries(before, entries)) == _expected(before, entries)


@settings(deadline=None)
@given(
    before=st.sampled_from(BEFORE),
    lines=st.lists(TEXTS.map(lambda text: text.replace("\n", " ")), max_size=4),
)
def test_proposed_lines_say_nothing_and_go_again(before: str, lines: list[str]) -> None:
    safe = ["".join(sign for sign in line if sign.isprintable()) for line in lines]
    proposed = with_proposals(before, {("headers", "tickets"): safe, ("values", "channel"): safe})
    assert _without_empty(_said(proposed)) == _without_empty(_said(before))
    assert with_proposals(proposed, {("headers", "tickets"): safe, ("values", "channel"): safe}) == proposed


def _without_empty(content: dict[str, Any]) -> dict[str, Any]:
    names = {key: {k: v for k, v in content.get(key, {}).items() if v} for key in ("headers", "values")}
    return content | names


@pytest.mark.parametrize("before", BEFORE)
def test_no_line_that_a_person_wrote_is_lost(before: str) -> None:
    entries: dict[tuple[str, ...], Value] = {
        ("headers", "tickets", "Ny"): "title",
        ("values", "channel", "Slack"): "chat",
        ("categories", "Kurs"): {"scope": "training"},
    }
    remarks = [part.strip() for part in before.split("\n") if part.strip().startswith("#")]
    changed = with_entries(before, entries).split("\n")
    assert [part.strip() for part in changed if part.strip() in remarks] == remarks


def test_entry_that_is_there_is_replaced_in_its_line() -> None:
    before = '[categories]\n"Kurs" = { scope = "support" }   # ask Kari\n"Drift" = {}\n'
    after = with_entries(before, {("categories", "Kurs"): {"scope": "training", "access_down": False}})
    assert (
        after
        == '[categories]\n"Kurs" = { scope = "training", access_down = false }   # ask Kari\n"Drift" = {}\n'
    )


def test_proposals_are_taken_away_but_not_out_of_a_text() -> None:
    assert without_proposals('#: one\n[import]\n#: "two" = ""\n') == "[import]\n"
    inside = '[deck]\npartner = """\n#: not ours\n"""\n'
    assert without_proposals(inside) == inside


@settings(deadline=None, max_examples=50)
@given(
    headers=st.lists(TEXTS.filter(lambda text: text.strip() and "\0" not in text), max_size=4),
    value=TEXTS,
    category=TEXTS,
)
def test_starter_of_any_file_is_read_back_to_the_same_names(
    headers: list[str], value: str, category: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Every proposed line, once its sign is taken away, names exactly the header, value or category of the file."""
    path = tmp_path_factory.mktemp("nasty") / "saker.csv"
    names = ["ticket_id", "customer_id", "opened_at", "channel", "category", *headers]
    rows = [names, ["T1", "7", "2026-01-05", value, category, *("x" for _header in headers)]]
    quoted = (";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    path.write_text("\n".join(quoted) + "\n", encoding="utf-8", newline="")
    defaults = parse_settings("", None)
    (table,) = examine(path, defaults)
    text = starter("saker.csv", [table], defaults)
    assert parse_settings(text, None).headers.get("tickets", {}) == {}
    for section, found in {
        ("headers", "tickets"): table.headers,
        ("values", "channel"): table.values.get("channel", {}),
        ("categories",): table.categories,
    }.items():
        assert _proposed_names(text, section) == set(found)


def _proposed_names(text: str, section: tuple[str, ...]) -> set[str]:
    lines = text.split("\n")
    heading = f"[{'.'.join(section)}]"
    if heading not in lines:
        return set()
    names: set[str] = set()
    for line in lines[lines.index(heading) + 1 :]:
        if line.startswith("["):
            break
        if line.startswith('#: "'):
            names |= set(tomllib.loads(line.removeprefix("#: ")))
    return names


def test_written_names_are_the_names_that_are_read() -> None:
    text = with_entries(
        "", {("headers", "tickets", 'a "b"\n='): "title", ("values", "channel", "🙂"): "chat"}
    )
    read = parse_settings(text, None)
    assert read.headers == {"tickets": {'a "b"\n=': "title"}}
    assert read.values == {"channel": {"🙂": "chat"}}
