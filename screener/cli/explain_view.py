"""An explanation in the terminal, as readable without colour as with it.

Under each line of the report stand letters: a capital under words that count, a small letter under
words that something suppressed, ``^`` under the cue that did so. The margin names section and
organ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from screener.cli.explain_words import (
    decision_lines,
    head_line,
    statement_lines,
    terminal_safe,
)

if TYPE_CHECKING:
    from rich.console import Console

    from screener.explanations import Explanation
    from screener.findings import Passage
    from screener.marks import Mark

CUE = "^"
# in the order in which they are drawn: a later one stands over an earlier one
LETTERS = {
    "link": "K",
    "relation": "R",
    "measure": "S",
    "withdrawal": "W",
    "cue": CUE,
    "malignancy": "M",
    "part": "P",
    "organ": "O",
    "extent": "E",
    "lesion": "L",
    "quantity": "Q",
}
MEANINGS = {"link": "link", "measure": "what is measured", "quantity": "number or share"}
SECTION_WIDTH, ORGAN_WIDTH, LEAST_TEXT_WIDTH = 12, 10, 20
HANGING = 3


def show_explanation(explanation: Explanation, console: Console) -> None:
    """Show one explanation."""
    console.print(Text(head_line(explanation), style="bold"))
    console.print()
    marking = _Letters(explanation)
    for line in _text_lines(explanation, marking, console.width):
        console.print(line, no_wrap=True, overflow="ignore", crop=False)
    console.print(Text(_legend(explanation.marks), style="dim"))
    for title, lines in (
        ("Statements", statement_lines(explanation)),
        ("How the burden was decided", decision_lines(explanation)),
    ):
        console.print()
        console.print(Text(title, style="bold"))
        for indent, told in lines:
            _print_indented(told, indent, console)
    console.print()


def _print_indented(line: str, indent: int, console: Console) -> None:
    width = max(console.width - indent - HANGING, LEAST_TEXT_WIDTH)
    for n, wrapped in enumerate(Text(line).wrap(console, width)):
        console.print(Text(" " * (indent + (HANGING if n else 0))) + wrapped, no_wrap=True)


class _Letters:
    """Which letter stands under each character of the text."""

    def __init__(self, explanation: Explanation) -> None:
        self.letters = [" "] * len(explanation.report.text)
        self.styles = [""] * len(explanation.report.text)
        order = list(LETTERS)
        for mark in sorted(explanation.marks, key=lambda mark: order.index(mark.role)):
            letter = LETTERS[mark.role] if mark.is_asserted else LETTERS[mark.role].lower()
            style = "green" if mark.is_asserted else "yellow"
            self._draw(mark.start, mark.end, letter, style)
            self._draw_cue(mark)

    def _draw_cue(self, mark: Mark) -> None:
        cue = mark.cue
        if cue is None or cue.start is None or cue.end is None:
            return
        weak = f" {CUE}KkRrSs"
        for at in range(cue.start, cue.end):
            if self.letters[at] in weak:
                self._draw(at, at + 1, CUE, "red")

    def _draw(self, start: int, end: int, letter: str, style: str) -> None:
        for at in range(start, end):
            self.letters[at], self.styles[at] = letter, style


def _text_lines(explanation: Explanation, marking: _Letters, width: int) -> Iterator[Text]:
    margin = SECTION_WIDTH + ORGAN_WIDTH + 4
    room = max(width - margin, LEAST_TEXT_WIDTH)
    text = explanation.report.text
    for passage, start, end in _stretches(explanation):
        label = _margin(explanation, passage)
        for first, last in _wrapped(text, start, end, room):
            yield _line(label, terminal_safe(text[first:last]), marking.styles[first:last])
            under = "".join(
                letter * cell_len(character)
                for letter, character in zip(
                    marking.letters[first:last], terminal_safe(text[first:last]), strict=True
                )
            )
            if under.strip():
                yield Text(f"{_margin(explanation, None)}{under.rstrip()}")
            label = _margin(explanation, None)


def _line(label: str, words: str, styles: Iterable[str]) -> Text:
    line = Text(label, style="dim")
    for character, style in zip(words, styles, strict=True):
        line.append(character, style=style or "not dim")
    return line


def _stretches(explanation: Explanation) -> Iterator[tuple[Passage | None, int, int]]:
    """The whole text in order: passages, and what stands between them (headings, blank lines)."""
    at = 0
    for passage in sorted(explanation.passages, key=lambda passage: passage.start):
        if at < passage.start:
            yield None, at, passage.start
        yield passage, max(at, passage.start), passage.end
        at = max(at, passage.end)
    if at < len(explanation.report.text):
        yield None, at, len(explanation.report.text)


def _margin(explanation: Explanation, passage: Passage | None) -> str:
    section = passage.section if passage else ""
    organs = ",".join(explanation.organs_of(passage)) if passage else ""
    return f"{section[:SECTION_WIDTH]:<{SECTION_WIDTH}} {organs[:ORGAN_WIDTH]:<{ORGAN_WIDTH}} | "


def _wrapped(text: str, start: int, end: int, room: int) -> Iterator[tuple[int, int]]:
    """Cut a stretch into lines that fit, at line ends and spaces; blank lines are left out."""
    at = start
    while at < end:
        newline = text.find("\n", at, end)
        stop = end if newline < 0 else newline
        if _width(text[at:stop]) > room:
            stop = at + _fitting(text[at:stop], room)
        if text[at:stop].strip():
            yield at, stop
        at = stop
        while at < end and text[at].isspace():
            at += 1


def _fitting(line: str, room: int) -> int:
    """How many characters of a line fit, cut after a space where there is one."""
    n_fitting, width = 0, 0
    for character in line:
        width += _width(character)
        if width > room:
            break
        n_fitting += 1
    space = line.rfind(" ", 0, n_fitting + 1)
    return space if space > 0 else max(n_fitting, 1)


def _width(text: str) -> int:
    return cell_len(terminal_safe(text))


def _legend(marks: Iterable[Mark]) -> str:
    roles = {mark.role for mark in marks}
    has_cue = any(mark.cue is not None and mark.cue.start is not None for mark in marks)
    used = [
        f"{letter} {MEANINGS.get(role, role)}" for role, letter in LETTERS.items() if role in roles
    ]
    cue = [f"{CUE} cue"] if has_cue else []
    small = ["small letters: suppressed"] if any(not m.is_asserted for m in marks) else []
    return f"Letters: {', '.join([*used, *cue, *small])}" if used else "No word was marked."
