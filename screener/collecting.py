"""When Python collects cyclic garbage in a process that screens.

A screener is some million small objects that last. The collector would go through them again and
again, while they are made and afterwards: a quarter of the time of a short run.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

_SELDOM = (50_000, 20, 100)


class CollectingSeldom:
    """Collects nothing until all is settled, and then seldom; a context manager.

    It is for a process of our own: what is there when all is settled is not gone through until the
    block ends.
    """

    def __init__(self) -> None:
        self._is_settled = False
        self._was_enabled = gc.isenabled()
        self._before = gc.get_threshold()

    def __enter__(self) -> CollectingSeldom:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        gc.unfreeze()
        gc.set_threshold(*self._before)
        if self._was_enabled:
            gc.enable()

    def start(self) -> None:
        """Collect nothing from now on."""
        gc.disable()

    def settle(self) -> None:
        """Say that what lasts has been made; only the first time counts."""
        if not self._is_settled:
            self._is_settled = True
            gc.freeze()
            gc.set_threshold(*_SELDOM)
            if self._was_enabled:
                gc.enable()
