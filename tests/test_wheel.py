"""The installed wheel: all it needs travels in it, and it serves the dashboard without the repository."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from benchmarks.ports import free_port
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from ccinsight.database.models import models_version
from ccinsight.registry import REPORTS
from ccinsight.spark.translation import report_text
from tests.serving import wait_until_healthy

ROOT = Path(__file__).parents[1]
BUILT_FROM = (
    "pyproject.toml",
    "hatch_build.py",
    "README.md",
    "LICENSE",
    "app.py",
    "pages",
    ".streamlit",
    "src",
    "docs/rules.md",
    "docs/glossary.md",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, missing: Callable[[str], None]) -> Path:
    """A wheel built of a copy, so that the catalogues that other tests read aren't written meanwhile."""
    if find_spec("hatchling") is None:
        missing("hatchling, which builds the wheel, is not installed")
    tree = tmp_path_factory.mktemp("wheel")
    for name in BUILT_FROM:
        _copy(ROOT / name, tree / name)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist", "."]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (file,) = (tree / "dist").glob("*.whl")
    return file


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    else:
        target.parent.mkdir(exist_ok=True)
        shutil.copy(source, target)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment that has the wheel, and the packages of this one."""
    place = tmp_path_factory.mktemp("environment")
    venv.create(place, with_pip=False)
    python = place / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", "-q"]
    subprocess.run([*pip, str(wheel)], check=True)
    (packages,) = place.glob("lib/python*/site-packages")
    (packages / "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python.parent


@pytest.fixture
def served(installed: Path, sample_database: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a dashboard that the installed command serves from a folder of its own."""
    port, log = free_port(), tmp_path / "log.txt"
    command = [str(installed / "ccinsight"), "serve", "--database", str(sample_database), "--port", str(port)]
    environment = {**os.environ, "HOME": str(tmp_path)}
    with log.open("w") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output, cwd=tmp_path, env=environment)
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}", server, log)
            yield f"127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=60)


def test_all_that_is_needed_travels_in_the_wheel(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    package = ROOT / "src" / "ccinsight"
    needed = {
        f"ccinsight/{file.relative_to(package)}"
        for suffix in ("py", "sql", "toml", "css", "typ", "ttf", "txt")
        for file in package.rglob(f"*.{suffix}")
    }
    needed |= {f"ccinsight/{file.relative_to(package).with_suffix('.mo')}" for file in package.rglob("*.po")}
    needed |= {f"ccinsight/site/pages/{file.name}" for file in (ROOT / "pages").glob("*.py")}
    needed |= {f"ccinsight/spark/sql/reports/{report}.sql" for report in REPORTS}
    needed |= {
        "ccinsight/spark/sql/manifest.json",
        "ccinsight/site/app.py",
        "ccinsight/site/.streamlit/config.toml",
    }
    assert needed - packed == set()


def test_the_sql_for_spark_is_what_the_translator_gives(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        for name in random.Random(models_version()).sample(list(REPORTS), 5):
            assert packed.read(f"ccinsight/spark/sql/reports/{name}.sql").decode() == report_text(name), name


def test_nothing_of_the_repository_alone_travels_in_the_wheel(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"ccinsight"}


def test_the_installed_command_speaks_norwegian(installed: Path, tmp_path: Path) -> None:
    command = [str(installed / "ccinsight"), "--help"]
    environment = {"CCINSIGHT_LANGUAGE": "nb", "PATH": ""}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert "Bruk:" in done.stdout


def test_the_installed_dashboard_draws_its_first_page(served: str) -> None:
    with urllib.request.urlopen(f"http://{served}/", timeout=60) as response:
        assert response.status == 200
    messages = list(_first_run(served))
    (session,) = [message.new_session for message in messages if message.HasField("new_session")]
    assert not session.config.gather_usage_stats
    assert session.custom_theme.ByteSize() > 0
    elements = [
        message.delta.new_element.WhichOneof("type") for message in messages if message.HasField("delta")
    ]
    assert "heading" in elements
    assert "exception" not in elements


def _first_run(address: str) -> Iterator[ForwardMsg]:
    """What the server sends to a browser that opens the first page, until its script has run."""
    opened = connect(
        f"ws://{address}/_stcore/stream",
        origin=Origin(f"http://{address}"),
        subprotocols=[Subprotocol("streamlit")],
        max_size=None,
    )
    with opened as socket:
        ask = BackMsg()
        ask.rerun_script.query_string = ""
        socket.send(ask.SerializeToString())
        while True:
            message = ForwardMsg()
            message.ParseFromString(socket.recv(timeout=90, decode=False))
            yield message
            if message.HasField("script_finished"):
                return
