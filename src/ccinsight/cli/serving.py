"""Serves the dashboard: finds app.py, sees that the port is free, runs Streamlit in this process."""

from __future__ import annotations

import ctypes
import errno
import http.client
import math
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

import ccinsight
from ccinsight.database.build import stored_before
from ccinsight.errors import CcinsightError
from ccinsight.i18n import gettext as _
from ccinsight.settings.parsing import default_settings, stored_settings

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_EVERYWHERE = {"0.0.0.0", "::"}
# How long a thread that computes lets others wait, by default 5 ms. A page hands over hundreds of times, to DuckDB and
# to the thread that sends; with 1 ms fifty readers waited a tenth less at the 95th percentile.
_SWITCH_SECONDS = 0.001
# The number by which glibc's malloc.h knows it.
_M_ARENA_MAX = -8
_OPTIONS: dict[str, object] = {
    "server.headless": True,
    "browser.gatherUsageStats": False,
    "server.fileWatcherType": "none",
    "logger.hideWelcomeMessage": True,
    "logger.level": "warning",
    # dashboard/server/garbage.py collects instead, when nobody waits
    "runner.postScriptGC": False,
    # a fault is logged here; what a reader sees says only that there was one
    "client.showErrorDetails": "none",
}


@dataclass(frozen=True)
class Address:
    """Where the dashboard is served: host, port, and the path before all of its pages ("" or as ``/innsikt``)."""

    host: str
    port: int
    base_path: str = ""

    @property
    def url(self) -> str:
        """The address for a browser on this machine."""
        host = "localhost" if self.host in _EVERYWHERE else self.host
        name = f"[{host}]" if ":" in host else host
        return f"http://{name}:{self.port}{self.base_path}"

    def answers(self) -> bool:
        """True where a dashboard is up there."""
        host = "localhost" if self.host in _EVERYWHERE else self.host
        connection = http.client.HTTPConnection(host, self.port, timeout=2)
        try:
            connection.request("GET", f"{self.base_path}/_stcore/health")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def app_file() -> Path:
    """The dashboard's app.py: inside an installed package, or at the root of the repository."""
    package = Path(ccinsight.__file__).parent
    for place in (package / "site" / "app.py", package.parents[1] / "app.py"):
        if place.is_file():
            return place
    raise CcinsightError(_("The dashboard's app.py is missing: install ccinsight again."))


def is_local(host: str) -> bool:
    """True where only this machine can reach an address."""
    return host in _LOOPBACK


def ensure_free(host: str, port: int) -> None:
    """Raises CcinsightError where a server can't listen there: the port is taken, the address not ours."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            text = _("Port {port} is taken, perhaps by another ccinsight. Choose one with --port.").format(
                port=port
            )
        else:
            text = _("{host}:{port} can't be served from: {reason}.").format(
                host=host, port=port, reason=error.strerror or error
            )
        raise CcinsightError(text) from error


def _share_memory() -> None:
    """Two arenas for all threads, as MALLOC_ARENA_MAX=2 would: each keeps what it once held, and a server has many.

    Arrow takes its memory from there too, not from a pool of its own. Only glibc knows arenas; elsewhere nothing is
    done about them.
    """
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())
    try:
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)
    except (OSError, AttributeError, TypeError):
        return


def run(database: Path, address: Address, announce: Callable[[str], None] | None = None) -> None:
    """Serves until it is stopped. ``announce`` is given the address once the dashboard answers there."""
    os.environ["CCINSIGHT_DATABASE"] = str(database.resolve())
    _share_memory()
    sys.setswitchinterval(_SWITCH_SECONDS)
    app = app_file()
    from ccinsight.dashboard.server.site import site

    if announce:
        threading.Thread(target=announce_when_ready, args=(address, announce), daemon=True).start()
    # Streamlit looks for the theme beside the script that a process was started with.
    sys.argv = [str(app)]
    site(app, address.base_path).run(
        config={
            **_OPTIONS,
            "server.address": address.host,
            "server.port": address.port,
            "server.baseUrlPath": address.base_path,
            "server.maxUploadSize": upload_mebibytes(database),
        }
    )


def announce_when_ready(address: Address, announce: Callable[[str], None], patience: float = 60) -> None:
    """Waits until the dashboard answers, and calls ``announce`` with its address; gives up after a while."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if address.answers():
            announce(address.url)
            return
        time.sleep(0.1)


def upload_mebibytes(database: Path) -> int:
    """What Streamlit takes of one file: as much as the settings allow of all files together, rounded up."""
    settings = default_settings()
    # What is wrong with a database the pages tell.
    with suppress(CcinsightError, duckdb.Error), stored_before(database) as before:
        settings = stored_settings(before) if before else settings
    return math.ceil(settings.imports.max_upload_mb * 1_000_000 / (1 << 20))
