"""The proxy's configuration and the unit of docs/serving are ones that nginx and systemd accept."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ccinsight.cli import front
from ccinsight.cli.commands import commands
from ccinsight.cli.serving import Address
from ccinsight.settings.parsing import default_settings
from tests import nginx

SERVING = Path(__file__).parents[2] / "docs" / "serving"
UNIT = (SERVING / "ccinsight.service").read_text(encoding="utf-8")


@pytest.fixture
def nginx_path(missing: Callable[[str], None]) -> str:
    path = nginx.find()
    if path is None:
        missing("no nginx")
    return str(path)


def _accepted(nginx_path: str, folder: Path, text: str) -> None:
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    front.check(nginx_path, folder)


def test_nginx_accepts_the_documented_proxy(nginx_path: str, tmp_path: Path) -> None:
    part = (
        (SERVING / "nginx.conf").read_text(encoding="utf-8").replace("listen 80;", "listen 127.0.0.1:18501;")
    )
    _accepted(nginx_path, tmp_path, f"pid {tmp_path}/pid;\nevents {{ }}\nhttp {{\n{part}\n}}\n")
    size = re.search(r"client_max_body_size (\d+)m;", part)
    assert size is not None
    assert int(size[1]) * (1 << 20) > default_settings().imports.max_upload_mb * 1_000_000


def test_nginx_accepts_the_documented_proxy_with_a_sign_in(nginx_path: str, tmp_path: Path) -> None:
    text = (SERVING / "nginx-oauth2-proxy.conf").read_text(encoding="utf-8")
    part = text.replace("listen 443 ssl;", "listen 127.0.0.1:18501;")
    _accepted(nginx_path, tmp_path, f"pid {tmp_path}/pid;\nevents {{ }}\nhttp {{\n{part}\n}}\n")


@pytest.mark.parametrize(
    "address",
    [Address("127.0.0.1", 18501), Address("0.0.0.0", 18501, "/innsikt"), Address("::", 18501, "/a/b")],
)
def test_nginx_accepts_the_configuration_before_workers(
    address: Address, nginx_path: str, tmp_path: Path
) -> None:
    front.write(tmp_path, address, [18502, 18503], 200)
    front.check(nginx_path, tmp_path)


def test_the_unit_starts_a_command_that_there_is() -> None:
    (line,) = re.findall(r"^ExecStart=/opt/ccinsight/bin/ccinsight (.*)$", UNIT, re.MULTILINE)
    name, *arguments = shlex.split(line)
    context = commands.commands[name].make_context(name, arguments)
    assert context.params["base_path"] == "/innsikt"
    assert context.params["workers"] > 1


@pytest.mark.parametrize("name", ["watch", "digest"])
def test_the_other_units_start_commands_that_there_are(name: str) -> None:
    text = (SERVING / f"ccinsight-{name}.service").read_text(encoding="utf-8")
    (line,) = re.findall(r"^ExecStart=/opt/ccinsight/bin/ccinsight (.*)$", text, re.MULTILINE)
    found, *arguments = shlex.split(line)
    assert found == name
    assert commands.commands[name].make_context(name, arguments).params["database"].is_absolute()


@pytest.mark.parametrize("name", ["ccinsight.service", "ccinsight-watch.service", "ccinsight-digest.timer"])
def test_systemd_accepts_the_unit(name: str, tmp_path: Path) -> None:
    verifier = shutil.which("systemd-analyze")
    if verifier is None:
        pytest.skip("no systemd")
    for file in SERVING.glob("ccinsight*.*"):  # a timer's service lies beside it
        text = file.read_text(encoding="utf-8").replace("/opt/ccinsight/bin/ccinsight", "/bin/true")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    command = [verifier, "verify", str(tmp_path / name)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "ccinsight" not in found.stderr, found.stderr
