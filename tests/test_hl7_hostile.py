"""HL7 v2 that is broken, huge or hostile: a reason for each, in bounded time and memory."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from typing import BinaryIO, cast

import pytest
from hl7_feeds import obr, obx, oru, report
from hypothesis import given
from hypothesis import strategies as st

from screener.sources.documents import Document, Skipped
from screener.sources.hl7_framing import LONGEST_MESSAGE, RawMessage, read_messages
from screener.sources.hl7_results import read_results
from screener.sources.rows import Fault

MEGABYTE = 1 << 20


class Endless(io.RawIOBase):
    """A stream of some pieces, made as they are read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def read(self, size: int = -1) -> bytes:
        assert size > 0
        return next(self._pieces, b"")


def repeated(start: bytes, piece: bytes, n_bytes: int, end: bytes) -> Iterator[bytes]:
    yield start
    for _ in range(n_bytes // len(piece)):
        yield piece
    yield end


@pytest.mark.parametrize(
    ("piece", "n_megabytes"),
    [
        pytest.param(b"x" * 50_000, 100, id="one endless line"),
        pytest.param(b"OBX|1|TX|a||" + b"x" * 40_000 + b"\r", 100, id="long segments"),
        pytest.param(b"\n" * 50_000, 100, id="blank lines"),
        pytest.param(b"text that goes on".ljust(4000) + b"\n", 100, id="one endless text"),
        pytest.param(b"OBX|1|TX|a||b\r" * 3000, 1, id="segments without end"),
    ],
)
def test_a_message_of_100_megabytes_is_told_and_the_next_is_read(
    piece: bytes, n_megabytes: int
) -> None:
    start = oru(obr(), "OBX|1|TX|a||").rstrip(b"\r")
    pieces = repeated(start, piece, n_megabytes * MEGABYTE, b"\r" + report("Kept.", "A2"))
    tracemalloc.start()
    first, kept = read_results(cast("BinaryIO", Endless(pieces)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(kept, Document)
    assert kept.body == "Kept."
    assert isinstance(first, Fault)
    assert first.line == 1
    assert peak < 4 * LONGEST_MESSAGE


def test_many_messages_need_no_more_memory_than_one() -> None:
    pieces = repeated(b"\n", report("Text.") * 100, 4 * MEGABYTE, b"")
    tracemalloc.start()
    n_messages = sum(1 for _ in read_messages(cast("BinaryIO", Endless(pieces))))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert n_messages > 10_000
    assert peak < MEGABYTE


_PIECES = st.sampled_from(
    [
        *(b"MSH|^~\\&|", b"MSH|", b"MSH^", b"PID|", b"OBR|1||A1|", b"OBX|1|TX|a|1|", b"ORU^R01"),
        *(b"\r", b"\n", b"\r\n", b"\x0b", b"\x1c\r", b"<SB>", b"<EB>", b"<R>", b"\\", b"\\X0D\\"),
        *(
            b"|",
            b"^",
            b"~",
            b"&",
            b"||||",
            b"BHS|",
            b"BTS|1",
            b"\xff\xfe",
            b"\x00",
            b"text",
            b"2.5",
        ),
        *(report("Text."), report("Text.", "A2", "P")),
    ]
)


@given(st.lists(st.one_of(_PIECES, st.binary(max_size=8)), max_size=40).map(b"".join))
def test_any_bytes_are_read_to_their_end(content: bytes) -> None:
    for item in read_results(io.BytesIO(content)):
        assert isinstance(item, Document | Skipped | Fault)
        if isinstance(item, Document):
            assert item.report_id
            assert item.line >= 1


@given(st.lists(_PIECES, max_size=30).map(b"".join), st.integers(1, 40))
def test_messages_do_not_depend_on_how_the_bytes_arrive(content: bytes, size: int) -> None:
    pieces = (content[at : at + size] for at in range(0, len(content), size))
    assert list(read_messages(cast("BinaryIO", Endless(pieces)))) == list(
        read_messages(io.BytesIO(content))
    )


@given(st.integers(0, 400), st.binary(max_size=6))
def test_a_damaged_message_does_not_touch_the_next(at: int, damage: bytes) -> None:
    """Only a header that is damaged into the feed can join two messages; all others are kept."""
    damaged = bytearray(report("First.", "A1"))
    damaged[at : at + len(damage)] = damage
    content = b"\x0b" + bytes(damaged) + b"\x1c\r\x0b" + report("Second.", "A2") + b"\x1c\r"
    *_, last = read_results(io.BytesIO(content))
    assert isinstance(last, Document)
    assert (last.accession, last.body) == ("A2", "Second.")


@given(st.text(max_size=60))
def test_no_text_is_lost_between_escapes(text: str) -> None:
    plain = "".join(c for c in text if c.isprintable() and c not in "|^~&\\<").strip()
    escaped = f"{plain}\\T\\{plain}\\.br\\{plain}"
    (item,) = read_results(io.BytesIO(oru(obr(), obx(f"a{escaped}"))))
    assert isinstance(item, Document)
    assert item.body == f"a{plain}&{plain}\n{plain}"


def test_a_header_that_names_itself_many_times_is_one_message_each() -> None:
    messages = list(read_messages(io.BytesIO(b"MSH|^~\\&|\r" * 1000)))
    assert len(messages) == 1000
    assert all(isinstance(one, RawMessage) for one in messages)
