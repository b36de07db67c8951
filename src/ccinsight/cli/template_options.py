"""The options of commands that fill a template of the partner's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import click

from ccinsight.cli.options import FILE, Decorated
from ccinsight.cli.words import option
from ccinsight.errors import UsageError
from ccinsight.i18n import gettext as _
from ccinsight.i18n import os_reason


def template_options(
    help: str,
    list_help: str,
    write_help: str,
    *,
    tokens: Callable[[], Iterable[str]],
    template: Callable[[], bytes],
) -> Callable[[Decorated], Decorated]:
    """``--template``, and two that do their work and end the command: ``--tokens`` and ``--write-template``.

    ``tokens`` gives the lines of the list of tokens, ``template`` the content of the template to edit.
    """

    def list_tokens(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
        if wanted:
            for line in tokens():
                click.echo(line)
            context.exit()

    def write_template(context: click.Context, _option: click.Parameter, file: Path | None) -> None:
        if file:
            _write(file, template())
            context.exit()

    def decorate(command: Decorated) -> Decorated:
        command = option(
            "--write-template",
            type=FILE,
            is_eager=True,
            expose_value=False,
            callback=write_template,
            metavar="FILE",
            help=write_help,
        )(command)
        command = option(
            "--tokens", is_flag=True, is_eager=True, expose_value=False, callback=list_tokens, help=list_help
        )(command)
        return option("--template", type=FILE, metavar="FILE", help=help)(command)

    return decorate


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as e:
        raise UsageError(_("{file} can't be written: {error}.").format(file=file, error=os_reason(e))) from e
    click.echo(file)
