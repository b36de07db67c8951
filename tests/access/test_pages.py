"""What a page offers each reader: menus, choices, the finder, imports and settings; cached answers are the reader's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ccinsight import charts
from ccinsight.access import SEES_ALL, Reader, Right
from ccinsight.dashboard import navigation
from ccinsight.dashboard.session import reader as session
from ccinsight.dashboard.session import reads
from ccinsight.dashboard.widgets import find
from ccinsight.database.scope import Filters
from ccinsight.database.warehouse import FEWEST_BEHIND
from ccinsight.errors import CcinsightError, UsageError
from tests.access.readers import BJORN, LISTED, SILJE, TODAY, all_marks, marks_of_others
from tests.dashboard.opening import site_at

OpenAs = Callable[..., AppTest]


@pytest.fixture
def open_as(sample_database: Path, monkeypatch: pytest.MonkeyPatch) -> OpenAs:
    """Opens a page as a reader: ``open_as(SILJE, "customer", id="1002")``."""
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(sample_database))

    def opened(reader: Reader, page: str = "overview", **query: str) -> AppTest:
        monkeypatch.setattr(session, "current", lambda: reader)
        site = site_at(page)
        for name, value in {"as-of": TODAY.isoformat(), "language": "en", **query}.items():
            site.query_params[name] = value
        return site.run()

    return opened


def _said(site: AppTest) -> list[str]:
    return [element.value for kind in ("warning", "info", "title", "caption") for element in site.get(kind)]  # type: ignore[union-attr]


def _seen_by(reader: Reader) -> set[str]:
    return set(reads.warehouse().visible(reader) or ())


def test_anothers_customer_reads_exactly_like_one_that_doesnt_exist(open_as: OpenAs) -> None:
    other, nobody = (_said(open_as(SILJE, "customer", id=key)) for key in ("1001", "9999"))
    assert [text.replace("1001", "9999") for text in other] == nobody
    assert any("There is no customer 9999" in text for text in nobody)
    assert "Bjørkeberg" in " ".join(_said(open_as(SEES_ALL, "customer", id="1001")))


@pytest.mark.parametrize(("name", "value"), [("customer", "1001"), ("account-manager", "Torbjørn Færøy")])
def test_a_foreign_filter_is_named_as_one_that_doesnt_exist(open_as: OpenAs, name: str, value: str) -> None:
    site = open_as(SILJE, "overview", **{name: value})
    (warning,) = [element.value for element in site.warning]
    assert value in warning and "doesn't exist here" in warning


def test_choices_and_the_finder_hold_the_readers_own_customers(
    sample_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(sample_database))
    everyone, own = reads.choices(SEES_ALL), reads.choices(SILJE)
    assert set(own.customers) == _seen_by(SILJE) < set(everyone.customers)
    assert "Silje Ødegaard" in own.account_managers
    assert set(reads.choices(LISTED).customers) == {"1002", "1010"}
    assert {row[0] for row in find.customers(SILJE)} == set(own.customers)
    assert {row[0] for row in find.customers(SEES_ALL)} == set(everyone.customers)
    hidden = marks_of_others(sample_database, SILJE).texts
    assert not [row for row in find.customers(SILJE) if {row[1], row[2], *row[3]} & hidden]


def test_a_label_says_nothing_of_anothers_customer_of_the_same_name(tmp_path: Path) -> None:
    names = {"1": "Fjord AS", "2": "Fjord AS"}
    assert reads._labels(names) == {"1": "Fjord AS (1)", "2": "Fjord AS (2)"}
    assert reads._labels({"1": "Fjord AS"}) == {"1": "Fjord AS"}


def test_cached_answers_are_the_readers_own(sample_database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(sample_database))
    for name in ("customers", "utilization", "tickets_by_category", "contacts", "retention"):
        answers = {
            who.key: reads.read(name, TODAY, Filters(), who)
            for who in (SEES_ALL, SILJE, BJORN, LISTED, SILJE)
        }
        again = reads.read(name, TODAY, Filters(), SILJE)
        assert again.equals(answers["silje"]) and not again.equals(answers[""])
        assert not answers["silje"].equals(answers["bjorn"])
    kari = replace(SILJE, key="kari", name="Kari")
    assert reads.read("customers", TODAY, Filters(), kari).equals(
        reads.read("customers", TODAY, Filters(), SILJE)
    )
    with pytest.raises(UsageError, match=r"There is no customer 1001\."):
        reads.read("customers", TODAY, Filters(customers=("1001",)), SILJE)


def test_a_customer_handed_over_is_out_of_sight_on_every_day(
    sample_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(sample_database))
    own = _seen_by(SILJE)
    for day in (date(2023, 1, 1), TODAY, date(2027, 1, 1)):
        seen = set(reads.read("customers", day, Filters(), SILJE)["customer_id"])
        assert seen == own


def test_pages_about_the_whole_database_are_not_there_for_limited_readers(open_as: OpenAs) -> None:
    assert not navigation.is_open_to(SILJE, "data") and not navigation.is_open_to(SILJE, "mapping")
    assert navigation.is_open_to(SEES_ALL, "data") and navigation.is_open_to(SEES_ALL, "mapping")
    limited = replace(SILJE, rights=frozenset(Right))
    assert not navigation.shows_whole_database(limited)
    with pytest.raises(CcinsightError):
        reads.rejects_archive(limited)
    with pytest.raises(CcinsightError):
        reads.warnings(limited)
    assert not [each for each in open_as(SILJE).metric if each.label == "Rows to check"]


def test_who_may_import_is_offered_the_upload_alone(open_as: OpenAs, sample_database: Path) -> None:
    importer = replace(SILJE, rights=frozenset({Right.IMPORT}))
    assert navigation.is_open_to(importer, "data") and not navigation.is_open_to(importer, "mapping")
    site = open_as(importer, "data")
    assert [title.value for title in site.title] == ["Import more files"]
    assert site.get("file_uploader") and not site.header
    text = " ".join(_said(site))
    assert not [mark for mark in all_marks(sample_database).texts if mark in text]


def test_who_sees_all_but_may_not_import_has_no_upload(open_as: OpenAs) -> None:
    manager = replace(SEES_ALL, rights=frozenset({Right.INTERNAL_PAGES}))
    site = open_as(manager, "data")
    assert "What was imported?" in [each.value for each in site.header]
    assert not site.get("file_uploader")
    assert open_as(SEES_ALL, "data").get("file_uploader")


def test_customers_without_an_account_manager_are_counted(open_as: OpenAs) -> None:
    captions = [caption.value for caption in open_as(SEES_ALL, "data").caption]
    assert [text for text in captions if "no account manager: only those who may see all" in text]


def test_peers_that_arent_the_readers_are_values_without_a_name(
    sample_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(sample_database))
    everyone, seen = reads.peers(TODAY, SEES_ALL), reads.peers(TODAY, SILJE)
    own = _seen_by(SILJE)
    assert set(seen["customer_id"].dropna()) == set(everyone["customer_id"]) & own
    assert (seen["customer_name"].isna() == seen["customer_id"].isna()).all()
    known = everyone.groupby("user_band")["tickets_per_user"].count()
    for band, count in known.items():
        rows = seen[seen["user_band"] == band]
        if count >= FEWEST_BEHIND:  # the same values, so that the median is that of all
            assert sorted(rows["tickets_per_user"].dropna()) == sorted(
                everyone.loc[everyone["user_band"] == band, "tickets_per_user"].dropna()
            )
        else:
            assert rows["customer_id"].notna().all()
    chart = charts.peers(seen, "1002", charts.Palette.light())
    drawn = chart.figure.to_json()
    assert "another customer" in drawn and "Rognsund Renhold AS" in drawn
    hidden = marks_of_others(sample_database, SILJE).texts
    assert not [mark for mark in hidden if mark in drawn]


def test_fifty_readers_at_once_each_get_their_own_rows(
    sample_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten people, five sessions each, ask the shared caches for the same reports at the same time."""
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(sample_database))
    everyone = sorted(reads.choices(SEES_ALL).customers)
    people = [Reader(key=str(number), customer_ids=frozenset(everyone[number::10])) for number in range(10)]
    ready = threading.Barrier(50)

    def session(reader: Reader) -> set[str]:
        ready.wait()
        found = set()
        for name in ("customers", "deadlines", "duties", "contacts", "peers"):
            found |= set(reads.read(name, TODAY, Filters(), reader)["customer_id"].dropna())
        return found

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(session, people * 5))
    for reader, found in zip(people * 5, answers, strict=True):
        assert found and found <= reader.customer_ids


def test_paper_has_no_mark_of_anothers_customer(open_as: OpenAs, sample_database: Path) -> None:
    hidden = marks_of_others(sample_database, SILJE).texts
    paper = open_as(SILJE, print="1")
    for page in ("overview", "deadlines", "utilization", "to_do", "customer"):
        if page != "overview":
            paper.switch_page(f"pages/{page}.py")
            paper.run()
        assert not paper.exception
        bodies = " ".join(element.proto.body for element in paper.get("html"))
        assert "<table" in bodies, page
        assert [text for text in hidden if text in f"{bodies} {_said(paper)}"] == [], page
