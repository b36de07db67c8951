"""People sign in at a real OpenID provider, follow links, and sign out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.access import openid
from tests.access.signing_in import Signed, copied, signed
from tests.browser.accessibility import THEMES, findings
from tests.browser.reading import PATIENCE_MS, settled

MANAGERS = ("Torbjørn Færøy", "Bjørn Sørli")


@pytest.fixture(scope="module")
def site(
    sample_database: Path, tmp_path_factory: pytest.TempPathFactory, missing: Callable[[str], None]
) -> Iterator[Signed]:
    node = openid.find()
    if node is None:
        missing("no OpenID provider: Node or npm can't be had")
    folder = tmp_path_factory.mktemp("sign-in")
    with signed(str(node), copied(sample_database, folder), folder, MANAGERS, base_path="/innsikt") as site:
        yield site


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


def _sign_in(page: Page, site: Signed, who: str, path: str = "/") -> None:
    page.goto(f"{site.address}{path}")
    page.get_by_role("button", name="Logg inn").click()
    page.wait_for_url(f"{site.issuer}/**")
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", "any")
    page.click("button[type=submit]")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{site.address}/**")
    settled(page)


@pytest.mark.parametrize(
    ("who", "sees"),
    [("lars", "Lars Vik"), ("unni", "Unni Lie")],
)
def test_people_are_who_the_provider_says(who: str, sees: str, page: Page, site: Signed) -> None:
    """One by an address in the fixed tenant, one by an app role."""
    _sign_in(page, site, who, "/customer?as-of=2026-10-01")
    expect(page.get_by_test_id("stSidebar")).to_contain_text(f"Logget inn som {sees}")
    manager = page.get_by_text(MANAGERS[0])
    expect(manager).to_have_count(0) if who == "lars" else expect(manager.first).to_be_attached()


@pytest.mark.parametrize("who", ["una", "fremmed"])
def test_somebody_unknown_or_of_another_tenant_reads_nothing(who: str, page: Page, site: Signed) -> None:
    _sign_in(page, site, who, "/customer?as-of=2026-10-01")
    title = "Du har ikke tilgang" if who == "una" else "Logg inn"
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_text(MANAGERS[0])).to_have_count(0)
    expect(page.locator("html")).to_have_attribute("lang", "nb")
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        settled(page)
        assert findings(page) == []


def test_a_link_survives_the_sign_in_and_the_sign_out_reaches_the_provider(page: Page, site: Signed) -> None:
    _sign_in(page, site, "ingrid", "/renewals?as-of=2026-10-01&months=3")
    assert page.url.startswith(f"{site.address}/renewals?")
    assert "as-of=2026-10-01" in page.url
    assert "months=3" in page.url
    expect(page.get_by_test_id("stSidebar")).to_contain_text("Ingrid Berg")

    page.get_by_role("button", name="Logg ut").click()
    page.get_by_role("button", name=re.compile("Yes, sign me out|Continue|Yes")).click()
    expect(page.get_by_role("button", name="Logg inn")).to_be_visible()
    assert "_streamlit_user" not in {cookie["name"] for cookie in page.context.cookies(site.address)}
    # the provider asks for the name again
    page.get_by_role("button", name="Logg inn").click()
    page.wait_for_url(f"{site.issuer}/**")
    expect(page.locator("input[name=login]")).to_be_visible()
