"""nginx before several processes: its configuration, written for them, and its command."""

from __future__ import annotations

import html
import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from ccinsight.cli.serving import Address
from ccinsight.errors import CcinsightError
from ccinsight.i18n import gettext as _
from ccinsight.i18n import language

# The workers know the secret by this variable of their environment.
SECRET = "CCINSIGHT_FRONT_SECRET"
_TEMPLATE = Path(__file__).with_name("front.conf")
# Where Debian has it, which isn't on the path of an ordinary user.
_PLACES = (*os.get_exec_path(), "/usr/local/sbin", "/usr/sbin", "/sbin")


def find_nginx() -> str:
    """The path of nginx. Raises CcinsightError where there is none."""
    found = shutil.which("nginx", path=os.pathsep.join(_PLACES))
    if found is None:
        raise CcinsightError(
            _(
                "Several workers need nginx, which keeps each browser with one of them. Install it "
                "(apt install nginx-light), or serve without --workers."
            )
        )
    return found


def command(nginx: str, folder: Path) -> list[str]:
    """The command that runs nginx with the configuration in the folder."""
    return [nginx, "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]


def write(
    folder: Path,
    address: Address,
    ports: Sequence[int],
    upload_mebibytes: int,
    *,
    secret: str = "",
    is_secure: bool = False,
) -> None:
    """Writes the configuration for the workers at these ports of this machine, and the page shown while they start.

    ``secret`` proves to the workers that a request came through here; ``is_secure``: browsers come over https.
    """
    flags = "HttpOnly; SameSite=Lax" + ("; Secure" if is_secure else "")
    values = {
        "@user": f"user {pwd.getpwuid(os.geteuid()).pw_name};" if os.geteuid() == 0 else "",
        "@folder": str(folder),
        "@servers": _lines(8, [f"server 127.0.0.1:{port} max_fails=0;" for port in ports]),
        "@upstreams": _lines(
            4, [f"upstream worker_{at} {{ server 127.0.0.1:{port}; }}" for at, port in enumerate(ports, 1)]
        ),
        "@cookies": _lines(8, [f"{at} worker_{at};" for at in range(1, len(ports) + 1)]),
        "@pins": _lines(
            8,
            [
                f'"~^any:(.*, )?127\\.0\\.0\\.1:{port}$" '
                f'"ccinsight_worker={at}; Path={address.base_path or "/"}; {flags}";'
                for at, port in enumerate(ports, 1)
            ],
        ),
        "@readiness": _lines(
            8,
            [
                f"location = {address.base_path}/readyz/{at} "
                f"{{ proxy_pass http://worker_{at}{address.base_path}/readyz; }}"
                for at in range(1, len(ports) + 1)
            ],
        ),
        "@listen": _listen(address),
        "@secret": secret,
        "@upload": str(upload_mebibytes + 1),  # and what surrounds a file
        "@base_path": address.base_path,
    }
    text = _TEMPLATE.read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(name, value)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    (folder / "starting.html").write_text(_starting_page(), encoding="utf-8")


def check(nginx: str, folder: Path) -> None:
    """Raises CcinsightError where nginx doesn't accept the configuration, in its words."""
    found = subprocess.run([*command(nginx, folder), "-t"], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        lines = [line for line in found.stderr.splitlines() if "[emerg]" in line] or [found.stderr.strip()]
        raise CcinsightError(_("nginx can't be started: {error}").format(error=lines[0]))


def _lines(indent: int, lines: Sequence[str]) -> str:
    return "\n".join(f"{'':{indent}}{line}" for line in lines)


def _listen(address: Address) -> str:
    host = f"[{address.host}]" if ":" in address.host else address.host
    both = " ipv6only=off" if address.host == "::" else ""
    return f"{host}:{address.port}{both}"


def _starting_page() -> str:
    text = html.escape(_("The dashboard is starting. This page opens it in a moment."))
    return (
        f'<!doctype html><html lang="{language()}"><head><meta charset="utf-8"><title>ccinsight</title>'
        f'<meta http-equiv="refresh" content="2"></head><body><p>{text}</p></body></html>\n'
    )
