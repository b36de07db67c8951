"""A database that can't be read leaves no session broken: its pages say so, and work again once it is mended."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ccinsight.dashboard.session import reads
from tests.dashboard.opening import AS_OF, Open


def _break(path: Path) -> bytes:
    """Puts a file that is no database in the place of one, as a copy that went wrong does."""
    whole = path.read_bytes()
    beside = path.with_name("beside")
    beside.write_bytes(b"no database")
    beside.replace(path)
    return whole


def _mend(path: Path, whole: bytes) -> None:
    beside = path.with_name("beside")
    beside.write_bytes(whole)
    beside.replace(path)


def _try_again(site: AppTest) -> AppTest:
    return site.button(key="_try-again").click().run()


@pytest.mark.parametrize("page", ["overview", "deadlines", "data"])
def test_break_click_twice_mend_click(open_page: Open, own_database: Path, page: str) -> None:
    manager = _a_manager(open_page, own_database)
    query = f"as-of={AS_OF}&language=en&account-manager={manager}"
    site = open_page(page, query, own_database)
    before = site.title[0].value

    whole = _break(own_database)
    site.run()
    assert "is damaged or isn't a database of ccinsight" in site.error[0].value
    _try_again(site)
    assert "is damaged or isn't a database of ccinsight" in site.error[0].value
    assert not site.exception

    _mend(own_database, whole)
    _try_again(site)
    assert not site.exception
    assert [error.value for error in site.error] == []
    assert site.title[0].value == before
    assert site.session_state["account-manager"] == [manager], "the filter was kept"
    assert str(site.date_input(key="as-of").value) == AS_OF
    assert site.session_state["language"] == "en"


def test_a_database_that_is_gone_and_comes_back(open_page: Open, own_database: Path) -> None:
    site = open_page("overview", f"as-of={AS_OF}&language=en", own_database)
    before = site.title[0].value
    whole = own_database.read_bytes()
    own_database.unlink()
    site.run()
    assert site.title[0].value == "Nothing is imported yet"
    site.run()
    _mend(own_database, whole)
    site.run()
    assert not site.exception
    assert site.title[0].value == before


def test_the_language_can_be_changed_while_the_database_is_broken(
    open_page: Open, own_database: Path
) -> None:
    site = open_page("overview", f"as-of={AS_OF}&language=en", own_database)
    whole = _break(own_database)
    site.run()
    site.segmented_control(key="language").set_value("nb").run()
    assert site.button(key="_try-again").label == "Prøv igjen"
    _mend(own_database, whole)
    _try_again(site)
    assert site.session_state["language"] == "nb"
    assert not site.exception


def test_a_report_that_fails_ends_its_page_with_a_sentence(open_page: Open, own_database: Path) -> None:
    site = open_page("overview", f"as-of={AS_OF}&language=en", own_database)
    turns = reads.warehouse()._turns
    with turns.turn(), turns.turn():
        object.__setattr__(reads.warehouse()._limits, "seconds", 0.05)
        site.date_input(key="as-of").set_value(date(2026, 9, 1)).run()
    assert "was stopped" in site.error[0].value
    object.__setattr__(reads.warehouse()._limits, "seconds", 30)
    _try_again(site)
    assert [error.value for error in site.error] == []


def _a_manager(open_page: Open, path: Path) -> str:
    site = open_page("overview", f"as-of={AS_OF}", path)
    site.button(key="open-filters").click().run()
    return str(site.multiselect(key="pick-account-manager").options[0])
