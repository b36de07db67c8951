"""Pages for paper: what the link asks for, what is left out, and what the sheet says of it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from ccinsight.dashboard.widgets import written_rows
from tests.dashboard.opening import AS_OF, Open, written

_CONTROLS = ("button", "link_button", "page_link", "download_button", "selectbox", "text_input")


def test_the_link_asks_for_the_same_page_on_paper_where_nothing_leads_on(open_page: Open) -> None:
    asked = f"as-of={AS_OF}&language=en&user-band=5-9&months=6&forecast=missed"
    page = open_page("renewals", asked)
    (link,) = page.get("link_button")
    url = urlsplit(link.proto.url)
    assert url.path == "/renewals"
    expected = {"as-of": AS_OF, "language": "en", "user-band": "5–9", "months": "6", "forecast": "missed"}
    assert parse_qs(url.query) == {name: [value] for name, value in {**expected, "print": "1"}.items()}
    assert "print" not in page.code[0].value, "a shared link is of the ordinary page"

    paper = open_page("renewals", url.query)

    assert not paper.exception and not paper.get("arrow_data_frame")
    assert [kind for kind in _CONTROLS if paper.get(kind)] == []
    assert paper.query_params["print"] in ("1", ["1"]), "a reload is on paper too"
    assert [each.value for each in paper.title] == [each.value for each in page.title]
    said = " ".join(each.value for each in paper.caption)
    assert "As of 1 Oct 2026" in said and "User band\\: 5–9" in said and "print" not in said


def test_a_very_long_table_is_cut_and_the_sheet_says_so(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = open_page("customer", f"as-of={AS_OF}&language=en&print=1")
    (rows,) = written(whole)
    assert f"{len(rows) - 1} rows" in [each.value.split(" · ")[0] for each in whole.caption]
    assert not whole.warning

    monkeypatch.setattr(written_rows, "MOST_ON_PAPER", 7)
    cut = open_page("customer", f"as-of={AS_OF}&language=en&print=1")

    assert written(cut) == [rows[:8]]
    assert f"Only the first 7 of {len(rows) - 1} rows are printed." in cut.warning[0].value


@pytest.mark.parametrize(
    ("page", "query", "text"),
    [
        ("overview", "account-manager=Nobody", "which doesn't exist here"),
        ("customer", "id=nobody", "There is no customer nobody"),
        ("renewals", "user-band=1-4&customer=1002", "No customer fits the filters"),
        ("deadlines", "days=30&customer=1002", "Only the customers that the filters leave are counted"),
        ("risk", "risk=judged", "No verdict has been followed"),
    ],
)
def test_what_is_wrong_or_empty_is_said_on_paper_too(
    open_page: Open, page: str, query: str, text: str
) -> None:
    paper = open_page(page, f"as-of={AS_OF}&language=en&print=1&{query}")

    assert not paper.exception
    assert any(text in each.value for kind in (paper.warning, paper.info, paper.error) for each in kind)
