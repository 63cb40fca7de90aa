"""Words on the screen that are drawn anew only when they change."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class Words(Static):
    """Plain words: brackets are brackets."""

    def __init__(self, words: str = "", *, id: str | None = None, classes: str = "") -> None:  # noqa: A002
        super().__init__(Content(words), id=id, classes=classes, markup=False)
        self._words = words

    def tell(self, words: str) -> None:
        """Show other words; nothing is drawn where they are the same."""
        if words != self._words:
            self._words = words
            self.update(Content(words))
