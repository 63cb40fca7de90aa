"""The fields of the form: choices, numbers and words, one line each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import Input, Static

CHOSEN, FREE = "●", "○"
_NUMBER = re.compile(r"\d+([.,]\d*)?|[.,]\d+")
_THOUSANDS = re.compile(r"\d+,\d{3}")


def read_number(words: str) -> float | None:
    """Return a number as it is typed, or ``None`` where it is none yet.

    A comma is a decimal point, but not before three digits: that could be thousands.

    Examples
    --------
    >>> read_number("82,5"), read_number("1,500"), read_number("8x")
    (82.5, None, None)
    """
    words = words.strip()
    if not _NUMBER.fullmatch(words) or _THOUSANDS.fullmatch(words):
        return None
    return float(words.replace(",", "."))


class ChoiceField(Static, can_focus=True):
    """One of a few values: by its key, by the arrows when in focus, or by a click."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "choice before"),
        Binding("right,space", "step(1)", "next choice"),
    ]

    @dataclass
    class Chosen(Message):
        """A value was chosen."""

        name: str
        value: str

    def __init__(self, name: str, choices: Sequence[tuple[str, str]], *, is_list: bool) -> None:
        super().__init__(id=name, classes="choice", markup=False)
        self._field = name
        self._choices = tuple(choices)
        self._is_list = is_list
        self.value: str | None = None
        self._shown: tuple[str | None, int] | None = None

    def on_mount(self) -> None:
        """Show the choices."""
        self.show(self.value)

    def show(self, value: str | None) -> None:
        """Show which value is chosen."""
        if (value, self.size.width) == self._shown:
            return
        self.value, self._shown = value, (value, self.size.width)
        lines: list[list[Content]] = [[]]
        used = 0
        for place, (name, told) in enumerate(self._choices):
            words = f"{CHOSEN if name == value else FREE} {told}"
            needed = cell_len(words) + 2
            if lines[-1] and (self._is_list or used + needed - 2 > self.size.width):
                lines.append([])
                used = 0
            used += needed
            lines[-1].append(self._choice(words, place, is_chosen=name == value))
        self.update(Content("\n").join(Content("  ").join(line) for line in lines))

    def on_resize(self) -> None:
        """Put as many choices on a line as there is room for."""
        self.show(self.value)

    def _choice(self, words: str, place: int, *, is_chosen: bool) -> Content:
        click = Style.from_meta({"@click": f"choose({place})"})
        return Content.assemble((words, click + Style(bold=is_chosen, reverse=is_chosen)))

    def step(self, by: int) -> None:
        """Choose the next value, or one before; the first where none is chosen."""
        names = [name for name, _ in self._choices]
        if names:
            here = names.index(self.value) if self.value in names else (-1 if by > 0 else 0)
            self.post_message(self.Chosen(self._field, names[(here + by) % len(names)]))

    def action_step(self, by: int) -> None:
        """Step by a key."""
        self.step(by)

    def action_choose(self, place: int) -> None:
        """Choose by a click."""
        if not self.disabled:
            self.post_message(self.Chosen(self._field, self._choices[place][0]))


class WordField(Input):
    """A line of words; Enter and Escape leave it, and what was typed stays."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "submit", "leave the field")]

    def __init__(self, name: str, placeholder: str = "") -> None:
        super().__init__(
            id=name,
            compact=True,
            select_on_focus=False,
            max_length=2000,
            placeholder=placeholder,
        )


class NumberField(WordField):
    """A number; only what can be part of one can be typed."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.restrict = r"[0-9.,]*"
        self.max_length = 12

    @property
    def number(self) -> float | None:
        """What was typed, if it is a number."""
        return read_number(self.value)

    @property
    def is_unclear(self) -> bool:
        """Whether something was typed that is no number."""
        return bool(self.value.strip()) and self.number is None
