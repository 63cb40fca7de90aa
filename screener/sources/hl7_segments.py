"""The segments and fields of one HL7 v2 message, through the library `hl7`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from screener.sources.hl7_escapes import decode_message, unescape

OBSERVATION, VALUE = "OBX", 5
_LAST_OF_OBSERVATION = 11  # the status; what comes after says nothing of the report
_READ = (b"MSH", b"PID", b"OBR", b"OBX", b"NTE")
_MESSAGE_TYPE = re.compile(r"[A-Z]{3}(?:\^[A-Z0-9]{3})?")


class NotHl7Error(ValueError):
    """A message whose grammar cannot be read; it is rejected."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """How a message is written, as its header says.

    Attributes
    ----------
    header
        The first characters of the header, as far as the separators.
    separators
        Of fields, components, repetitions and subcomponents.
    escape
        The character that begins and ends an escape.
    """

    header: str
    separators: str
    escape: str

    def unescape(self, text: str) -> str:
        """Put characters for the escapes of a text."""
        return unescape(text, self.separators, self.escape)


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its name and its fields, counted as the standard does.

    A field that is not there is an empty one. The value of an observation (OBX-5) is kept beside
    its other fields, which are the same in many observations and are parsed once.
    """

    name: str
    fields: Any
    grammar: Grammar
    observed: str = ""

    def text(self, number: int) -> str:
        """Give a field as one text: each repetition a line, components as exported."""
        if self.name == OBSERVATION and number == VALUE:
            repetitions = self.observed.split(self.grammar.separators[2])
        else:
            repetitions = [str(repetition) for repetition in self._field(number)]
        return "\n".join(map(self.grammar.unescape, repetitions))

    def value(self, number: int, component: int = 1) -> str:
        """Give a component of the first repetition of a field, stripped."""
        field = self._field(number)
        if len(field) == 1 and isinstance(field[0], str):
            return self.grammar.unescape(field[0]).strip() if component == 1 else ""
        return next((_nth(parts, component) for parts in self.repetitions(number)), "")

    def repetitions(self, number: int) -> Iterator[Sequence[str]]:
        """Give the components of each repetition of a field."""
        for repetition in self._field(number):
            parts = [repetition] if isinstance(repetition, str) else map(str, repetition)
            yield [self.grammar.unescape(part).strip() for part in parts]

    def _field(self, number: int) -> Any:  # noqa: ANN401  hl7 has no types
        if self.name == OBSERVATION and number == VALUE:
            return _parsed(self.grammar.header, f"X{self.grammar.separators[0]}{self.observed}")[1]
        return self.fields[number] if number < len(self.fields) else ()


def _nth(parts: Sequence[str], number: int) -> str:
    return parts[number - 1] if number <= len(parts) else ""


@dataclass(frozen=True, slots=True)
class Message:
    """The segments of a message that say something of a result, in order; the header is first."""

    segments: tuple[Segment, ...]

    @property
    def header(self) -> Segment:
        """The segment MSH."""
        return self.segments[0]

    @property
    def kind(self) -> str:
        """What it is (MSH-9), such as ``ORU^R01``; nothing else that stands there is given."""
        found = _MESSAGE_TYPE.match(f"{self.header.value(9)}^{self.header.value(9, 2)}".upper())
        return found[0] if found else "a message of no known type"

    def first(self, name: str) -> Segment:
        """Give the first segment of a name, or one without fields."""
        found = (segment for segment in self.segments if segment.name == name)
        return next(found, Segment(name, (), self.header.grammar))


def parse_message(segments: Sequence[bytes]) -> Message:
    r"""Parse a message.

    Parameters
    ----------
    segments
        As exported, the header first. Segments that say nothing of a result are not looked at.

    Raises
    ------
    NotHl7Error
        If the header does not say how the message is written.

    Examples
    --------
    >>> message = parse_message([rb"MSH|^~\&|RIS||||2024||ORU^R01|7|P|2.5", b"PID|1||77^^^A^MR"])
    >>> message.kind, message.first("PID").value(3)
    ('ORU^R01', '77')
    """
    read = [segment for segment in segments if segment[:3] in _READ]
    header, *others = decode_message(read).split("\r")
    grammar = _grammar(header)
    fields = _parse(f"{header}\r")[0]
    parsed = (_segment(text, grammar) for text in others)
    return Message((Segment("MSH", fields, grammar), *parsed))


def _grammar(header: str) -> Grammar:
    """Give the separators of a header; those that it leaves out are the usual ones."""
    between = header[3:4]
    inner = header[4:].partition(between)[0] if between else ""
    if not inner or len(set(between + inner)) <= len(inner):
        raise NotHl7Error("the header (MSH) does not say how the message is written")
    component, repetition, escape, subcomponent = tuple((inner + "^~\\&"[len(inner) :])[:4])
    start = f"MSH{between}{inner}{between}"
    return Grammar(start, f"{between}{component}{repetition}{subcomponent}", escape)


def _segment(text: str, grammar: Grammar) -> Segment:
    between, name = grammar.separators[0], text[:3]
    if name != OBSERVATION:
        return Segment(name, _parsed(grammar.header, text), grammar)
    fields = text.split(between)
    observed = fields[VALUE] if len(fields) > VALUE else ""
    shell = [name, "", *fields[2:VALUE], "", *fields[VALUE + 1 : _LAST_OF_OBSERVATION + 1]]
    return Segment(name, _parsed_shell(grammar.header, between.join(shell)), grammar, observed)


def _parsed(header: str, text: str) -> Any:  # noqa: ANN401
    """Parse one segment as a message with this header writes it."""
    parsed = _parse(f"{header}\r{text}")
    return parsed[1] if len(parsed) > 1 else ()


_parsed_shell = lru_cache(maxsize=2048)(_parsed)


def _parse(text: str) -> Any:  # noqa: ANN401
    import hl7

    try:
        return hl7.parse(text)
    except (AssertionError, LookupError, TypeError, ValueError, hl7.HL7Exception) as error:
        raise NotHl7Error("the message does not have the grammar of HL7 v2") from error
