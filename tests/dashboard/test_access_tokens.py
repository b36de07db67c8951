"""Access tokens on the page Delivery, and what a table says of its address."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ccinsight.access import SEES_ALL
from ccinsight.integrations.api.tokens import AccessTokens
from tests.access.readers import SILJE
from tests.dashboard.opening import Open


def test_a_token_is_made_shown_once_and_revoked(open_page: Open, own_database: Path) -> None:
    site = open_page("delivery", "language=en", own_database)
    site.button(key="token-make").click().run()
    assert any("what the token is for" in error.value for error in site.error)
    site.text_input(key="token-name").set_value("Power *BI*").run()
    site.button(key="token-make").click().run()
    tokens = AccessTokens(own_database)
    (entry,) = tokens.active()
    (secret,) = [code.value for code in site.code if code.value.startswith("ccinsight_")]
    assert tokens.by_token(secret) == entry
    assert not site.exception and not site.error
    site.button(key="token-copied").click().run()
    assert not [code for code in site.code if code.value.startswith("ccinsight_")]
    assert any("all customers" in each.value and "never read" in each.value for each in site.markdown)
    site.button(key=f"token-revoke-all-{entry.token_id}").click().run()
    assert tokens.active() == []
    assert not site.exception


def test_a_limited_reader_revokes_none_of_others(own_database: Path) -> None:
    tokens = AccessTokens(own_database)
    entry, _token = tokens.add(SEES_ALL, "of all", datetime(2026, 3, 1, 9))
    assert tokens.of(SILJE) == []
    assert not tokens.revoke(entry.token_id, datetime(2026, 3, 1, 9), SILJE)


def test_a_table_offers_its_address_for_excel(open_page: Open, own_database: Path) -> None:
    site = open_page(
        "renewals", "language=en&as-of=2026-03-01&months=6&account-manager=Silje Ødegaard", own_database
    )
    assert not any("Csv.Document" in code.value for code in site.code)
    site.button(key="connect-opened_renewals").click().run()
    address, text = [code.value for code in site.code if "api/v1" in code.value]
    assert address.endswith(
        "/api/v1/reports/renewals?as-of=2026-03-01&account-manager=Silje%20%C3%98degaard&months=6&format=csv"
    )
    assert '#"months" = "6"' in text and 'RelativePath = "reports/renewals"' in text
    assert not site.exception


def test_revenue_by_a_column_has_the_address_of_explored_figures(open_page: Open, own_database: Path) -> None:
    site = open_page("revenue", "language=en&as-of=2026-03-01&section=complexity", own_database)
    site.button(key="connect-revenue_by_complexity").click().run()
    address, text = [code.value for code in site.code if "api/v1" in code.value]
    measures = "&".join(
        f"measure={name}"
        for name in ("agreements_in_force", "invoiced_users", "arr", "revenue_per_user", "unpriced_users")
    )
    assert address.endswith(f"/api/v1/explore?as-of=2026-03-01&{measures}&by=complexity&format=csv")
    assert 'RelativePath = "explore"' in text
    assert not site.exception
