"""The server's door for assistants, where the protocol can't be loaded."""

from __future__ import annotations

import anyio
import httpx
import pytest

from ccinsight.access import SEES_ALL
from ccinsight.dashboard.server import assistants


@pytest.mark.parametrize("error", [ModuleNotFoundError("no mcp", name="mcp"), ImportError("an older one")])
def test_what_cannot_be_loaded_is_said_and_stops_nothing_else(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(assistants, "_manager", fail)
    monkeypatch.setattr(assistants, "_entered", lambda _headers: assistants._Asking(1, SEES_ALL))
    door, is_alive = assistants.Assistants(), False

    async def visit() -> None:
        nonlocal is_alive
        async with (
            door.lifespan(None),
            httpx.AsyncClient(transport=httpx.ASGITransport(door), base_url="http://here") as client,
        ):
            for _time in range(2):
                answer = await client.post("/", json={})
                assert (answer.status_code, answer.json()["code"]) == (404, "unknown_address")
            is_alive = True

    anyio.run(visit)
    assert is_alive
    said = capsys.readouterr().err
    assert "ccinsight[mcp]" in said if isinstance(error, ModuleNotFoundError) else "an older one" in said
