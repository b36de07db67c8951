"""The whole dashboard under a path of a site that has other things too."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.reading import OpenPage
from tests.browser.walking import walk
from tests.serving import served


# the second ends as a page is called
@pytest.fixture(params=["/innsikt", "/crm/data"], scope="module")
def address(
    request: pytest.FixtureRequest, sample_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("base-path")
    for name in ("ccinsight.duckdb", "ccinsight.duckdb.key"):
        shutil.copy(sample_database.with_name(name), folder / name)
    with served(folder / "ccinsight.duckdb", folder, base_path=request.param) as address:
        yield address


def test_pages_links_downloads_and_uploads_work_under_a_base_path(address: str, open_page: OpenPage) -> None:
    page = open_page(f"{address}/?as-of=2026-11-01&language=en")
    outside: list[str] = []
    page.on("request", lambda request: outside.append(request.url))
    walk(page, address)
    assert [url for url in outside if urlsplit(url).netloc == urlsplit(address).netloc]
    assert not [url for url in outside if url.startswith("http") and not url.startswith(f"{address}/")]


@pytest.mark.parametrize("name", ["", "deadlines", "data"])
def test_the_link_to_share_names_the_base_path(name: str, address: str, open_page: OpenPage) -> None:
    page = open_page(f"{address}/{name}?as-of=2026-11-01&language=en")
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_test_id("stCode")).to_have_text(
        re.compile(rf"^\s*{re.escape(address)}/{name}\?as-of=2026-11-01")
    )
