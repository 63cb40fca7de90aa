"""The keys of a screen, told at its foot and in its help from the bindings themselves."""

from __future__ import annotations

from collections.abc import Iterator

from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.widgets import Static

_TOLD = {
    "question_mark": "?",
    "slash": "/",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "tab": "Tab",
    "ctrl+z": "Ctrl+Z",
    "ctrl+c": "Ctrl+C",
}


def told_key(binding: Binding) -> str:
    """Return a binding's keys as they stand on a keyboard."""
    return " ".join(_TOLD.get(key, key) for key in binding.key.split(","))


def own_bindings(screen: Screen[object]) -> Iterator[Binding]:
    """Yield the bindings of a screen and of the room that do something now."""
    for owner in (screen, screen.app):
        for binding in type(owner).BINDINGS:
            if isinstance(binding, Binding) and binding.description:
                name, _, given = binding.action.partition("(")
                action = name.rpartition(".")[2]
                if owner.check_action(action, (given.rstrip(")"),)):
                    yield binding


class KeyBar(Static):
    """The foot of a screen: each key and what it does; a click does it, too."""

    def __init__(self) -> None:
        super().__init__("", id="keys", markup=False)
        self._keys = ""

    def on_mount(self) -> None:
        """Tell the keys."""
        self.tell()

    def tell(self) -> None:
        """Tell the keys that do something now."""
        parts: list[tuple[str, Style] | str] = []
        screen = self.screen
        for binding in own_bindings(screen):
            if binding.show:
                owner = "screen" if binding in type(screen).BINDINGS else "app"
                click = Style.from_meta({"@click": f"{owner}.{binding.action}"})
                words = binding.description.replace(" ", "\u00a0")
                key = (binding.key_display or told_key(binding)).replace(" ", "\u00a0")
                parts += [(key, click + Style(bold=True, reverse=True))]
                parts += [(f"\u00a0{words}", click), "  "]
        content = Content.assemble(*parts[:-1])
        if content.plain != self._keys:
            self._keys = content.plain
            self.update(content)
