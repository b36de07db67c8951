"""The documents name every command and report, and every example in them can be typed."""

from __future__ import annotations

import re
import runpy
import shlex
from pathlib import Path

import click
import pytest

from ccinsight.cli.commands import commands
from ccinsight.dashboard.pages import titles
from ccinsight.i18n import set_language
from ccinsight.registry import REPORTS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = [
    line.strip()
    for line in README.splitlines()
    if line.startswith("    ccinsight ") and not re.search(r"[A-Z]{2}|…", line)
]


@pytest.mark.parametrize("name", commands.commands)
def test_the_readme_names_every_command(name: str) -> None:
    assert f"    ccinsight {name}" in README


@pytest.mark.parametrize("name", commands.commands)
def test_the_readme_names_every_option(name: str) -> None:
    options = {option for parameter in commands.commands[name].params for option in parameter.opts}
    assert not [option for option in options if option.startswith("--") and option not in README]


@pytest.mark.parametrize("file", sorted(ROOT.glob("pages/*.py")), ids=lambda file: file.stem)
def test_the_readme_names_every_page(file: Path) -> None:
    set_language("en")
    title, _icon = titles()[file.stem]
    assert f"\n| {title} (" in README


@pytest.mark.parametrize("line", EXAMPLES)
def test_every_example_of_the_readme_can_be_typed(line: str) -> None:
    _program, name, *arguments = shlex.split(line)
    command = commands.commands[name]
    context = command.make_context(name, arguments)
    if name == "report" and not context.params["show_list"]:
        report = REPORTS[context.params["name"]]
        given = {
            option for option in ("days", "months", "since", "check") if context.params[option] is not None
        }
        assert given <= set(report.options)


def test_the_readme_has_examples() -> None:
    assert {line.split()[1] for line in EXAMPLES} >= {"import", "settings", "report", "sample", "serve"}


def test_every_report_is_described() -> None:
    written = runpy.run_path(str(ROOT / "docs" / "reports.py"))["text"]()
    found = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    assert found == written, "docs/reports.md is out of date: run python docs/reports.py"


@pytest.mark.parametrize("file", [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")], ids=lambda file: file.name)
def test_links_and_pictures_lead_somewhere(file: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", file.read_text(encoding="utf-8"))
    assert not [target for target in targets if not (file.parent / target).exists()]


@pytest.mark.parametrize("target", ["demo", "serve", "test", "check", "catalogues", "clean"])
def test_make_help_names_every_target(target: str) -> None:
    assert re.search(rf"^#   make {target}\b", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_a_command_without_arguments_shows_its_help() -> None:
    with pytest.raises(click.exceptions.NoArgsIsHelpError):
        commands.make_context("ccinsight", [])
