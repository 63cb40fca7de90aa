"""What the room asks or tells before it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static


class Notice(ModalScreen[None]):
    """Something to be read; any of its keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,space,q,question_mark", "dismiss", "close"),
        Binding("up,k", "scroll(-1)", "up"),
        Binding("down,j", "scroll(1)", "down"),
    ]

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__()
        self._head, self._lines = title, lines

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with VerticalScroll(classes="dialog"):
            yield Static(self._head, classes="title", markup=False)
            yield Static("\n".join(self._lines), markup=False)
            yield Button("Enter: close", id="close", compact=True)

    def action_scroll(self, by: int) -> None:
        """Scroll by a line."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)

    @on(Button.Pressed)
    def close_it(self) -> None:
        """Close by the mouse."""
        self.dismiss()


class LockQuestion(ModalScreen[bool]):
    """Whether to lock for good; Enter alone does not."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "lock"),
        Binding("n,escape", "answer(False)", "go back"),
    ]

    def __init__(self, title: str, lines: Sequence[str], warning: str) -> None:
        super().__init__()
        self._head, self._lines, self._warning = title, lines, warning

    def compose(self) -> ComposeResult:
        """Lay it out; the focus is on going back."""
        with VerticalScroll(classes="dialog", can_focus=False):
            yield Static(self._head, classes="title", markup=False)
            yield Static("\n".join(self._lines), markup=False)
            yield Static(self._warning, classes="warning", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("n: go back", id="back", compact=True)
                yield Button("y: lock", id="go", compact=True)

    def action_answer(self, answer: bool) -> None:
        """Answer by a key."""
        self.dismiss(answer)

    @on(Button.Pressed)
    def answer(self, event: Button.Pressed) -> None:
        """Answer by the mouse."""
        self.dismiss(event.button.id == "go")


class ReasonQuestion(ModalScreen[str]):
    """Why a read is amended; nothing where the reader goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", "go back")]

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with VerticalScroll(classes="dialog", can_focus=False):
            yield Static("Why is the read amended?", classes="title", markup=False)
            yield Input(id="why", compact=True, max_length=2000)
            yield Static(
                "Enter locks the amendment, Esc goes back. The first read stays as it was; both"
                " are kept with this reason.",
                classes="warning",
                markup=False,
            )

    def action_back(self) -> None:
        """Go back."""
        self.dismiss("")

    @on(Input.Submitted)
    def answer(self, event: Input.Submitted) -> None:
        """Take the reason."""
        if event.value.strip():
            self.dismiss(event.value.strip())
