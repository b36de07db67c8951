"""The proxy's configuration and the unit of docs/serving are ones that nginx and systemd accept."""

from __future__ import annotations

import http.client
import re
import shlex
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from benchmarks.ports import free_port

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


class _Upstream(BaseHTTPRequestHandler):
    """Answers as ccinsight would: says which path it was asked for, and whether the proxy's secret came along."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{self.path} {'X-Ccinsight-Secret' in self.headers}".encode())

    def log_message(self, *_parts: object) -> None:
        """Keeps the test's output quiet."""


@pytest.mark.parametrize("name", ["nginx.conf", "nginx-oauth2-proxy.conf"])
def test_paths_with_a_token_pass_the_documented_proxy_and_are_in_no_log(
    name: str, nginx_path: str, tmp_path: Path
) -> None:
    text, port = (SERVING / name).read_text(encoding="utf-8"), free_port()
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), _Upstream)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    # by whole numbers, and no port is replaced twice; nobody answers as the sign-in
    ports = {"8501": upstream.server_port, "4180": free_port()}
    part = re.sub(r"127\.0\.0\.1:(8501|4180)\b", lambda found: f"127.0.0.1:{ports[found[1]]}", text)
    part = re.sub(r"listen (80|443 ssl);", f"listen 127.0.0.1:{port};", part)
    log = tmp_path / "access.log"
    (tmp_path / "nginx.conf").write_text(
        f"daemon off;\npid {tmp_path}/pid;\nevents {{ }}\nhttp {{\naccess_log {log};\n{part}\n}}\n",
        encoding="utf-8",
    )
    server = subprocess.Popen(front.command(nginx_path, tmp_path))
    try:
        for token in ("calendar/SECRET.ics", "unsubscribe/SECRET"):
            assert _answer(port, f"/innsikt/{token}").startswith(f"200 /innsikt/{token} ")
        others = _answer(port, "/innsikt/customer")
        assert others.startswith("500" if "oauth2" in name else "200 /innsikt/customer")
    finally:
        server.terminate()
        server.wait(timeout=20)
        upstream.shutdown()
    logged = log.read_text(encoding="utf-8")
    assert "/innsikt/customer" in logged
    assert "SECRET" not in logged


def _answer(port: int, path: str) -> str:
    """Status and text, once nginx listens."""
    deadline = time.monotonic() + 20
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return f"{answer.status} {answer.read().decode('utf-8', 'replace')}"
        except ConnectionError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        finally:
            connection.close()


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
