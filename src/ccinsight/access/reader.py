"""A reader: who they are, which customers they may see, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property


class Right(StrEnum):
    """Something that not every reader may do."""

    IMPORT = "import"  # upload exports, undo an import
    APPLY_SETTINGS = "apply_settings"
    FORGET = "forget"
    RESTORE = "restore"
    INTERNAL_PAGES = "internal_pages"  # pages about the whole database: Data, Fields and values


@dataclass(frozen=True)
class Reader:
    """Who reads, which customers they may see and what they may do. A value: equal readers see the same.

    ``key`` identifies the person (a provider's stable id, an address, or ``""`` without sign-in); ``name`` and
    ``address`` are for display. A reader who doesn't see all sees the customers whose account manager on ``today``
    is one of ``managers``, and those in ``customer_ids``. ``today`` is the real day, given by the entry point, never
    the as-of date of a page: a customer that was handed over is out of sight on every as-of date.
    """

    key: str = ""
    name: str = ""
    address: str = ""
    managers: frozenset[str] = frozenset()
    customer_ids: frozenset[str] = frozenset()
    sees_all: bool = False
    rights: frozenset[Right] = field(default_factory=frozenset)
    today: date | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a reader of an account manager's customers without a day to look them up on."""
        if self.managers and not self.sees_all and self.today is None:
            raise ValueError("a reader who sees account managers' customers needs today's date")

    def may(self, right: Right) -> bool:
        """True where the reader has the right."""
        return right in self.rights

    @cached_property
    def sight(self) -> str:
        """Which customers the reader may see, without who they are: readers of equal sight may share cached answers.

        A text, which is quick to hash as part of a cache's key.
        """
        if self.sees_all:
            return ""
        return repr((sorted(self.managers), sorted(self.customer_ids), self.today if self.managers else None))


# The reader of the command line, of the benchmarks, and of a server without sign-in.
SEES_ALL = Reader(sees_all=True, rights=frozenset(Right))
