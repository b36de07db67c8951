"""The documents name every command and report, and every example in them can be typed."""

from __future__ import annotations

import re
import runpy
import shlex
import tomllib
from dataclasses import fields
from pathlib import Path

import click
import pytest

from ccinsight.cli.commands import commands
from ccinsight.dashboard.navigation import PAGES
from ccinsight.i18n import _, set_language
from ccinsight.registry import REPORTS
from ccinsight.settings.model import DECK_PLACEHOLDERS, Deck, ImportOptions, Settings, Terms
from ccinsight.settings.names import column_catalogue
from ccinsight.settings.parsing import parse_settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
STORED = (ROOT / "docs" / "stored.md").read_text(encoding="utf-8")
EXAMPLES = [
    line.strip()
    for line in (README + COMMANDS + STORED).splitlines()
    if line.startswith("    ccinsight ") and not re.search(r"[A-Z]{2}|…", line)
]


@pytest.mark.parametrize("name", commands.commands)
def test_the_readme_names_every_command(name: str) -> None:
    (table,) = re.findall(r"## The command line\n\n(.*?)\n\n", README, re.DOTALL)
    assert f"`ccinsight {name}" in table


@pytest.mark.parametrize("name", commands.commands)
def test_the_usage_of_a_command_names_its_options_and_no_others(name: str) -> None:
    command = commands.commands[name]
    parts = command.commands.values() if isinstance(command, click.Group) else [command]
    options = {option for part in parts for parameter in part.params for option in parameter.opts}
    usage = re.findall(
        rf"^    ccinsight ({name}\b.*(?:\n {{8,}}.*)*)", COMMANDS.split("\n## ")[0], re.MULTILINE
    )

    assert set(re.findall(r"--[a-z-]+", "".join(usage))) == {
        name for name in options if name.startswith("--")
    }


@pytest.mark.parametrize("file", sorted(ROOT.glob("pages/*.py")), ids=lambda file: file.stem)
def test_the_readme_names_every_page(file: Path) -> None:
    set_language("en")
    title = _(PAGES[file.stem].title)
    assert f"\n| {title} (" in README


@pytest.mark.parametrize("line", EXAMPLES)
def test_every_example_in_the_documents_can_be_typed(line: str) -> None:
    _program, name, *arguments = shlex.split(line)
    command = commands.commands[name]
    context = command.make_context(name, arguments)
    if name == "report" and not context.params["show_list"]:
        report = REPORTS[context.params["name"]]
        given = {
            option for option in ("days", "months", "since", "check") if context.params[option] is not None
        }
        assert given <= set(report.options)


def test_the_documents_have_examples() -> None:
    assert {line.split()[1] for line in EXAMPLES} >= {"import", "settings", "report", "sample", "serve"}


def test_the_documented_settings_are_all_there_are_and_can_be_read() -> None:
    """Every name that a settings file may have stands in the example of docs/settings.md, and nothing else does."""
    (example,) = re.findall(r"```toml\n(.*?)```", SETTINGS, re.DOTALL)
    said = tomllib.loads(example)
    read = parse_settings(example, "settings.md")
    assert set(said) == {
        "import" if field.name == "imports" else field.name
        for field in fields(Settings)
        if field.name not in ("default_terms", "toml", "file_name")
    }
    assert set(said["products"]["CloudCare CRM"]) == {field.name for field in fields(Terms)}
    assert set(said["import"]) == {field.name for field in fields(ImportOptions)}
    assert set(said["deck"]) == {field.name for field in fields(Deck)}
    assert set(said["deck"]["placeholders"]) == set(DECK_PLACEHOLDERS)
    assert {key for meaning in said["categories"].values() for key in meaning} == {"scope", "access_down"}
    assert read.headers and read.values and read.severities and read.customers
    columns = {name.rpartition(".")[2] for name in column_catalogue()["values"]}
    assert not [column for column in columns if column not in example]


def test_every_report_is_described() -> None:
    written = runpy.run_path(str(ROOT / "docs" / "reports.py"))["text"]()
    found = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    assert found == written, "docs/reports.md is out of date: run python docs/reports.py"


@pytest.mark.parametrize("file", [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")], ids=lambda file: file.name)
def test_links_and_pictures_lead_somewhere(file: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", file.read_text(encoding="utf-8"))
    assert not [target for target in targets if not (file.parent / target).exists()]


@pytest.mark.parametrize("target", ["demo", "serve", "test", "check", "docs", "catalogues", "clean"])
def test_make_help_names_every_target(target: str) -> None:
    assert re.search(rf"^#   make {target}\b", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_a_command_without_arguments_shows_its_help() -> None:
    with pytest.raises(click.exceptions.NoArgsIsHelpError):
        commands.make_context("ccinsight", [])


def test_the_documented_names_of_headers_and_values_are_all_there_are() -> None:
    catalogue = column_catalogue()
    headers = [f"| {column} | {', '.join(names)} |" for column, names in catalogue["headers"].items()]
    values = [
        f"| {column} | {value} | {', '.join(names)} |"
        for column, known in catalogue["values"].items()
        for value, names in known.items()
    ]
    lines = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8").splitlines()
    for title, expected in (("## Names of headers", headers), ("## Names of values", values)):
        start = lines.index(title)
        table = lines[lines.index("", start + 1) :]
        rows = [line for line in table[: _end(table)] if line.startswith("| ")]
        assert rows[2:] == expected


def _end(lines: list[str]) -> int:
    """Where the next chapter begins."""
    return next((at for at, line in enumerate(lines) if line.startswith("## ")), len(lines))
