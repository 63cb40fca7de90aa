"""What a draft states of counts: claims, sums and bare percents, each with line and column."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from screener.claims import Claim, Judgement, Rounding, judge
from screener.draft_patterns import (
    BARE,
    COUNT_ALONE,
    COUNT_FIRST,
    FRAME,
    INTERVAL,
    NAMED_BEFORE,
    NUMBER,
    PERCENT_ALONE,
    PERCENT_FIRST,
    SENTENCE_ENDS,
    SINCE,
    SUM,
    read_number,
)
from screener.draft_totals import find_totals

_FAR = 20
_LONGEST_SENTENCE = 1000


@dataclass(frozen=True, slots=True)
class Statement:
    """Something a draft states that can be recomputed.

    Attributes
    ----------
    start
        Where it begins, in characters of the draft.
    line, column
        The same for a person, both from 1.
    text
        As it stands, on one line.
    claim
        The counts and the percent; ``None`` for a sum or a bare percent.
    judgement
        Whether it holds.
    """

    start: int
    line: int
    column: int
    text: str
    claim: Claim | None
    judgement: Judgement

    @property
    def is_wrong(self) -> bool:
        """Whether it does not hold."""
        return self.judgement.verdict in ("wrong", "other_rounding", "impossible")


def check_draft(
    text: str, denominators: Sequence[int] = (), rounding: Rounding | None = None
) -> tuple[Statement, ...]:
    """Recompute what a draft states, in order of the text.

    Parameters
    ----------
    text
        Plain text or Markdown.
    denominators
        What counts without a stated denominator may be of.
    rounding
        The rule that must hold; half up and half even both do where there is none.

    Examples
    --------
    >>> for one in check_draft("Ascites in 3 of 15 (33%), pain in 40% (6/15)."):
    ...     print(one.line, one.column, one.text, one.judgement.verdict)
    1 12 3 of 15 (33%) wrong
    1 35 40% (6/15) holds
    """
    return tuple(_Reading(text, denominators, rounding).statements())


def statement_at(
    text: str, span: tuple[int, int], judgement: Judgement, starts: Sequence[int] | None = None
) -> Statement:
    """Return what stands at a place of a text as a statement.

    Parameters
    ----------
    text, span
        The text and the place in it.
    judgement
        What is made of it.
    starts
        Where the lines of the text begin, where that is known.
    """
    starts = line_starts(text) if starts is None else starts
    line = bisect_right(starts, span[0])
    words = " ".join(text[span[0] : span[1]].split())
    column = span[0] - starts[line - 1] + 1
    return Statement(span[0], line, column, words, None, judgement)


def line_starts(text: str) -> list[int]:
    """Return where each line of a text begins."""
    return [0, *(found.end() for found in re.finditer(r"\n", text))]


class _Reading:
    def __init__(self, text: str, denominators: Sequence[int], rounding: Rounding | None) -> None:
        self.text = text
        self.denominators = denominators
        self.rounding = rounding
        self.starts = line_starts(text)
        self.taken: list[tuple[int, int]] = []

    def statements(self) -> list[Statement]:
        found = [
            *self._claims(COUNT_FIRST),
            *self._claims(PERCENT_FIRST),
            *self._claims(COUNT_ALONE),
            *self._claims(PERCENT_ALONE),
            *self._sums(),
            *self._totals(),
        ]
        known = {one.claim.of for one in found if one.claim and one.claim.of}
        found = [self._with_hint(one, sorted(known)) for one in found]
        found += self._bare(sorted(known | set(self.denominators)))
        return sorted(found, key=lambda one: one.start)

    def _with_hint(self, one: Statement, known: Sequence[int]) -> Statement:
        """Tell of a count without its N what it would be of the numbers of the text."""
        if one.claim is None or one.judgement.verdict != "unchecked" or not known:
            return one
        judged = judge(one.claim, known, self.rounding)
        if judged.verdict == "holds":
            told = f"it would hold of {judged.of}"
        else:
            told = f"it would hold of none of {', '.join(map(str, known))}"
        why = f"{one.judgement.why}; {told}"
        return replace(one, judgement=Judgement("unchecked", why))

    def _claims(self, pattern: re.Pattern[str]) -> Iterator[Statement]:
        position = 0
        while found := pattern.search(self.text, position):
            position = found.end()
            if self._is_taken(found) or _is_interval(found):
                position = found.start() + 1
                continue
            of = found.groupdict().get("of")
            if _is_named(found) or _is_year(found):
                position = found.end("n")
                continue
            claim = _claim(found, None if of is None else read_number(of))
            self.taken.append(found.span())
            yield self._statement(found.span(), claim, self._judge(claim, found.start()))

    def _judge(self, claim: Claim, start: int) -> Judgement:
        """Recompute a claim; a count alone is of what its sentence begins with, if it says so."""
        sentence = self.text[self._sentence_start(start) : start]
        frame = FRAME.match(sentence)
        if claim.of is not None or frame is None:
            return judge(claim, self.denominators, self.rounding)
        numbers = [read_number(one) for one in re.findall(NUMBER, sentence, re.IGNORECASE)]
        judged = judge(claim, [n for n in numbers if n], self.rounding)
        if judged.verdict == "holds":
            return judged
        return judge(claim, [read_number(frame["of"]), *self.denominators], self.rounding)

    def _sentence_start(self, place: int) -> int:
        """Return where the sentence begins in which a place is."""
        far = max(0, place - _LONGEST_SENTENCE)
        ends = [found.end() for found in SENTENCE_ENDS.finditer(self.text, far, place)]
        return ends[-1] if ends else far

    def _is_taken(self, found: re.Match[str]) -> bool:
        return any(start < found.end() and found.start() < end for start, end in self.taken)

    def _statement(
        self, span: tuple[int, int], claim: Claim | None, judgement: Judgement
    ) -> Statement:
        return replace(statement_at(self.text, span, judgement, self.starts), claim=claim)

    def _sums(self) -> Iterator[Statement]:
        for found in SUM.finditer(self.text):
            parts = [int(part) for part in re.findall(r"\d+", found[1])]
            told = f"{' + '.join(map(str, parts))} is {sum(parts)}"
            yield self._sum(found.span(), told, is_right=sum(parts) == int(found[2]))

    def _sum(self, span: tuple[int, int], told: str, *, is_right: bool) -> Statement:
        return self._statement(span, None, Judgement("holds" if is_right else "wrong", told))

    def _totals(self) -> Iterator[Statement]:
        for total in find_totals(self.text):
            yield self._sum(total.span, total.told, is_right=total.is_right)

    def _bare(self, known: Sequence[int]) -> Iterator[Statement]:
        """Give the percents without a count, and which counts of the known numbers they may be."""
        for found in BARE.finditer(self.text):
            if self._is_taken(found) or _is_interval(found):
                continue
            claim = _claim(found, None, n=0)
            fitting = [f"{n}/{of}" for of in known if (n := _count_for(claim, of)) is not None]
            told = f"; it may be {', '.join(fitting[:3])}" if fitting and not claim.bound else ""
            yield self._statement(
                found.span(), None, Judgement("unchecked", f"no count beside it{told}")
            )


def _claim(found: re.Match[str], of: int | None, n: int | None = None) -> Claim:
    whole, _, digits = found["percent"].replace("\u00b7", ".").partition(".")
    count = read_number(found["n"]) if n is None else n
    return Claim(count, of, int(whole + digits), len(digits), found["bound"] or "")


def _is_named(found: re.Match[str]) -> bool:
    """Whether the number is that of a grade, a table and the like."""
    before = found.string[max(0, found.start() - _FAR) : found.start()]
    return NAMED_BEFORE.search(before) is not None


def _is_year(found: re.Match[str]) -> bool:
    of = found.groupdict().get("of")
    if of is not None and read_number(of) >= read_number(found["n"]):
        return False  # "seen in 1900/1950"
    before = found.string[max(0, found.start() - _FAR) : found.start()]
    return bool(SINCE.search(before)) and re.fullmatch(r"(?:19|20)\d\d", found["n"]) is not None


def _is_interval(found: re.Match[str]) -> bool:
    """Whether the percent is the confidence of an interval."""
    return INTERVAL.match(found.string, found.end()) is not None


def _count_for(claim: Claim, of: int) -> int | None:
    near = claim.percent * of // (100 * 10**claim.n_digits)
    fitting = (
        n
        for n in (near, near + 1)
        if judge(Claim(n, of, claim.percent, claim.n_digits)).verdict == "holds"
    )
    return next(fitting, None)
