"""Tables and JSON Lines of any bytes are read to their end, or refused by name."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screener.errors import SourceError
from screener.reports import Rejected, Report
from screener.sources import open_sources

TABLE = pd.DataFrame({"report_id": ["A1", "A2"], "mrn": ["P1", "P2"], "text": ["Clear.", ""]})
LINES = b'{"report_id": "A1", "mrn": "P1", "text": "Clear."}\n{"report_id": 2, "text": null}\n'
_SIGNS = b'{ } [ ] " \\ \\u00 : , null 1e999 \xff "text" "report_id" \xef\xbb\xbf NaN - 0'.split()
_PIECES = st.sampled_from([*_SIGNS, b"\n", b"\r"])
slowly = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def whole(name: str) -> bytes:
    written = io.BytesIO()
    if name.endswith("parquet"):
        TABLE.to_parquet(written)
    else:
        TABLE.to_excel(written, index=False)
    return written.getvalue()


WHOLE = {name: whole(name) for name in ("r.parquet", "r.xlsx")}


def is_read_or_refused(path: Path, content: bytes) -> bool:
    path.write_bytes(content)
    try:
        (source,) = open_sources([str(path)], column_map={})
        return all(isinstance(row, Report | Rejected) for row in source.rows)
    except SourceError as error:
        return path.name in str(error)


@pytest.mark.parametrize("name", WHOLE)
@slowly
@given(st.integers(0, 12_000), st.binary(max_size=6), st.booleans())
def test_a_damaged_table_is_read_or_refused(
    tmp_path: Path, name: str, at: int, damage: bytes, is_cut: bool
) -> None:
    content = WHOLE[name]
    place = at % len(content)
    rest = b"" if is_cut else content[place + len(damage) :]
    assert is_read_or_refused(tmp_path / name, content[:place] + damage + rest)


@slowly
@given(st.lists(st.one_of(_PIECES, st.binary(max_size=4)), max_size=25), st.integers(0, len(LINES)))
def test_any_json_lines_are_read_or_refused(tmp_path: Path, pieces: list[bytes], at: int) -> None:
    spoilt = LINES[:at] + b"".join(pieces) + LINES[at:]
    assert is_read_or_refused(tmp_path / "r.jsonl", spoilt)
