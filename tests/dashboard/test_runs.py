"""Runs of pages take turns."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import pytest
from streamlit import runtime

from ccinsight.dashboard.session import runs
from ccinsight.database.turns import Turns


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_turns", Turns(1))


def _started() -> threading.Event:
    inside = threading.Event()

    def page() -> None:
        with runs.run():
            inside.set()

    threading.Thread(target=page, daemon=True).start()
    return inside


@pytest.mark.usefixtures("one_at_a_time")
def test_a_run_waits_until_the_one_before_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_PATIENCE_SECONDS", 60.0)

    with runs.run():
        inside = _started()
        waited = not inside.wait(0.3)

    assert waited
    assert inside.wait(30)


@pytest.mark.usefixtures("one_at_a_time")
def test_a_run_does_not_wait_for_a_long_one_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_PATIENCE_SECONDS", 0.1)

    with runs.run():
        inside = _started()
        assert inside.wait(30)


@pytest.mark.usefixtures("one_at_a_time")
def test_a_run_that_fails_gives_its_turn_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_PATIENCE_SECONDS", 60.0)

    with pytest.raises(ValueError, match="broken"), runs.run():
        raise ValueError("broken")

    inside = _started()
    assert inside.wait(30)


def test_a_file_without_a_server_waits_for_nothing() -> None:
    session = runs.session_id()

    assert session == ""
    runs.wait_for(session)


class _Session:
    """A session in which the run of an earlier text ends before that of the last one begins."""

    def __init__(self) -> None:
        self.began, self.saved = time.monotonic(), False

    @property
    def _scriptrunner(self) -> object | None:
        passed = time.monotonic() - self.began
        self.saved = passed > 0.3
        return object() if passed < 0.05 or 0.15 < passed < 0.3 else None


def test_a_file_waits_for_the_run_that_saves_the_last_text(monkeypatch: pytest.MonkeyPatch) -> None:
    session = _Session()
    server = SimpleNamespace(get_app_session={"open": session}.get)
    monkeypatch.setattr(runtime, "get_instance", lambda: server)

    runs.wait_for("open")

    assert session.saved
