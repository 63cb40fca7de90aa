"""Narratives: what a report says of lesions as it is read from the first segment to the last.

Putting statements together follows the grammar of report prose:

1. A segment is parted into domains, one around each head (`screener.domains`), and each domain says
   something (`screener.statements`).
2. The organ is the one named in the domain (`screener.placements`); else the one of the domain
   before; else the heading's; else the topic of the sentence before in the same paragraph.
3. A sentence may go on with the statement before, or withdraw it (`screener.continuations`).
4. Volumes that come to a share say so where the report prints none (`screener.volumes`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from screener.continuations import antecedent_of, merged, withdrawn
from screener.domains import Domain, part_domains
from screener.extents import is_of_example
from screener.findings import Passage
from screener.packs import RulePack
from screener.placements import organ_of, places, without_names
from screener.roles import QUANTITY, Roles
from screener.segment_facts import THE_ORGAN, Said, SegmentFacts, facts_of
from screener.statements import Statement, statement_of
from screener.volumes import Volume, share_of_volumes, volumes_of

_OTHER = ("benign", "primary")
"""Natures that what is said further in the same segment has too."""
_KNOWN = ("malignant", "tumor")
"""Natures that "them" can stand for, of another organ or denied there."""
_THEM = frozenset(["them", "these", "they"])
"""Words for lesions named before in the segment."""
_NO_PLACE = (-1, -1)
"""Section and paragraph before the first segment."""


def make_statements(
    passages: Iterable[Passage], pack: RulePack, roles: Roles | None = None
) -> tuple[Statement, ...]:
    """Put the findings of a report together.

    Parameters
    ----------
    passages
        The report's segments in order, as they were read.
    pack
        Says which role each concept has.
    roles
        Those of the pack, where they are at hand already.

    Returns
    -------
    tuple of Statement
        In order of the text, of every organ.
    """
    walk = _Walk(pack, roles or Roles(pack))
    for passage in passages:
        walk.read(passage)
    return tuple(walk.located())


class _Walk:
    """One walk through a report that remembers what was spoken of last."""

    def __init__(self, pack: RulePack, roles: Roles) -> None:
        self.pack = pack
        self.roles = roles
        self.done: list[Statement] = []
        self.topic = ""
        self.last = ""
        self.volumes: list[Volume] = []
        self.place = _NO_PLACE
        self.named: set[str] = set()
        self.titled: set[str] | None = None
        self.awaits_share = False
        self.sites = _NO_PLACE

    def read(self, passage: Passage) -> None:
        """Take in the next segment."""
        if not passage.content.findings:
            self._pass_over()
            return
        facts = passage.content.keep(facts_of, self.roles)
        place = (passage.order, passage.paragraph)
        if place != self.place:
            self.topic, self.place = "", place
        if facts.has_volumes:
            self.volumes += volumes_of(without_names(passage, self.roles), self.roles)
        if facts.withdraws:
            self.done = withdrawn(self.done, passage, self.topic)
        if facts.is_of_sites:
            self.sites = self.place
        made = self._said(passage, facts) if facts.may_say else []
        if not made:
            self._place_last(facts)
        elif not all(statement.organ for statement in made):
            made = _with_organs(made, self._place(facts, made))
        for statement in made:
            self._add(self._as_labelled(statement), passage)
        self._turn(facts, made)
        self.awaits_share = facts.asks_for_share

    def _pass_over(self) -> None:
        """Take in a segment without findings: it says nothing, and is no value of a field."""
        self.awaits_share = False
        if self.titled is None:
            self.titled = set()

    def _place(self, facts: SegmentFacts, said: Sequence[Statement]) -> str:
        """The organ of what names none: the heading's, the topic, a field's the last named."""
        place = facts.heading or self.topic
        if not place and facts.is_field and any(map(self._is_counted, said)):
            return self.last
        return place

    def _is_counted(self, statement: Statement) -> bool:
        """Whether it holds a number, or a word of number such as "uncountable"."""
        words = (self.pack.concept.get(name) for name in statement.extents)
        is_told = any(concept is not None and concept.counts for concept in words)
        return bool(is_told or statement.share or statement.count)

    def located(self) -> list[Statement]:
        """Statements that name no organ go to the pack's, where the report speaks of no other.

        A title that names the pack's organ and no other ("US LIVER LIMITED") says the same.
        """
        done = [*self.done, *self._by_volumes()] if self.volumes else self.done
        if all(statement.organ for statement in done):
            return done
        done = self._with_rests(done)
        if self.named != {self.pack.organ} and self.titled != {self.pack.organ}:
            return done
        return [s if s.organ else s._replace(organ=self.pack.organ) for s in done]

    def _with_rests(self, done: list[Statement]) -> list[Statement]:
        """Statements without an organ, beside one of what is left of it, in the pack's organ."""
        left = {
            (s.order, s.paragraph)
            for s in done
            if not s.organ and any(self.roles.measure(f) == "rest" for f in s.findings)
        }
        return [
            s._replace(organ=self.pack.organ)
            if not s.organ and (s.order, s.paragraph) in left
            else s
            for s in done
        ]

    def _by_volumes(self) -> list[Statement]:
        """The share that volumes come to, where the report prints none."""
        named = [s for s in self.done if s.organ == self.pack.organ and s.is_asserted]
        share = share_of_volumes(self.volumes)
        about = next((s for s in named if s.lesion in ("malignant", "tumor")), None)
        if share is None or about is None or any(s.share for s in named):
            return []
        percent, findings = share
        bounds = (percent, percent)
        said = about._replace(extents=(), part="whole", count=None, share=bounds)
        return [said._replace(findings=tuple(findings))]

    def _said(self, passage: Passage, facts: SegmentFacts) -> list[Statement]:
        """What a segment says, as its content says it after such a topic, in its place."""
        context = (self.topic if facts.may_mean_topic else "", self.awaits_share)
        said = facts.said.get(context)
        if said is None:
            said = facts.said[context] = self._made(facts)
        return [
            s.placed(passage.order, passage.paragraph, tuple([passage.finding(i) for i in places]))
            for s, places in said
        ]

    def _made(self, facts: SegmentFacts) -> tuple[Said, ...]:
        """What the domains of a content say; each is in the organ and part of the one before it."""
        made: list[Statement] = []
        for domain in part_domains(facts.named, self.roles):
            organ = self._organ_of(domain, made) or (made[-1].organ if made else "")
            statement = statement_of(
                domain, organ, self.pack, self.roles, is_awaited=self.awaits_share
            )
            if statement is None or _is_example(domain, made):
                continue
            made.append(self._after(made[-1], statement, domain) if made else statement)
        return tuple((s, tuple(facts.place_of[id(f)] for f in s.findings)) for s in made)

    def _after(self, before: Statement, statement: Statement, domain: Domain) -> Statement:
        """A statement with the part and nature that it takes over from the one before it."""
        if not places(domain, self.roles) and before.part != "whole":
            statement = statement._replace(part=before.part)
        words = domain.passage.words[domain.first : domain.last]
        is_them = not _THEM.isdisjoint(words) and before.lesion in _KNOWN
        is_other = statement.lesion == "none" and (is_them or before.lesion in _OTHER)
        if is_other or (statement.share and _is_same(before, statement)):
            statement = statement._replace(lesion=before.lesion)
        return statement

    def _organ_of(self, domain: Domain, made: Sequence[Statement]) -> str:
        """The organ that a domain names; "the organ" is the one spoken of before."""
        spoken_of = made[-1].organ if made else self.topic
        named = organ_of(domain, self.roles)
        is_mine = named == self.roles.organ
        return (
            spoken_of if spoken_of and not is_mine and _names_topic(domain, self.roles) else named
        )

    def _as_labelled(self, statement: Statement) -> Statement:
        """The value of a field, of the lesions that its label names."""
        if statement.lesion == "none" and statement.organ and self.sites == self.place:
            return statement._replace(lesion="malignant")  # "Metastases: lung none; liver many"
        if not (self.awaits_share and self.done and statement.lesion == "none"):
            return statement
        label = self.done[-1].lesion
        return statement._replace(lesion=label) if label in ("malignant", "tumor") else statement

    def _add(self, statement: Statement, passage: Passage) -> None:
        """Take in a statement, which may go on with one before."""
        at = antecedent_of(statement, self.done, passage, self.roles)
        if at is None:
            self.done.append(statement)
        else:
            self.done[at] = merged(self.done[at], statement)

    def _place_last(self, facts: SegmentFacts) -> None:
        """Give the statement before, where it names no organ, the organs that an item lists.

        So a title that tells an extent is the statement itself: "Innumerable metastases:".
        """
        if self.done and not self.done[-1].organ and facts.lists_mine:
            last = self.done[-1]
            is_title = bool(last.extents) and all(f.is_asserted for f in last.findings)
            is_told = last.is_asserted or (is_title and not last.is_denied)
            self.done[-1] = last._replace(organ=self.pack.organ, is_asserted=is_told)

    def _turn(self, facts: SegmentFacts, made: Sequence[Statement]) -> None:
        """Remember the organs that a segment names, and what it turns to."""
        self.named.update(facts.here)
        if self.titled is None:
            self.titled = set(facts.organs)
        self.last = facts.here[-1] if facts.here else self.last
        if facts.organs:
            is_mine = self.pack.organ in facts.organs[:2]
            self.topic = self.pack.organ if is_mine else facts.organs[0]
        elif made and made[-1].organ:
            self.topic = made[-1].organ


