"""The command line's words: help texts and click's own messages, in the terminal's language."""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from ccinsight import i18n
from ccinsight.i18n import N_

_CLICK_TEXTS = (
    N_("Usage:"),
    N_("Options"),
    N_("Positional arguments"),
    N_("Commands"),
    N_("Show the version and exit."),
    N_("Show this message and exit."),
    N_("Try '{command} {option}' for help."),
    N_("Error: {message}"),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("Missing argument"),
    N_("Missing option"),
    N_("Missing command."),
    N_("No such option {name!r}."),
    N_("No such command {name!r}."),
    N_("Option {name!r} does not take a value."),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
    N_("default: {default}"),
    N_("env var: {var}"),
    N_("required"),
)


def ngettext(one: str, many: str) -> tuple[str, str]:
    """Marks a text of click's for one and for many for the catalogues."""
    return one, many


_CLICK_PLURALS = (
    ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    ngettext("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    ngettext("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    ngettext("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
)


def speak(language: str) -> None:
    """Sets the language of our texts and of click's, which asks the standard library's gettext."""
    i18n.set_language(language)
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain("ccinsight", str(Path(i18n.__file__).parent / "locale"))
    gettext.textdomain("ccinsight")


class Option(click.Option):
    """An option whose help text is translated when it is shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and its help in the language in use."""
        original = self.help
        self.help = i18n.gettext(original) if original else original
        try:
            return super().get_help_record(ctx)
        finally:
            self.help = original


class Command(click.Command):
    """A command whose help text is translated when it is shown."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The command's help in the language in use."""
        _with_translated_help(self, partial(super().format_help_text, ctx, formatter))

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first sentence of the help in the language in use; lines wrap, so nothing is cut."""
        return i18n.gettext(self.help or "").split("\n")[0]


class Group(click.Group):
    """A group whose help text is translated when it is shown."""

    command_class = Command

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The group's help in the language in use."""
        _with_translated_help(self, partial(super().format_help_text, ctx, formatter))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order they were made: the order in which a new user needs them."""
        return list(self.commands)


def _with_translated_help(command: click.Command, show: Callable[[], None]) -> None:
    original = command.help
    command.help = i18n.gettext(original) if original else original
    try:
        show()
    finally:
        command.help = original


option = partial(click.option, cls=Option)
