"""Each page, in each language, by its link: it opens whole, says its figures, and carries the filters on."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ccinsight.dashboard.navigation import PAGES
from ccinsight.dashboard.session import keys
from ccinsight.i18n import LANGUAGES, set_language
from tests.dashboard.opening import AS_OF, Open, pick, written

SHOWN = [*PAGES, "customer?", "meeting?"]


def _open(open_page: Open, page: str, query: str) -> AppTest:
    if page.endswith("?"):
        return open_page(page.removesuffix("?"), f"{query}&id=1002")
    return open_page(page, query)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", SHOWN)
def test_page_opens_whole(open_page: Open, page: str, language: str) -> None:
    site = _open(open_page, page, f"as-of={AS_OF}&language={language}")

    assert not site.exception
    assert [error.value for error in site.error] == []
    assert len(site.title) == 1
    day = "01.10.2026" if language == "nb" else "1 Oct 2026"
    assert any(day in text.value for text in site.markdown), "the as-of date is in sight"
    assert site.session_state["language"] == language


@pytest.mark.parametrize("page", SHOWN)
def test_page_is_in_norwegian_unless_asked_otherwise(open_page: Open, page: str) -> None:
    site = _open(open_page, page, f"as-of={AS_OF}")

    assert site.date_input(key="as-of").label == "Per dato"


@pytest.mark.parametrize("page", SHOWN)
def test_every_figure_says_what_it_is(open_page: Open, page: str) -> None:
    site = _open(open_page, page, f"as-of={AS_OF}")

    assert all(metric.proto.help for metric in site.metric)
    assert len(site.metric) <= 5


@pytest.mark.parametrize("page", SHOWN)
def test_every_table_can_be_downloaded(open_page: Open, page: str) -> None:
    site = _open(open_page, page, f"as-of={AS_OF}")

    keys = {button.key for button in site.download_button if button.key}
    tables = [key.removeprefix("csv-") for key in keys if key.startswith("csv-")]
    # To do has all its kinds in one file; each opens to a table
    in_sight = [table for table in tables if table != "all_duties"]
    assert len(in_sight) == len(site.dataframe) + len(written(site))
    assert all(f"xlsx-{table}" in keys for table in tables)


def test_a_short_table_shows_all_its_columns_when_asked(open_page: Open) -> None:
    site = open_page("customer", f"as-of={AS_OF}&id=1002&language=en")
    first = next(rows[0] for rows in written(site) if rows[0][0] == "Agreement")

    site.button(key="whole-own_agreements").click().run()

    assert not any(rows[0] == first for rows in written(site))
    assert len(site.dataframe[0].value.columns) > len(first) == 8
    assert site.button(key="whole-own_agreements").label == "Fewer columns"


def test_an_amount_is_explained_once_it_is_chosen(open_page: Open) -> None:
    site = open_page("leakage", f"as-of={AS_OF}&language=en&years=30")
    before = len(written(site))

    site.selectbox(key="open").select_index(0).run()

    assert before == 0 < len(written(site))


def test_figures_follow_the_filter(open_page: Open) -> None:
    site = open_page("renewals")
    before = site.metric[0].value

    pick(site, "customer", ["1002"])

    assert site.metric[0].value != before
    assert site.query_params["customer"] in ("1002", ["1002"])
    assert site.query_params["as-of"] in (AS_OF, [AS_OF])


def test_filters_follow_from_page_to_page(open_page: Open) -> None:
    site = open_page("renewals", f"as-of={AS_OF}&customer=1002")

    site.query_params.clear()  # as the navigation does
    site.switch_page("pages/deadlines.py").run()

    assert site.session_state["customer"] == ["1002"]
    assert site.query_params["customer"] in ("1002", ["1002"])


@pytest.mark.parametrize("page", ["deadlines", "data"])
def test_a_page_is_reached_from_the_overview_and_left_again(open_page: Open, page: str) -> None:
    """As readers do; the other tests open a page by its link."""
    site = open_page("overview", f"as-of={AS_OF}&language=en")
    titles = [site.title[0].value]

    for name in (page, "overview"):
        site.query_params.clear()  # as the navigation does
        site.switch_page(f"pages/{name}.py").run()
        assert not site.exception and not site.error
        titles.append(site.title[0].value)

    assert titles[0] == titles[2] != titles[1]


def test_a_query_sent_by_an_interrupted_run_is_sent_again_as_it_was(open_page: Open) -> None:
    """Another order of the same filters would be another entry in the browser's history."""
    site = open_page("renewals", f"as-of={AS_OF}&language=en&months=6")
    before = {name: site.session_state[name] for name in (keys.WRITTEN, keys.QUERY)}
    sent = list(pick(site, "customer", ["1002"]).query_params.items())
    for name, value in before.items():  # as a run leaves them that is interrupted after it sent the query
        site.session_state[name] = value

    site.query_params.clear()  # as the navigation does
    site.switch_page("pages/deadlines.py").run()

    assert list(site.query_params.items()) == sent


def test_link_to_share_carries_the_day_and_the_filters(open_page: Open) -> None:
    site = open_page("renewals", f"as-of={AS_OF}&customer=1002&user-band=50-99&months=6")

    link = site.code[0].value

    assert link.endswith(f"/renewals?as-of={AS_OF}&customer=1002&user-band=50%E2%80%9399&months=6")


