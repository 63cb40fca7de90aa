"""The form of a read: every field with its key, and what is computed from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, Static

from screener.reads import MEASURES, ReadForm
from screener.studies import Charter
from screener.tui.fields import ChoiceField, NumberField, WordField
from screener.tui.words import Words

VERDICT_CHOICES = (("yes", "1 yes"), ("no", "2 no"), ("cannot_assess", "3 cannot assess"))
CONFIDENCE_CHOICES = (("low", "l low"), ("moderate", "m moderate"), ("high", "h high"))
NUMBERS = ("percent", *MEASURES)
_LABELS = {
    "percent": "p Percent",
    "tumor_volume_ml": "v Tumour mL",
    "liver_volume_ml": "  Liver mL",
    "suvmax_tumor": "s SUVmax tum.",
    "suvmax_liver": "  SUVmax liv.",
}


class FormPanel(VerticalScroll, can_focus=False):
    """All that a reader enters on a case."""

    @dataclass
    class Edited(Message):
        """A field changed; `typing` names it where that was a keystroke.

        It says what changed and not the form: two keys may be on their way at once.
        """

        changes: dict[str, Any]
        typing: str = ""

    class Left(Message):
        """A field was left by Enter or Escape."""

    class LockAsked(Message):
        """The button was pressed."""

    def __init__(self, charter: Charter) -> None:
        super().__init__(id="form")
        self._charter = charter

    def compose(self) -> ComposeResult:
        """Lay the fields out."""
        yield Words(id="task")
        yield Words("Verdict", classes="label")
        yield ChoiceField("verdict", VERDICT_CHOICES, is_list=True)
        yield _row("r Why not", WordField("reason"), id="reason-row")
        if self._charter.percent != "off":
            rule = Static(f"% {self._charter.percent}", markup=False)
            yield _row(_LABELS["percent"], NumberField("percent"), rule)
        yield Words("Confidence", classes="label")
        yield ChoiceField("confidence", CONFIDENCE_CHOICES, is_list=False)
        yield from self._modality()
        yield Words("Measured (optional)", classes="label")
        for name in MEASURES:
            yield _row(_LABELS[name], NumberField(name))
            if name in (MEASURES[1], MEASURES[3]):
                yield Words(id=f"{name}-told", classes="computed")
        yield _row("c Comment", WordField("comment"))
        yield Button("Enter: lock", id="lock", compact=True)
        yield Words(id="said")

    def show(self, form: ReadForm, *, is_editable: bool, typing: str = "") -> None:
        """Show a form; the field that is being typed into is ahead of it, and left alone."""
        for choice in self.query(ChoiceField):
            choice.show(getattr(form, str(choice.id)) or None)
            choice.disabled = not is_editable
        with self.prevent(Input.Changed):
            for field in self.query(Input):
                field.disabled = not is_editable
                if field.id != typing:
                    self._show_field(field, getattr(form, str(field.id)))
        self.query_one("#reason-row").display = form.verdict == "cannot_assess"
        self._show_computed(form)

    def say(self, words: str, *, task: str, lock: str) -> None:
        """Show what the form is for, what its button does, and how it stands."""
        self.query_one("#task", Words).tell(task)
        self.query_one("#task").display = bool(task)
        button = self.query_one("#lock", Button)
        if str(button.label) != lock:
            button.label = Content(lock)
        self.query_one("#lock").display = bool(lock)
        self.query_one("#said", Words).tell(words)

    def unclear(self) -> tuple[str, ...]:
        """Tell of what was typed that is no number."""
        return tuple(
            f"{_LABELS[str(field.id)][2:]}: {field.value!r} is no number; write 1500 or 82.5."
            for field in self.query(NumberField)
            if field.is_unclear
        )

    def enter(self, name: str) -> None:
        """Go into a field."""
        found = self.query(f"#{name}")
        if found and not found.first().disabled:
            # at once: the next key may be on its way, and a digit elsewhere is a verdict
            self.screen.set_focus(found.first())

    @on(ChoiceField.Chosen)
    def take_choice(self, event: ChoiceField.Chosen) -> None:
        """Take a choice."""
        event.stop()
        self.post_message(self.Edited({event.name: event.value}))

    @on(Input.Changed)
    def take_typing(self, event: Input.Changed) -> None:
        """Take a keystroke."""
        event.stop()
        name = str(event.input.id)
        value = event.input.number if isinstance(event.input, NumberField) else event.value
        self.post_message(self.Edited({name: value}, name))

    @on(Input.Submitted)
    def leave(self, event: Input.Submitted) -> None:
        """Go on to the liver's measure after the tumour's; else back to the report."""
        event.stop()
        name = str(event.input.id)
        partner = {MEASURES[0]: MEASURES[1], MEASURES[2]: MEASURES[3]}.get(name)
        if partner and event.value:
            self.enter(partner)
        else:
            self.post_message(self.Left())

    @on(Button.Pressed, "#lock")
    def ask_lock(self, event: Button.Pressed) -> None:
        """Ask for the lock."""
        event.stop()
        self.post_message(self.LockAsked())

    def _modality(self) -> Iterator[Static | Horizontal]:
        if not self._charter.modalities:
            yield _row("d Modality", WordField("modality"))
            return
        yield Words("Modality reviewed (d: next)", classes="label")
        names = [(name, name) for name in self._charter.modalities]
        yield ChoiceField("modality", names, is_list=False)

    def _show_field(self, field: Input, value: object) -> None:
        if isinstance(field, NumberField):
            # what is no number yet stays to be seen, until the form is closed
            if field.number != value or (field.disabled and field.is_unclear):
                field.value = "" if value is None else f"{value:.12g}"
        elif field.value != value:
            field.value = str(value)

    def _show_computed(self, form: ReadForm) -> None:
        share = "" if form.volume_percent is None else f"= {form.volume_percent:.1f}% of liver"
        ratio = _ratio_told(form)
        told = {MEASURES[1]: share, MEASURES[3]: f"ratio {ratio}" if ratio else ""}
        for name, words in told.items():
            line = self.query_one(f"#{name}-told", Words)
            line.display = bool(words)
            line.tell(words)


def form_lines(form: ReadForm) -> list[str]:
    """Return a form in words, one line a field that was entered."""
    told = {
        "verdict": (form.verdict or "").replace("_", " "),
        "why": form.reason,
        "percent": "" if form.percent is None else f"{form.percent:g}%",
        "confidence": form.confidence or "",
        "modality": form.modality,
        "volumes": _pair(form.tumor_volume_ml, form.liver_volume_ml, "mL"),
        "volume percent": "" if form.volume_percent is None else f"{form.volume_percent:.1f}%",
        "SUVmax": _pair(form.suvmax_tumor, form.suvmax_liver, ""),
        "SUV ratio": _ratio_told(form),
        "comment": form.comment,
    }
    return [f"{name:<15}{value}" for name, value in told.items() if value]


def _ratio_told(form: ReadForm) -> str:
    if form.suv_ratio is None:
        return ""
    return f"{form.suv_ratio:.2f}, {'avid' if form.is_avid else 'not avid'}"


def _pair(tumor: float | None, liver: float | None, unit: str) -> str:
    if tumor is None or liver is None:
        return ""
    return f"tumour {tumor:g}{unit}, liver {liver:g}{unit}"


def _row(label: str, *parts: Input | Static, id: str | None = None) -> Horizontal:  # noqa: A002
    named = Static(label, classes="name", markup=False)
    return Horizontal(named, *parts, classes="row", id=id)
