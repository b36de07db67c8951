"""The whole dashboard under a path of a site that has other things too."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from benchmarks.ports import free_port
from playwright.sync_api import expect

from ccinsight.cli import front
from tests import nginx
from tests.browser.reading import OpenPage
from tests.browser.walking import walk
from tests.serving import served

DOCS = Path(__file__).parents[2] / "docs"


# the second ends as a page is called
@pytest.fixture(params=["/innsikt", "/crm/data"], scope="module")
def address(request: pytest.FixtureRequest, own: Path) -> Iterator[str]:
    with served(own, own.parent, base_path=request.param) as address:
        yield address


@pytest.fixture(scope="module")
def own(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base-path")
    for name in ("ccinsight.duckdb", "ccinsight.duckdb.key"):
        shutil.copy(sample_database.with_name(name), folder / name)
    return folder / "ccinsight.duckdb"


@pytest.fixture(scope="module")
def proxied(
    own: Path, tmp_path_factory: pytest.TempPathFactory, missing: Callable[[str], None]
) -> Iterator[str]:
    """The address of the documented proxy, before two workers."""
    command = nginx.find()
    if command is None:
        missing("no nginx")
    folder, port = tmp_path_factory.mktemp("proxy"), free_port()
    with served(own, folder, "--workers", "2", "--no-sign-in", base_path="/innsikt") as address:
        part = (DOCS / "serving" / "nginx.conf").read_text(encoding="utf-8")
        part = part.replace("listen 80;", f"listen 127.0.0.1:{port};")
        part = part.replace("http://127.0.0.1:8501;", f"{address.removesuffix('/innsikt')};")
        (folder / "nginx.conf").write_text(
            f"daemon off;\npid {folder}/pid;\nevents {{ }}\nhttp {{\naccess_log off;\n{part}\n}}\n",
            encoding="utf-8",
        )
        proxy = subprocess.Popen(front.command(str(command), folder))
        try:
            yield f"http://127.0.0.1:{port}/innsikt"
        finally:
            proxy.terminate()
            proxy.wait(timeout=60)


def test_all_works_through_the_documented_proxy_and_two_workers(proxied: str, open_page: OpenPage) -> None:
    page = open_page(f"{proxied}/?as-of=2026-11-01&language=en")
    walk(page, proxied)
    assert [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "ccinsight_worker"]
    assert page.request.get(f"{proxied}/_stcore/metrics").status == 404


def test_pages_links_downloads_and_uploads_work_under_a_base_path(address: str, open_page: OpenPage) -> None:
    page = open_page(f"{address}/?as-of=2026-11-01&language=en")
    outside: list[str] = []
    page.on("request", lambda request: outside.append(request.url))
    walk(page, address)
    assert [url for url in outside if urlsplit(url).netloc == urlsplit(address).netloc]
    assert not [url for url in outside if url.startswith("http") and not url.startswith(f"{address}/")]


# the overview is at the root, also where its name is typed
@pytest.mark.parametrize("name", ["overview", "deadlines", "data"])
def test_the_link_to_share_names_the_base_path(name: str, address: str, open_page: OpenPage) -> None:
    page = open_page(f"{address}/{name}?as-of=2026-11-01&user-band=5-9&language=en")
    page.get_by_role("button", name="Share").click()
    place = {"overview": ""}.get(name, name)
    expect(page.get_by_test_id("stCode")).to_have_text(
        re.compile(rf"^\s*{re.escape(address)}/{place}\?as-of=2026-11-01&user-band=5%E2%80%939")
    )
