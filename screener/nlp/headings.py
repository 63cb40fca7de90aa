"""Headings of sections and of organs, found on the raw text from the pack's lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from screener.nlp.readings import Kept
from screener.packs import RulePack, SectionKind
from screener.phrases import Gap, expand, literals, words_of

DEFAULT_SECTION = "findings"
_FILLER = frozenset(
    "and & / , the of with ( ) system systems tree biliary findings lobe lobes right left segment "
    "segments - : visualized visualised other upper lower whole entire".split()
)
_BACK = 200
"""Characters before a heading that are searched for the start of its line."""
_MID_SENTENCE = frozenset(
    "a an and are at by for from in is of on or than that the through to was were which with "
    "within".split()
)
"""Words with which no label begins that follows another word."""
_PROSE = 4
"""Words of what stands before a colon, from which a small letter makes it prose."""
_VERBS = frozenset("am are be been can could did do does had has have is may was were will".split())
"""Words that make a sentence of what stands before a colon."""
_BEFORE_NAME = " \t*_=#>([-–—\"'”’"
"""Signs that may stand before the name of a section at the start of its line."""
_LINES = 10_000
"""Lines whose headings are kept."""
_ACRONYM = 3
"""Letters of a name in capitals that need not be a heading."""
_LABEL = re.compile(r"(?<![^\s.;*#>(\-|])([A-Za-z][A-Za-z0-9 ,/&()'\-]{1,58}?)[ \t]*(:)(?!\d)")
_BARE = re.compile(r"^[ \t*_=#>\-]*([A-Za-z][A-Za-z ,/&()\-]{2,60}?)[ \t*_=#\-]*\r?$", re.MULTILINE)
_DASHED = re.compile(
    r"^[ \t*>•\-]*([A-Za-z][A-Za-z ,/&()]{2,40}?)[ \t]+[-–—][ \t]+(?=\S)", re.MULTILINE
)


class Heading(NamedTuple):
    """A heading in a text: of a section (`kind` set), or of an organ within one.

    `end` is where the text under it begins. `is_bare`: it stands on a line of its own.
    """

    start: int
    end: int
    kind: str
    organs: tuple[str, ...]
    is_bare: bool

    def moved(self, by: int) -> Heading:
        """Return the heading so many characters further on."""
        return Heading(self.start + by, self.end + by, self.kind, self.organs, self.is_bare)


class Headings:
    """The section and organ headings of one pack, ready to be found in texts."""

    def __init__(self, pack: RulePack) -> None:
        self._kinds: dict[str, SectionKind] = dict(pack.section)
        self.default = DEFAULT_SECTION
        names = _heading_names(pack.sections)
        self._phrases = {name.replace(" ", ""): kind for name, kind in names.items()}
        self._organs = _organ_phrases(pack)
        self._sections = _section_pattern(names)
        self._of_line = Kept(self._find_before_end, _LINES)
        self._of_last = Kept(self._find_in_line, _LINES)

    def is_sticky(self, kind: str) -> bool:
        """Whether headings inside a section of this kind (an addendum) stay within it."""
        return kind in self._kinds and self._kinds[kind].sticky

    def ends_sticky(self, kind: str) -> bool:
        """Whether a heading of this kind shows that a sticky section is over."""
        return self._kinds[kind].sticky or not self.is_body(kind) or self._kinds[kind].rank == 0

    def is_one_paragraph(self, kind: str) -> bool:
        """Whether a section of this kind is short where no body heading follows."""
        return self._kinds[kind].one_paragraph

    def is_body(self, kind: str) -> bool:
        """Whether a section of this kind asserts what the examination showed."""
        return self._kinds[kind].assertion == "current"

    def is_plain_body(self, kind: str) -> bool:
        """Whether it is a body section that is no addendum."""
        return self.is_body(kind) and not self.is_sticky(kind)

    def find(self, text: str) -> list[Heading]:
        """Return the headings of `text` in order, none overlapping another."""
        ordered: list[Heading] = []
        start = 0
        *lines, last = text.split("\n")
        for line in lines:
            if line:
                ordered += [heading.moved(start) for heading in self._of_line[line]]
            start += len(line) + 1
        if last:
            ordered += [heading.moved(start) for heading in self._of_last[last]]
        return self._without_exams(text, ordered) if len(ordered) > 1 else ordered

    def _find_before_end(self, line: str) -> tuple[Heading, ...]:
        return self._find_in_line(f"{line}\n")

    def _find_in_line(self, line: str) -> tuple[Heading, ...]:
        """The headings of a line with its end: none goes over one, or looks beyond it."""
        found: dict[int, Heading] = {}
        for heading in (*self._find_sections(line), *self._find_organs(line)):
            found.setdefault(heading.start, heading)
        ordered: list[Heading] = []
        for start in sorted(found):
            if not ordered or start >= ordered[-1].end:
                ordered.append(found[start])
        return tuple(ordered)

    def _names_in(self, line: str) -> Iterable[re.Match[str]]:
        """Names of sections in a line; without a colon or stars only one at its start counts."""
        if ":" in line or "**" in line or "\r" in line[:-2]:
            return self._sections.finditer(line)
        start = len(line) - len(line.lstrip(_BEFORE_NAME))
        match = self._sections.match(line, start)
        return [match] if match else []

    def _without_exams(self, text: str, headings: Sequence[Heading]) -> list[Heading]:
        """The headings but for names of earlier examinations: "Indication: cancer. CT: ..."."""
        bodies = [h.start for h in headings if h.kind and self.is_body(h.kind)]
        kept: list[Heading] = []
        for heading in headings:
            is_last = heading.kind != self.default or heading.start >= bodies[-1]
            if is_last or not kept or not self._is_told_in(text, heading, kept[-1]):
                kept.append(heading)
        return kept

    def _is_told_in(self, text: str, heading: Heading, before: Heading) -> bool:
        """Whether an acronym stands on the line of a section that is no body."""
        if not before.kind or self.is_body(before.kind):
            return False
        name = text[heading.start : heading.end].rstrip(": \t")
        is_acronym = name.isupper() and len(name) <= _ACRONYM
        return is_acronym and "\n" not in text[before.start : heading.start]

    def _find_sections(self, text: str) -> Iterable[Heading]:
        for match in self._names_in(text):
            name, colon = match.group("name"), match.group("colon")
            # re takes the dotted capital of "İND" for an i, and lower() makes two letters of it
            kind = self._phrases.get("".join(words_of(name)))
            if kind and _stands_as_heading(text, match, is_sticky=self._kinds[kind].sticky):
                yield Heading(match.start("name"), match.end(), kind, (), not colon)

    def _find_organs(self, text: str) -> Iterable[Heading]:
        labels = list(_LABEL.finditer(text)) if ":" in text else []
        labels += [match for match in (_DASHED.match(text), _BARE.match(text)) if match]
        for match in labels:
            label = match.group(1)
            if label.count("(") != label.count(")"):
                continue  # a label does not end within brackets
            if _goes_on(text, match.start(1), label):
                continue
            organs = self._organs_of(label, whole=match.re is not _LABEL)
            if organs:
                bare = match.re is _BARE
                yield Heading(match.start(1), match.end(), "", organs, bare)

    def _organs_of(self, label: str, *, whole: bool) -> tuple[str, ...]:
        words = words_of(label)
        if len(words) > (6 if whole else 9):
            return ()
        organs: list[str] = []
        at = 0
        while at < len(words):
            for size in (4, 3, 2, 1):
                organ = self._organs.get(tuple(words[at : at + size]))
                if organ is not None:
                    organs.append(organ)
                    at += size
                    break
            else:
                if whole and words[at] not in _FILLER:
                    return ()
                at += 1
        return tuple(dict.fromkeys(organs))


def _goes_on(text: str, start: int, label: str) -> bool:
    """Whether a label is none but the end of a sentence: "spread of the cancer in the liver: "."""
    before = text[max(0, start - 2) : start]
    words = label.split(" ")
    is_within = (before[:1].isalpha() or before[:1] == "%") and before[1:] == " "
    if not is_within:
        return False
    is_prose = len(words) >= _PROSE and words[0].islower()
    return is_prose or words[0] in _MID_SENTENCE or not _VERBS.isdisjoint(words)


def _stands_as_heading(text: str, match: re.Match[str], *, is_sticky: bool) -> bool:
    """Whether a name of a section stands as a heading: at the start of a line, or with a colon."""
    name, start, end = match.group("name"), match.start("name"), match.end()
    before = text[max(0, start - _BACK) : start].rstrip(_BEFORE_NAME)
    before = before if before or start < _BACK else "x"
    at_line_start = not before or before[-1] in "\r\n"
    alone = re.match(r"[ \t*_=#\-)\]:]*(?:\r?\n|$)", text[end:]) is not None
    if match.group("colon"):
        if at_line_start or before[-1] in ".;!?:|":
            return True
        return name.isupper() and len(name) > _ACRONYM
    if text[max(0, start - 2) : start] == "**" and text[end : end + 2] == "**":
        return True
    if at_line_start:
        return (
            alone
            or (is_sticky and name[0].isupper())
            or (name.isupper() and text[end - 1 :][:1] in "-–—")
        )
    return False


def _heading_names(sections: Iterable[SectionKind]) -> dict[str, str]:
    names: dict[str, str] = {}
    for section in sections:
        for phrase in section.headings:
            for wording in expand(phrase):
                for words in literals(wording):
                    names.setdefault(" ".join(words), section.kind)
    return names


def _organ_phrases(pack: RulePack) -> dict[tuple[str, ...], str]:
    organs: dict[tuple[str, ...], str] = {}
    for concept in pack.concepts:
        if concept.role == "organ" and concept.organ:
            for phrase in concept.phrases:
                for wording in expand(phrase):
                    if not any(isinstance(item, Gap) for item in wording):
                        organs.update(dict.fromkeys(literals(wording), concept.organ))
    return organs


_Trie = dict[str, "_Trie"]


def _section_pattern(names: Iterable[str]) -> re.Pattern[str]:
    alternatives = _as_pattern(_trie(sorted(names, key=len, reverse=True)))
    return re.compile(
        rf"(?<![\w])(?P<name>{alternatives})(?![\w])[ \t]*"
        rf"(?P<extra>\([^()\n]{{0,40}}\)|#?\d{{1,2}}(?!\w))?[ \t*_]*(?P<colon>:)?",
        re.IGNORECASE,
    )


def _trie(names: Iterable[str]) -> _Trie:
    """The names letter by letter, so that a place in a text is compared with all of them at once.

    White space between words may be any or none; an empty key ends a name.
    """
    root: _Trie = {}
    for name in names:
        node = root
        for sign in name:
            node = node.setdefault(r"[ \t]*" if sign == " " else re.escape(sign), {})
        node[""] = {}
    return root


def _as_pattern(node: _Trie) -> str:
    """A pattern of the names below a node; of two that begin alike the longer one first."""
    ways = [sign + _as_pattern(below) for sign, below in node.items() if sign]
    if not ways:
        return ""
    pattern = "|".join(ways)
    if len(ways) == 1 and "" not in node:
        return pattern
    return f"(?:{pattern}){'?' if '' in node else ''}"