def _with_organs(made: Sequence[Statement], fallback: str) -> list[Statement]:
    """The statements of a segment, those without an organ in that of a later one."""
    placed: list[Statement] = []
    for i, statement in enumerate(made):
        if not statement.organ:
            later = next((s.organ for s in made[i:] if s.organ), fallback)
            statement = statement._replace(organ=later)  # noqa: PLW2901
        placed.append(statement)
    return placed


def _is_same(before: Statement, after: Statement) -> bool:
    """Whether lesions without a nature are the metastases named before them in the segment."""
    is_named = before.lesion in ("malignant", "tumor") and before.is_asserted
    return is_named and after.lesion == "unexplained" and after.organ in (before.organ, "")


def _names_topic(domain: Domain, roles: Roles) -> bool:
    """Whether an extent or a share is told of "the organ", which is no other than the topic."""
    told = roles.among(domain.findings, "extent", "measure", QUANTITY)
    near = {i for f in told for i in range(f.first, f.last + 2)}
    named = {i for f in roles.among(domain.findings, "organ") for i in range(f.first, f.last)}
    words = domain.passage.words
    return any(words[i : i + 1] and words[i] in THE_ORGAN for i in near - named)


def _is_example(domain: Domain, made: Sequence[Statement]) -> bool:
    """Whether a domain only tells the extent of one of the lesions before."""
    heads = domain.heads
    return bool(made and heads) and all(is_of_example(domain.passage, h) for h in heads)
