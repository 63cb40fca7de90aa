"""The screeners of this process: one a pack, built when it is first needed.

Building one takes seconds. They are remembered by the hash of their pack, the last few of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from screener.packs import RulePack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screener.reports import Report
    from screener.screening import ScreenedReport, Screener

MAX_SCREENERS = 4
_BUILDING = Lock()


@dataclass(frozen=True, slots=True)
class OnDemand:
    """A screener that is built in the process that first needs it, and is sent as its pack."""

    sha256: str
    pack: RulePack = field(compare=False)

    @classmethod
    def of(cls, pack: RulePack) -> OnDemand:
        """Give the screener of a pack, not built yet."""
        return cls(pack.sha256, pack)

    def screener(self) -> Screener:
        """Give the screener itself."""
        with _BUILDING:  # threads of Dask would otherwise each build one
            return _built(self)

    def sift(self, texts: Sequence[str]) -> list[int]:
        """Return the places of the texts that may be relevant."""
        return self.screener().sift(texts)

    def screen_report(self, report: Report) -> ScreenedReport:
        """Say what one report says."""
        return self.screener().screen_report(report)


@lru_cache(maxsize=MAX_SCREENERS)
def _built(wanted: OnDemand) -> Screener:
    from screener.screening import Screener

    return Screener(wanted.pack)
