"""When the page of deadlines offers its calendar file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from streamlit.testing.v1 import AppTest

from ccinsight.integrations.delivery.feeds import Feeds
from tests.dashboard.opening import AS_OF, Open
from tests.outputs.calendar.companies import Company, agreement

BOTH = datetime(2026, 9, 30, 9, 0), datetime(2026, 10, 1, 9, 0)


def _offers(site: AppTest) -> bool:
    return "calendar" in {button.key for button in site.download_button}


def _addresses(site: AppTest) -> list[str]:
    return [code.value for code in site.code if "/calendar/" in code.value]


def test_it_is_offered_today_and_for_a_day_before(open_page: Open) -> None:
    assert _offers(open_page("deadlines", "language=en"))
    assert _offers(open_page("deadlines", f"as-of={AS_OF}&language=en"))


def test_it_is_not_offered_for_a_day_to_come_and_the_page_says_why(open_page: Open) -> None:
    site = open_page("deadlines", "as-of=2040-01-01&language=en")
    assert not _offers(site)
    assert "choose today's date to download it" in " ".join(caption.value for caption in site.caption)


def test_it_is_offered_where_nothing_is_left_but_what_no_longer_holds(
    open_page: Open, tmp_path: Path
) -> None:
    company = Company(tmp_path)
    company.take_in(agreement("A-1", "2025-11-20"), at=BOTH[0])
    company.take_in(agreement("A-2", "2025-06-01"), at=BOTH[1])
    query = "as-of=2026-10-01&days=30&language=en"
    assert _offers(open_page("deadlines", query, company.database))
    assert not _offers(open_page("deadlines", query + "&customer=92", company.database))


def test_a_calendar_to_subscribe_to_is_made_shown_once_and_revoked(open_page: Open, tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.take_in(agreement("A-1", "2025-11-20"), at=BOTH[0])
    site = open_page("deadlines", "language=en", company.database)
    site.radio(key="feed-contents").set_value("customer")
    site.number_input(key="feed-alarm").set_value(14)
    site.button(key="feed-make").click().run()
    (address,) = _addresses(site)
    (feed,) = Feeds(company.database).active()
    assert Feeds(company.database).by_token(address.rpartition("/")[2].removesuffix(".ics")) == feed
    assert (feed.contents, feed.alarm_days, feed.language) == ("customer", 14, "en")
    site.button(key="feed-copied").click().run()
    assert not _addresses(site)
    site.button(key=f"feed-revoke-own-{feed.feed_id}").click().run()
    assert not Feeds(company.database).active()
    assert not site.exception
