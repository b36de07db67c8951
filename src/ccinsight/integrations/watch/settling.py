"""Which files of a folder are whole: their size and time are the same at looks that lie some seconds apart.

The seconds are measured by a clock of our own, for a network drive's may differ, and may not move for a while.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ccinsight.ingest.source import Stamp

# Files that arrive together are taken together; a file that never settles holds up the others for so many times as
# long as a file takes to settle.
_PATIENCE = 10


@dataclass
class Settling:
    """Remembers since when each file is as it is."""

    seconds: float
    _since: dict[Path, tuple[Stamp, float]] = field(default_factory=dict)
    _ready: dict[Path, float] = field(default_factory=dict)

    def whole(self, seen: Mapping[Path, Stamp], at: float) -> list[Path]:
        """The files that are whole, in the order in which they were written; none while others still change.

        ``at``: seconds of a clock that is never set back.
        """
        self._since = {path: self._first_seen(path, stamp, at) for path, stamp in seen.items()}
        settled = [path for path, (_stamp, since) in self._since.items() if at - since >= self.seconds]
        self._ready = {path: self._ready.get(path, at) for path in settled}
        if len(settled) < len(seen) and not self._waited_enough(settled, at):
            return []
        return sorted(settled, key=lambda path: (seen[path].written_ns, path.name))

    def _first_seen(self, path: Path, stamp: Stamp, at: float) -> tuple[Stamp, float]:
        known = self._since.get(path)
        return known if known and known[0] == stamp else (stamp, at)

    def _waited_enough(self, settled: Collection[Path], at: float) -> bool:
        return any(at - self._ready[path] >= _PATIENCE * self.seconds for path in settled)