def test_link_to_share_carries_also_todays_date(open_page: Open) -> None:
    site = open_page("overview", "")

    today = site.session_state["as-of"].isoformat()
    assert f"as-of={today}" in site.code[0].value
    assert "as-of" not in site.query_params, "a bookmark follows the calendar"


@pytest.mark.parametrize(
    "query", ["id=1002", "id=rognsund renhold as", "customer=1002", "customer=rognsund renhold as"]
)
def test_a_link_leads_to_a_customer_by_number_or_name_and_sets_no_filter(open_page: Open, query: str) -> None:
    site = open_page("customer", f"as-of={AS_OF}&{query}")

    assert site.title[0].value == "Rognsund Renhold AS"
    assert site.query_params["id"] in ("1002", ["1002"])
    assert "customer" not in site.query_params
    assert site.session_state["customer"] == []


def test_a_link_to_a_customer_keeps_the_filters_and_shares_without_them(open_page: Open) -> None:
    site = open_page("customer", f"as-of={AS_OF}&id=1002&user-band=1-4")

    assert site.title[0].value == "Rognsund Renhold AS"
    assert site.session_state["user-band"] == ["1–4"]
    assert site.code[0].value.endswith(f"/customer?as-of={AS_OF}&id=1002")


def test_the_customer_is_forgotten_with_the_page(open_page: Open) -> None:
    site = open_page("customer", f"as-of={AS_OF}&id=1002&language=en")

    for page in ("deadlines", "customer"):
        site.query_params.clear()  # as the navigation does
        site.switch_page(f"pages/{page}.py").run()

    assert site.title[0].value == "Which customer?"
    assert site.session_state["customer"] == []


def test_a_customer_that_does_not_exist_is_named_with_what_to_do(open_page: Open) -> None:
    site = open_page("customer", f"as-of={AS_OF}&id=99999&language=en")

    assert "There is no customer 99999." in site.warning[0].value
    assert site.title[0].value == "Which customer?"
    assert len(site.dataframe) == 1


@pytest.mark.parametrize("page", PAGES)
def test_what_a_link_gets_wrong_is_named(open_page: Open, page: str) -> None:
    query = "as-of=2026-13-01&customer=99999&account-manager=Nobody&user-band=7-8&language=en"

    site = open_page(page, query)

    warning = site.warning[0].value
    for wrong in ("2026-13-01", "99999", "Nobody", "7-8"):
        assert wrong in warning
    assert not site.exception


@pytest.mark.parametrize("page", PAGES)
def test_filters_that_no_customer_fits_say_so(open_page: Open, page: str) -> None:
    site = open_page(page, f"as-of={AS_OF}&customer=1002&user-band=1-4&language=en")

    assert not site.exception
    assert [error.value for error in site.error] == []


@pytest.mark.parametrize("page", PAGES)
def test_day_before_everything(open_page: Open, page: str) -> None:
    site = open_page(page, "as-of=1995-01-01&language=en")

    assert not site.exception
    assert [error.value for error in site.error] == []


@pytest.mark.parametrize("page", PAGES)
def test_missing_exports_are_named_not_failed(open_page: Open, required_only: Path, page: str) -> None:
    site = open_page(page, f"as-of={AS_OF}&language=en", required_only)

    assert not site.exception
    assert [error.value for error in site.error] == []


def test_data_page_says_what_a_missing_export_would_add(open_page: Open, required_only: Path) -> None:
    site = open_page("data", f"as-of={AS_OF}&language=en", required_only)

    notes = " ".join(caption.value for caption in site.caption)
    for export in ("User counts", "Prices", "Invoices", "Meetings"):
        assert f"Not imported yet: {export}" in notes


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_without_a_database_every_page_says_what_to_do(
    open_page: Open, tmp_path: Path, page: str, language: str
) -> None:
    site = open_page(page, f"language={language}", tmp_path / "none.duckdb")

    assert not site.exception
    assert (
        site.title[0].value
        == {"nb": "Ingenting er importert ennå", "en": "Nothing is imported yet"}[language]
    )
    assert any("ccinsight import" in code.value for code in site.code)


def test_file_that_is_no_database_gives_a_sentence(open_page: Open, tmp_path: Path) -> None:
    path = tmp_path / "text.duckdb"
    path.write_text("not a database")

    site = open_page("overview", "language=en", path)

    assert not site.exception
    assert "is damaged or isn't a database" in site.error[0].value


def test_new_data_show_at_the_next_run(open_page: Open, own_database: Path, required_only: Path) -> None:
    site = open_page("data", f"as-of={AS_OF}&language=en", own_database)
    assert not any("Not imported yet" in caption.value for caption in site.caption)

    required_only.read_bytes()
    own_database.unlink()
    own_database.write_bytes(required_only.read_bytes())
    site.run()

    assert any("Not imported yet" in caption.value for caption in site.caption)


def test_language_of_one_session_leaves_another_alone(open_page: Open) -> None:
    english = open_page("overview", f"as-of={AS_OF}&language=en")
    norwegian = open_page("overview", f"as-of={AS_OF}")
    english.run()

    assert english.date_input(key="as-of").label == "As of"
    assert norwegian.date_input(key="as-of").label == "Per dato"
    set_language("en")
