"""Letters on the page Price change: made for whom it says, marked as sent, taken back; for those who may."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ccinsight.access import Reader, Right
from ccinsight.dashboard.session import keys
from ccinsight.dashboard.session import reader as session
from ccinsight.notes.activity import Activity
from tests.dashboard.opening import Open, pick, table_of, tick
from tests.documents.letters.small import AGREEMENTS, AS_OF, PRICES, imported, rows

QUERY = f"as-of={AS_OF}&language=en&valid-on=2026-04-01&percent=10&notices="
OF_OLA = Reader(
    key="ola", name="Ola", customer_ids=frozenset({"1"}), today=AS_OF, rights=frozenset({Right.IMPORT})
)


def _texts(site: AppTest) -> str:
    assert not site.exception
    return " ".join(
        element.value
        for kind in (site.caption, site.success, site.warning, site.error, site.info)
        for element in kind
    ).replace("\\", "")


def _states(database: Path) -> dict[str, str]:
    """Agreement → the state of its next price notice."""
    notices = [row for row in rows(database, "deadlines", days=60) if row["kind"] == "price_notice"]
    return {row["agreement_id"]: row["price_notice_state"] for row in notices}


def _marks(site: AppTest) -> list[str]:
    """The keys of buttons that mark letters as sent: each holds which letters are meant."""
    return [str(button.key) for button in site.button if str(button.key).startswith("letters-mark")]


def _mark(site: AppTest) -> str:
    (key,) = _marks(site)
    return key


def _letters(site: AppTest, part: str) -> AppTest:
    """Another list of the page, for the same run's plan."""
    site.session_state["notices"] = part
    return site.run()


def test_letters_are_marked_as_sent_and_taken_back(open_page: Open, tmp_path: Path) -> None:
    database = imported(tmp_path)
    site = open_page("price_plan", QUERY + "letters", database)
    # the users of A-3 are unknown, and the price of A-4 is a contract's
    assert "unknown: A-3" in _texts(site) and "2 messages have no recipient" in _texts(site)
    assert site.button(key=_mark(site)).label == "Mark 2 letters as sent"
    site.session_state["letter-template"] = True
    site = site.run()
    assert "terminate_by" in " ".join(element.value for element in site.markdown)
    site.session_state[keys.LETTER_TEMPLATE] = (b"", "brev.docx")
    assert "Still chosen: brev.docx" in _texts(site.run())
    site = site.button(key="remove-letter-template").click().run()
    assert not site.session_state[keys.LETTER_TEMPLATE]

    site = site.date_input(key=f"letters-sent-on-{AS_OF}").set_value(date(2026, 1, 18)).run()
    site = site.button(key=_mark(site)).click().run()
    assert "2 letters are recorded as sent on 18 Jan 2026." in _texts(site)
    sent = rows(database, "sent_letters")
    assert [(row["agreement_id"], row["sent_on"]) for row in sent] == [
        ("A-2", date(2026, 1, 18)),
        ("A-1", date(2026, 1, 18)),
    ]
    assert _states(database) == {"A-1": "announced", "A-2": "announced", "A-3": "planned", "A-4": "none"}
    assert "2 agreements were sent a letter about this list" in _texts(_letters(site, "mailing"))
    assert "2 rows" in _texts(_letters(site, "sent"))

    site = site.button(key="letters-undo").click().run()

    assert "2 letters were taken back." in _texts(site)
    assert rows(database, "sent_letters") == []
    assert set(_states(database).values()) == {"none"}


def test_the_change_is_told_from_the_effect_of_the_plan(open_page: Open, tmp_path: Path) -> None:
    database = imported(tmp_path, PRICES + ";2026-02-01;2026-01-05;standard;1;1300\n")

    # 10 × (1 430 − 1 200), of it 10 × 130 by the plan; A-2: 40 × (1 430 − 1 000), of it 40 × 130
    site = open_page("price_plan", QUERY + "letters", database)
    assert "Of the change of 19,500 kr, 6,500 kr is the effect" in _texts(site).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "Change from before: 19,500" in _texts(site)
    assert site.metric[0].value.startswith("6,500")

    alone = open_page("price_plan", QUERY + "letters", imported(tmp_path / "alone"))
    assert "Of the change of" not in _texts(alone)


