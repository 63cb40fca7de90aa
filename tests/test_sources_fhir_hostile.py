"""FHIR R4 that never ends, is damaged, or is made to harm: told, in bounded time and memory."""

from __future__ import annotations

import io
import json
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

import pytest
from fhir_resources import bundle, form, lines, report
from hypothesis import given
from hypothesis import strategies as st

from screener.sources.documents import Document, Skipped
from screener.sources.fhir_reports import read_fhir
from screener.sources.fhir_streams import LONGEST_RESOURCE, read_resources
from screener.sources.markup import text_of_html, text_of_rtf
from screener.sources.rows import Fault

ENTITY_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{("&" + a + ";") * 10}">' for a, b in zip("abcdefgh", "bcdefghi"))  # noqa: B905
    + "]><div>&i;</div>"
)


class Endless(io.RawIOBase):
    """A stream of some pieces, made as they are read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        self._rest = self._rest or next(self._pieces, b"")
        got, self._rest = self._rest[:size], self._rest[size:]
        return got


def many(n_entries: int) -> Iterator[bytes]:
    entry = json.dumps({"resource": report(presentedForm=[form("x" * 10_000)])}).encode()
    yield b'{"resourceType": "Bundle",\n"entry": ['
    for _ in range(n_entries):
        yield entry + b","
    yield entry + b"]}"


def test_a_bundle_of_many_reports_needs_the_memory_of_few() -> None:
    tracemalloc.start()
    n_resources = sum(1 for _ in read_resources(cast("BinaryIO", Endless(many(2000)))))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert n_resources == 2001
    assert peak < 8 << 20  # of 27 MB


@pytest.mark.parametrize(
    "start",
    [b'{"resourceType":\n"DiagnosticReport", "conclusion": "', b'{"resourceType": "X", "a": "}'],
)
def test_a_resource_that_never_ends_is_told_in_bounded_memory(start: bytes) -> None:  # fmt: skip
    pieces = iter([start, *[b"x" * (1 << 20)] * 40])
    (item,) = read_resources(cast("BinaryIO", Endless(pieces)))
    assert isinstance(item, Fault)


def test_a_resource_that_is_too_long_is_told_and_the_next_is_read() -> None:
    long = [f'"{n}": "{"x" * (1 << 20)}"' for n in range(2 + LONGEST_RESOURCE // (1 << 20))]
    content = f'[{{"resourceType":\n"X", {", ".join(long)}}}, {{"resourceType": "Y"}}]'.encode()
    fault, kept = read_resources(io.BytesIO(content))
    assert isinstance(fault, Fault)
    assert kept == (2, {"resourceType": "Y"})


def test_a_first_line_that_is_too_long_is_told_and_the_next_is_read() -> None:
    long = b'{"resourceType": "X", "id": "' + b"x" * (3 * LONGEST_RESOURCE) + b'"}\n'
    content = long + lines({"resourceType": "Y"}, {"resourceType": "Z"})
    fault, *kept = read_resources(io.BytesIO(content))
    assert isinstance(fault, Fault)
    assert kept == [(2, {"resourceType": "Y"}), (3, {"resourceType": "Z"})]


def test_an_entity_bomb_stays_small() -> None:
    assert text_of_html(ENTITY_BOMB) in {"]>&i;", "]>\n&i;", "&i;"}


@pytest.mark.parametrize(
    "piece",
    ["<!--", "<!", "<a ", "<a b='", "</", "<![CDATA[", "&", "&#", "<p>", "<script>", "<pre>\n "],
)
def test_markup_that_never_closes_is_read_in_a_moment(piece: str) -> None:
    began = time.process_time()
    text_of_html(piece * (400_000 // len(piece)))
    assert time.process_time() - began < 5


@pytest.mark.parametrize("piece", ["{", r"\'", r"\u", r"{\*\a", r"\bin99999999 ", r"\par "])
def test_rtf_that_never_closes_is_read_in_a_moment(piece: str) -> None:
    began = time.process_time()
    text_of_rtf(r"{\rtf1 " + piece * (200_000 // len(piece)))
    assert time.process_time() - began < 5


def test_a_million_brackets_are_no_crash() -> None:
    for content in (b"[" * 1_000_000, b'{"a":' * 1_000_000, b'{"a":\n' * 200_000):
        assert all(isinstance(item, Fault) for item in read_resources(io.BytesIO(content)))


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["coding", "code", "text", "reference", "value"]), inner),
    ),
    max_leaves=6,
)
_KEYS = [
    *("id", "status", "category", "code", "subject", "effectiveDateTime", "effectivePeriod"),
    *("identifier", "presentedForm", "conclusion", "contained", "result", "text", "meta"),
    *("performer", "note", "component", "valueString", "modality", "resourceType"),
]


@given(st.lists(st.dictionaries(st.sampled_from(_KEYS), _JSON), max_size=4), st.booleans())
def test_any_resource_is_read_or_told(shapes: list[dict[str, Any]], is_bundle: bool) -> None:
    resources = [{"resourceType": "DiagnosticReport", **shape} for shape in shapes]
    content = bundle(*resources) if is_bundle else lines(*resources)
    items = list(read_fhir(lambda: io.BytesIO(content)))
    assert len(items) == len(resources)
    assert all(isinstance(item, Document | Skipped | Fault) for item in items)


@given(st.integers(0, 2000), st.binary(max_size=4), st.booleans())
def test_any_damage_is_told(at: int, damage: bytes, is_bundle: bool) -> None:
    resources = [report(f"r{n}", conclusion="None.") for n in range(3)]
    content = bytearray(bundle(*resources) if is_bundle else lines(*resources))
    content[at : at + len(damage)] = damage
    for item in read_fhir(lambda: io.BytesIO(bytes(content))):
        assert isinstance(item, Document | Skipped | Fault)
