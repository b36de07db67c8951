"""Exports that arrive in a watched folder: whole, slowly, twice, half-written and completed, and broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import count
from pathlib import Path

from ccinsight.integrations.watch import running
from ccinsight.integrations.watch.folder import WatchedFolder
from ccinsight.integrations.watch.receipts import Receipt, State
from ccinsight.integrations.watch.running import Watch

SETTLE_SECONDS = 30.0
WAYS = ("whole", "slowly", "twice", "half-written", "under another name", "beside a broken one", "crash")
_BROKEN = {
    "halv.xlsx": b"PK\x03\x04 an upload that ended",
    "tom.csv": b"",
    "uten-dato.csv": b"Saks-ID;Status\r\n1;Lukket\r\n",
    "gammel.xls": b"\xd0\xcf\x11\xe0" + bytes(600),
}


_MOVE = "move"


class Crash(BaseException):
    """The process ends here."""


@dataclass
class Arrivals:
    """A watched folder that files arrive in, each time in another way. ``ways``: how often which."""

    folder: Path
    database: Path
    settings: Path
    faults: list[str]
    ways: Counter[str] = field(default_factory=Counter)
    receipts: Counter[str] = field(default_factory=Counter)
    _numbers: count[int] = field(default_factory=count)
    _clock: float = 0.0

    def bring(self, files: Mapping[str, bytes], on: date, way: str = "") -> None:
        """Files arrive on a day and are taken in, in the next of the ways, or in the one given.

        A fault is a file that stays in the folder, is taken too early or goes the wrong way.
        """
        self.folder.mkdir(exist_ok=True)
        at = datetime.combine(on, time(6))
        watch = Watch(
            WatchedFolder(self.folder), self.database, self.settings, SETTLE_SECONDS, lambda: at, "watch"
        )
        way = way or WAYS[next(self._numbers) % len(WAYS)]
        self.ways[way] += 1
        broken = {}
        if way == "slowly":
            self._slowly(watch, files)
        elif way == "half-written":
            self._half(watch, files)
        else:
            self._put(files)
        if way == "twice":
            self._put({f"Kopi av {name}": content for name, content in files.items()})
        elif way == "under another name":
            self._settle(watch)
            self._put({f"{on.isoformat()} {name}": content for name, content in files.items()})
        elif way == "beside a broken one":
            broken = _BROKEN
            self._put(broken)
        elif way == "crash":
            self._crash(watch)
        failed = [each for each in self._settle(watch) if each.state is not State.DONE]
        if {each.file for each in failed} != set(broken):
            self.faults.append(
                f"{on} {way}: failed or held {[each.file for each in failed]}, not {list(broken)}"
            )
        left = [
            each.name for each in self.folder.iterdir() if each.is_file() and not each.name.startswith(".")
        ]
        if left:
            self.faults.append(f"{on} {way}: left in the folder: {left}")

    def _put(self, files: Mapping[str, bytes]) -> None:
        for name, content in files.items():
            self.folder.joinpath(name).write_bytes(content)

    def _look(self, watch: Watch, seconds: float) -> list[Receipt]:
        self._clock += seconds
        taken = watch.look(self._clock)
        self.receipts.update(receipt.state.value for receipt in taken)
        return taken

    def _settle(self, watch: Watch) -> list[Receipt]:
        return self._look(watch, 1) + self._look(watch, SETTLE_SECONDS)

    def _slowly(self, watch: Watch, files: Mapping[str, bytes]) -> None:
        """A little more at each look, which takes nothing before the end."""
        for share in (0.2, 0.5, 0.9):
            self._put({name: content[: int(len(content) * share)] for name, content in files.items()})
            if early := self._look(watch, SETTLE_SECONDS * 0.8):
                self.faults.append(f"taken before it was whole: {[each.file for each in early]}")
        self._put(files)

    def _half(self, watch: Watch, files: Mapping[str, bytes]) -> None:
        """Half of each stays for so long that it is taken; then whoever has them open writes the rest."""
        opened = [(self.folder.joinpath(name).open("wb"), content) for name, content in files.items()]
        for file, content in opened:
            file.write(content[: len(content) // 2])
            file.flush()
        self._settle(watch)
        for file, content in opened:
            with file:
                file.write(content[len(content) // 2 :])
        self._look(watch, 1)

    def _crash(self, watch: Watch) -> None:
        """The process ends between import and move; the next one knows nothing of it but what is stored."""
        self._look(watch, 1)
        real: Callable[..., None] = getattr(running, _MOVE)

        def crash(*_args: object) -> None:
            raise Crash

        setattr(running, _MOVE, crash)
        try:
            with suppress(Crash):
                self._look(watch, SETTLE_SECONDS)
        finally:
            setattr(running, _MOVE, real)