def test_all_columns_of_the_letters_can_be_shown(open_page: Open, tmp_path: Path) -> None:
    site = open_page("price_plan", QUERY + "letters", imported(tmp_path))
    (first,) = [each.value for each in site.dataframe]
    assert "account_manager" not in first and "effect" in first

    (every,) = [each.value for each in site.button(key="whole-letters").click().run().dataframe]

    assert {"account_manager", "users", "rate", "known_rate"} <= set(every.columns)


def test_a_plan_from_the_day_of_an_announced_list_says_so(open_page: Open, tmp_path: Path) -> None:
    database = imported(tmp_path, PRICES + ";2026-04-01;2026-01-05;standard;1;1300\n")

    site = open_page("price_plan", QUERY + "letters", database)

    assert "a price list from 1 Apr 2026 was announced on 5 Jan 2026" in _texts(site)
    assert "nobody can still be notified" not in _texts(site)


def test_a_reader_sends_letters_to_their_own_customers_with_the_right(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = imported(tmp_path)
    monkeypatch.setattr(session, "current", lambda: OF_OLA)
    site = open_page("price_plan", QUERY + "letters", database)
    site = site.button(key=_mark(site)).click().run()

    assert [row["agreement_id"] for row in rows(database, "sent_letters")] == ["A-1"]
    assert [each.action.value for each in Activity(database).newest(1)] == ["letters"]
    # without the right there is no button, and a click on one that was there does nothing
    site = _letters(site, "sent")
    monkeypatch.setattr(session, "current", lambda: replace(OF_OLA, rights=frozenset()))
    site = site.button(key="letters-undo").click().run()
    assert "You don't have the right to do this" in _texts(site)
    assert not [button for button in site.button if str(button.key).startswith("letters-take-back")]
    assert len(rows(database, "sent_letters")) == 1
    assert not _marks(_letters(site, "letters"))


def test_what_is_ticked_or_else_in_sight_is_marked_and_nothing_else(open_page: Open, tmp_path: Path) -> None:
    agreements = AGREEMENTS.splitlines()[0] + "".join(
        f"\nA-{at};{at};Kunde {at} AS;Ola Hansen;2023-04-01;10;" for at in range(10, 24)
    )
    database = imported(tmp_path, agreements=agreements)
    site = open_page("price_plan", QUERY + "letters", database)
    of_all, table = _mark(site), table_of(site, "letters")
    assert site.button(key=of_all).label == "Mark 14 letters as sent"

    site.session_state["search-letters"] = "Kunde 15"
    site = site.run()
    assert "Only the 1 row in sight is meant." in _texts(site)
    assert site.button(key=_mark(site)).label == "Mark 1 letter as sent"
    site.session_state["search-letters"] = "nobody"
    site = site.run()
    button = site.button(key=_mark(site))
    assert (button.label, button.disabled) == ("Mark 0 letters as sent", True)
    site.session_state["search-letters"] = ""
    assert _mark(site.run()) == of_all

    site = tick(site, "letters", 2)
    of_one = _mark(site)
    assert site.button(key=of_one).label == "Mark 1 letter as sent"
    site = site.button(key=of_one).click().run()
    assert [row["agreement_id"] for row in rows(database, "sent_letters")] == ["A-12"]
    # the second of two clicks is on a button that isn't there any more, and no other row is ticked
    assert _mark(site) not in {of_one, of_all}
    assert table_of(site, "letters") != table
    assert site.button(key=_mark(site)).label == "Mark 13 letters as sent"

    # another row in the place of the one that is ticked isn't ticked
    site = tick(pick(site, "customer", ["14"]), "letters", 0)
    assert "1 row is chosen." in _texts(site)
    site = site.multiselect(key="pick-customer").set_value(["15"]).run()
    assert "row is chosen" not in _texts(site)
    site = _letters(site.multiselect(key="pick-customer").set_value([]).run(), "sent")

    # all others on the day before, of which the one is still to be sent: it is left as it is recorded
    early = open_page("price_plan", QUERY.replace(str(AS_OF), "2026-01-19") + "letters", database)
    assert early.button(key=_mark(early)).label == "Mark 14 letters as sent"
    said = _texts(early.button(key=_mark(early)).click().run())
    assert "13 letters are recorded as sent on 19 Jan 2026. 1 letter was recorded before" in said

    site = tick(site.run(), "sent_letters", 0)
    (back,) = [button for button in site.button if str(button.key).startswith("letters-take-back")]
    back.click().run()
    sent = rows(database, "sent_letters")
    assert (len(sent), {row["sent_on"] for row in sent}) == (13, {date(2026, 1, 19)})
