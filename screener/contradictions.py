"""Places of a draft that may contradict one another: told as hints, for a person to look at."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from screener.claims import Judgement
from screener.draft_patterns import NUMBER, read_number
from screener.drafts import Statement, statement_at

_TOLD_ONCE = re.compile(
    rf"(?<![\w.,/-])(?P<n>{NUMBER})(?![\d.%/])(?:\s+(?:of\s+them|patients?|subjects?|"
    r"participants?|others?|more|have|had|has)){0,3}\s+"
    r"(?P<what>died|deceased|survived|completed|discontinued|withdrew|progressed)\b",
    re.IGNORECASE,
)
_CLAUSE_ENDS = re.compile(r"[.;!?](?=\s)|\n\s*\n|\|")
_TELLING = re.compile(r"[a-z]{6,}")
_SAYS_LITTLE = frozenset(
    "patients patient subjects participants percent results discussion methods developed reported "
    "grade grades higher compared group before during therapy treatment confidence interval "
    "median cohort included overall experienced occurred present within months observed another "
    "received having".split()
)
_MOST_PLACES = 3


def with_contradictions(text: str, statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Add what may contradict: another count of the same, a bare percent unlike a claim's.

    Examples
    --------
    >>> from screener.drafts import check_draft
    >>> text = "Five patients died. New cytopenia in 4 of 12 (33%). Later: 4 patients died. "
    >>> text += "In all, 42% had new cytopenia."
    >>> for one in with_contradictions(text, check_draft(text)):
    ...     print(one.text, "|", one.judgement.why)
    Five patients died | line 1 says 4 died
    4 of 12 (33%) | 4/12 is 33.3%
    4 patients died | line 1 says 5 died
    42% | no count beside it; it may be 5/12; line 1 says 33% of cytopenia
    """
    told = [*_with_other_percents(text, statements), *_counts_told_twice(text)]
    return tuple(sorted(told, key=lambda one: one.start))


def _counts_told_twice(text: str) -> Iterator[Statement]:
    by_what: defaultdict[str, list[tuple[int, Statement]]] = defaultdict(list)
    for found in _TOLD_ONCE.finditer(text):
        said = statement_at(text, found.span(), Judgement("unchecked", ""))
        by_what[found["what"].lower()].append((read_number(found["n"]), said))
    for what, some in by_what.items():
        for n, said in some:
            others = [(m, other) for m, other in some if m != n]
            if others:
                why = f"line {others[0][1].line} says {others[0][0]} {what}"
                yield replace(said, judgement=Judgement("unchecked", why))


def _with_other_percents(text: str, statements: Sequence[Statement]) -> Iterator[Statement]:
    clauses = _clauses(text)
    words_of = {one: _words(clauses, one) for one in statements}
    places: defaultdict[str, int] = defaultdict(int)
    for _, clause in clauses:
        for word in set(_TELLING.findall(clause.lower())) - _SAYS_LITTLE:
            places[word] += 1
    claims = [one for one in statements if one.claim and one.judgement.verdict != "unchecked"]
    for one in statements:
        is_bare = one.claim is None and one.judgement.verdict == "unchecked"
        yield _compared(one, claims, words_of, places) if is_bare else one


def _compared(
    one: Statement,
    claims: Sequence[Statement],
    words_of: dict[Statement, frozenset[str]],
    places: dict[str, int],
) -> Statement:
    for other in claims:
        shared = words_of[one] & words_of[other]
        rare = sorted(word for word in shared if places[word] <= _MOST_PLACES)
        if rare and other.claim and other.claim.stated != one.text:
            why = f"{one.judgement.why}; line {other.line} says {other.claim.stated} of {rare[0]}"
            return replace(one, judgement=Judgement("unchecked", why))
    return one


def _clauses(text: str) -> list[tuple[int, str]]:
    ends = [0, *(found.end() for found in _CLAUSE_ENDS.finditer(text)), len(text)]
    return [(start, text[start:end]) for start, end in pairwise(ends)]


def _words(clauses: Sequence[tuple[int, str]], one: Statement) -> frozenset[str]:
    """The words of the clause in which a statement stands that say what it is of."""
    fitting = [clause for start, clause in clauses if start <= one.start]
    return frozenset(_TELLING.findall(fitting[-1].lower())) - _SAYS_LITTLE
