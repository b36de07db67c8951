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
from importlib.util import find_spec
from pathlib import Path

import duckdb

import ccinsight
from ccinsight.access.config import Access, OpenId, read_access
from ccinsight.access.cookie_key import cookie_key
from ccinsight.database.build import stored_before
from ccinsight.errors import CcinsightError
from ccinsight.files import access_file
from ccinsight.i18n import gettext as _
from ccinsight.i18n import os_reason
from ccinsight.settings.parsing import default_settings
from ccinsight.settings.storing import stored_settings

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
    # no page has an expression that draws itself; to look for them takes 10 ms each time that a script is read
    "runner.magicEnabled": False,
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
    raise CcinsightError(_("The dashboard's app.py is missing: reinstall ccinsight."))


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
            text = _(
                "Port {port} is in use, perhaps by another ccinsight. Choose another with --port."
            ).format(port=port)
        else:
            text = _("Can't listen on {host}:{port}: {reason}.").format(
                host=host, port=port, reason=os_reason(error)
            )
        raise CcinsightError(text) from error


def check_folder(database: Path) -> None:
    """Raises CcinsightError where the first import couldn't make the database: its folder is missing or read-only."""
    folder = database.absolute().parent
    if not folder.is_dir():
        raise CcinsightError(
            _("There is no folder {folder} for the database: create it, or give another --database.").format(
                folder=folder
            )
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CcinsightError(
            _("The folder {folder} can't be written to, so no database can be made in it.").format(
                folder=folder
            )
        )


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


def check_access(database: Path, address: Address, *, is_open: bool) -> Access | None:
    """access.toml, where there is one. ``is_open``: --no-sign-in was said.

    Raises CcinsightError where readers of other machines would be let in without a sign-in, or where the sign-in
    can't work: a fault in the file, a contradiction to the options, a missing library.
    """
    path = access_file(database)
    access = read_access(path)
    if access is None:
        if not is_open and not is_local(address.host):
            raise CcinsightError(
                _(
                    "Without a sign-in {host} would let in whoever reaches this machine. Set one up in {file} "
                    "(docs/access.md), or say --no-sign-in."
                ).format(host=address.host, file=path)
            )
        return None
    if is_open:
        raise CcinsightError(
            _("{file} says who may enter, and --no-sign-in lets in everybody: remove one of them.").format(
                file=path
            )
        )
    if access.base_path != address.base_path:
        raise CcinsightError(
            _("{file} has pages under “{path}”, so serve with --base-path {path}.").format(
                file=path, path=access.base_path or "/"
            )
        )
    if isinstance(access.provider, OpenId) and not all(find_spec(name) for name in ("authlib", "httpx")):
        raise CcinsightError(_("Sign-in needs more libraries: pip install 'ccinsight[access]'"))
    return access


def run(
    database: Path,
    address: Address,
    announce: Callable[[str], None] | None = None,
    *,
    is_open: bool = False,
) -> None:
    """Serves until it is stopped. ``announce`` is given the address once the dashboard answers there.

    ``is_open``: others than this machine are answered without a sign-in.
    """
    os.environ["CCINSIGHT_DATABASE"] = str(database.resolve())
    if check_access(database, address, is_open=is_open):
        # of Streamlit's own cookies; it reads the environment once
        os.environ["STREAMLIT_SERVER_COOKIE_SECRET"] = cookie_key(database)
    _share_memory()
    sys.setswitchinterval(_SWITCH_SECONDS)
    app = app_file()
    from ccinsight.dashboard.guard import Gate
    from ccinsight.dashboard.guard.configuration import options
    from ccinsight.dashboard.server.site import site

    gate = Gate(database.resolve(), is_open=is_open)
    if announce:
        threading.Thread(target=announce_when_ready, args=(address, announce), daemon=True).start()
    # Streamlit looks for the theme beside the script that a process was started with.
    sys.argv = [str(app)]
    site(app, gate, address.base_path).run(
        config={
            **_OPTIONS,
            **options(gate),
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
    # The pages report what is wrong with a database.
    with suppress(CcinsightError, duckdb.Error), stored_before(database) as before:
        settings = stored_settings(before) if before else settings
    return math.ceil(settings.imports.max_upload_mb * 1_000_000 / (1 << 20))
