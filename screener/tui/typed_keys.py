"""Keys one by one: each goes to where the one before has put the focus.

Textual sends a key to what has the focus when the key arrives. Of keys that are typed faster than
they take effect, those after the one that opens a field would go past that field.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from textual.app import App
from textual.events import Event, Key, Paste
from textual.message_pump import MessagePump

ROUNDS = 3  # a key, the field's message that follows, and the form's message that follows that
MOST_ROUNDS = 20
PATIENCE_SECONDS = 1.0


class OneKeyApp(App[None]):
    """An application in which a key takes effect before the next one is looked at."""

    def __init__(self) -> None:
        super().__init__()
        self._held: deque[Event] = deque()
        self._is_settling = False

    async def on_event(self, event: Event) -> None:
        """Hold a key back while the one before has not had its effect."""
        is_typed = isinstance(event, Key | Paste) and not event.is_forwarded
        if is_typed and self._is_settling:
            self._held.append(event)
            return
        await super().on_event(event)
        if is_typed:
            self._is_settling = True
            self.run_worker(self._settle())

    async def _settle(self) -> None:
        while True:
            await _settled(self)
            if not self._held:
                self._is_settling = False
                return
            await super().on_event(self._held.popleft())


async def _settled(app: App[Any]) -> None:
    """Wait until what has the focus, and all that it lies in, has done what it was sent."""
    for done in range(1, MOST_ROUNDS + 1):
        pumps = (app.focused or app.screen).ancestors_with_self
        for pump in pumps:
            await _reached(pump)
        if done >= ROUNDS and not any(pump.message_queue_size for pump in pumps):
            return


async def _reached(pump: MessagePump) -> None:
    reached = asyncio.Event()
    if pump.call_later(reached.set):
        try:
            await asyncio.wait_for(reached.wait(), PATIENCE_SECONDS)
        except TimeoutError:
            return  # it was closed meanwhile
