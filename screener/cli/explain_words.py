"""An explanation in words: its statements and its decision, as lines with their indent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screener.explanations import ExplainedStatement, Explanation, Row
    from screener.marks import Cue, Mark

Line = tuple[int, str]
MALIGNANCIES = {
    "spreads": "one that can spread to the organ",
    "primary": "one that arises in the organ",
    "unnamed": "none",
}
STANDINGS = {
    "decides": "decides",
    "leaves_open": "asserts it without its extent, so lower sections may tell the extent",
    "yields_to_share": "asserts it; a share stated elsewhere decides",
    "asserts_nothing": "gives no burden, so lower sections count",
    "denies": "denies it, so nothing below counts",
    "outranked": "outranked by what stands above",
}
TELL_BURDEN = ("decides", "yields_to_share", "outranked")
REASONS = {
    "other_organ": "does not count: it is about another organ than the {organ}",
    "organ_unknown": "does not count: it names no organ",
    "suppressed": "does not count: what it says is suppressed",
    "no_row": "does not count: it meets no row of the decision table",
}


def terminal_safe(text: str) -> str:
    r"""Return text with what could steer a terminal as spaces, character for character.

    >>> terminal_safe("liver\x1b[2J")
    'liver [2J'
    """
    return "".join(character if character.isprintable() else " " for character in text)


def head_line(explanation: Explanation) -> str:
    """Name the report and the pack."""
    report = explanation.report
    whose = "" if report.patient_id == report.report_id else f" of patient {report.patient_id}"
    name = terminal_safe(f"{report.report_id}{whose}")
    return f"Report {name}, explained by {explanation.pack} {explanation.version}"


def statement_lines(explanation: Explanation) -> Iterator[Line]:
    """Tell each statement: what it says, the row it met, what suppressed which words."""
    if not explanation.statements:
        yield 2, "None: no words about lesions or their extent were found."
    for number, statement in enumerate(explanation.statements, start=1):
        organ = statement.organ or "organ not named"
        yield 2, f"{number}. {organ}, in {statement.section}: {_said(statement)}"
        marks = [explanation.marks[place] for place in statement.marks]
        yield 5, f"words: {', '.join(quoted(mark.text) for mark in marks)}"
        yield from ((5, line) for line in _changed(marks))
        yield 5, _fate(statement, explanation)


def decision_lines(explanation: Explanation) -> Iterator[Line]:
    """Tell which sections outranked which, the burden, and the points of the score."""
    for ranked in explanation.ranks:
        sections = " and ".join(ranked.sections)
        burden = f"{ranked.burden}: " if ranked.standing in TELL_BURDEN else ""
        yield 2, f"{sections} (rank {ranked.rank[0]}): {burden}{STANDINGS[ranked.standing]}"
    if not explanation.ranks:
        yield 2, "Nothing is asserted or denied."
    yield 2, f"Malignancy named in the report: {MALIGNANCIES[explanation.malignancy]}"
    said = explanation.assessment
    certainty = f", {said.certainty}" if said.certainty else ""
    candidate = "a candidate" if said.is_candidate else "no candidate"
    share = f"; stated share {_bounds(said.stated_percent)}%" if said.stated_percent else ""
    yield 2, f"Burden: {said.burden}{certainty}; {candidate}{share}"
    yield 2, _score(explanation)


def quoted(text: str) -> str:
    """Return words of a report on one line, in quotation marks."""
    return f'"{" ".join(terminal_safe(text).split())}"'


def _said(statement: ExplainedStatement) -> str:
    told = [f"lesions {statement.lesion}" if statement.lesion != "none" else "no lesion word"]
    if statement.lesion != "none":
        told.append(f"number {statement.number}")
    told += [f"extent {' and '.join(statement.extents)}"] if statement.extents else []
    told += [f"part {statement.part}"]
    told += [f"share {_bounds(statement.share)}%"] if statement.share else []
    told += [f"count {_bounds(statement.count)}"] if statement.count else []
    return f"{', '.join(told)}; {_assertion(statement)}"


def _assertion(statement: ExplainedStatement) -> str:
    if statement.is_denied:
        return "denied"
    if not statement.is_asserted:
        return "not asserted"
    return "asserted, hedged" if statement.is_uncertain else "asserted"


def _changed(marks: list[Mark]) -> Iterator[str]:
    """The words that cues changed, drawn together by cue."""
    groups: dict[tuple[tuple[str, ...], Cue | None], list[str]] = {}
    for mark in marks:
        if mark.assertion:
            groups.setdefault((mark.assertion, mark.cue), []).append(quoted(mark.text))
    for (assertion, cue), words in groups.items():
        yield f"{', '.join(words)}: {' and '.join(assertion)}{_by(cue)}"


def _by(cue: Cue | None) -> str:
    if cue is None:
        return ""
    if cue.start is None and cue.text.startswith("["):
        return f" by the section {cue.text}"
    return f" by {quoted(cue.text)}{f' (cue {cue.rule})' if cue.rule else ''}"


def _fate(statement: ExplainedStatement, explanation: Explanation) -> str:
    if statement.reason is not None:
        return REASONS[statement.reason].format(organ=explanation.organ)
    decides = "; this decides" if statement.decides else ""
    if statement.row is None:
        return f"denial -> {statement.burden}{decides}"
    return f"{_row(statement.row)} -> {statement.burden}{decides}"


def _row(row: Row) -> str:
    conditions = [f"{key} is {' or '.join(values)}" for key, values in row.when.items()]
    return f"row {row.number}, {row.rule} ({' and '.join(conditions) or 'always'})"


def _score(explanation: Explanation) -> str:
    parts, said = explanation.score, explanation.assessment
    told = f"Score: {parts.score:g} = {parts.burden_points:g} ({said.burden})"
    if parts.certainty_factor != 1:
        told += f" x {parts.certainty_factor:g} ({said.certainty})"
    if parts.percent_points:
        told += f" + {parts.percent_points:g} (stated share)"
    return told


def _bounds(bounds: tuple[float, float]) -> str:
    low, high = bounds
    return f"{low:g}" if low == high else f"{low:g}-{high:g}"
