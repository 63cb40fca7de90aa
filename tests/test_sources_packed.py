"""Archives: any format within ``.gz`` and ``.zip``, and nothing hostile unpacked."""

from __future__ import annotations

import gzip
import io
import re
import tracemalloc
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from fhir_resources import bundle, form
from fhir_resources import report as fhir_report
from hl7_feeds import report
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screener.errors import SourceError
from screener.reports import Rejected, Report
from screener.sources import Source, open_sources

CSV = b"report_id,mrn,report_text\nA1,P1,Clear.\n"
PACKED = gzip.compress(CSV, mtime=0)  # the time would make the name of a test differ by worker


def opened(path: Path) -> Source:
    (source,) = open_sources([str(path)], column_map={})
    return source


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def contents() -> dict[str, bytes]:
    """One report in each format."""
    table = pd.DataFrame({"report_id": ["A1"], "mrn": ["P1"], "report_text": ["Clear."]})
    parquet, workbook = io.BytesIO(), io.BytesIO()
    table.to_parquet(parquet)
    table.to_excel(workbook, index=False)
    one = fhir_report("A1", subject={"reference": "P1"}, presentedForm=[form("Clear.")])
    return {
        "r.csv": CSV,
        "r.tsv": CSV.replace(b",", b"\t"),
        "r.jsonl": b'{"report_id": "A1", "mrn": "P1", "text": "Clear."}\n',
        "r.parquet": parquet.getvalue(),
        "r.xlsx": workbook.getvalue(),
        "r.hl7": report("Clear.").replace(b"P1^", b"P1^"),
        "r.json": bundle(one),
    }


@pytest.mark.parametrize("name", contents())
def test_each_format_is_read_out_of_gz_and_zip(tmp_path: Path, name: str) -> None:
    content = contents()[name]
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress(content))
    archive = zipped(tmp_path / "r.zip", **{f"in/{name}": content})
    for path in (packed, archive):
        (row,) = opened(path).rows
        assert isinstance(row, Report)
        assert (row.report_id, row.patient_id, row.text) == ("A1", "P1", "Clear.")


def test_a_zip_of_many_files_is_one_input(tmp_path: Path) -> None:
    source = opened(
        zipped(
            tmp_path / "all.zip",
            **{
                "1.hl7": report("First.", "A1", "P"),
                "2.hl7": report("Second.", "A1") + b"OBX|1|TX|no header\r",
                "3.csv": CSV.replace(b"A1", b"A3"),
                "p/4.txt": b"Text.",
                "5.pdf": b"%PDF",
                "6.hl7": b"",
                ".hidden.hl7": report("Hidden."),
            },
        )
    )
    rows = list(source.rows)
    texts = {(row.report_id, row.patient_id): row.text for row in rows if isinstance(row, Report)}
    assert texts.pop(("A1", "P1")).startswith("Second.")
    assert texts == {("A3", "P1"): "Clear.", ("p/4", "p"): "Text."}
    assert [row for row in rows if isinstance(row, Rejected)] == [
        Rejected(f"{tmp_path}/all.zip/6.hl7", 1, "the file holds nothing that is read"),
        Rejected(f"{tmp_path}/all.zip/5.pdf", 1, "the member is of no format that is read"),
    ]
    assert source.tally.n_superseded == 1
    assert source.tally.n_read == 5


def test_what_is_hostile_in_a_zip_is_rejected_and_nothing_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    inner = zipped(tmp_path / "inner.zip", **{"r.csv": CSV}).read_bytes()
    archive = zipped(
        folder / "bad.zip",
        **{
            "../../escape.hl7": report("Escaped."),
            "/etc/absolute.hl7": report("Absolute."),
            "nested.zip": inner,
            "nested.csv.gz": PACKED,
            "bomb.hl7": report("Bomb.") + b" " * (80 << 20),
            "good.hl7": report("Good.", "A9"),
        },
    )
    rows = list(opened(archive).rows)
    assert [row.text for row in rows if isinstance(row, Report)] == ["Good."]
    reasons = {Path(row.source).name: row.reason for row in rows if isinstance(row, Rejected)}
    assert reasons == {
        "escape.hl7": "the name of the member leads out of the archive",
        "absolute.hl7": "the name of the member leads out of the archive",
        "nested.zip": "an archive within an archive is not opened",
        "nested.csv.gz": "an archive within an archive is not opened",
        "bomb.hl7": "the file cannot be read to its end (it unpacks to over 250 times its size)",
    }
    assert [path.name for path in folder.iterdir()] == ["bad.zip"]
    assert not list(tmp_path.parent.glob("escape.hl7"))


@pytest.mark.parametrize(
    ("at", "offset", "byte", "told"),
    [
        pytest.param(b"PK\x01\x02", 46, 0, "has no name", id="first letter of a name"),
        pytest.param(b"PK\x05\x06", 12, 255, "damaged", id="size of the list"),
    ],
)
def test_a_list_of_members_that_is_damaged_is_told(
    tmp_path: Path, at: bytes, offset: int, byte: int, told: str
) -> None:
    path = zipped(tmp_path / "r.zip", **{"1.hl7": report("One."), "2.csv": CSV})
    content = bytearray(path.read_bytes())
    content[content.index(at) + offset] = byte
    path.write_bytes(content)
    try:
        reasons = [row.reason for row in opened(path).rows if isinstance(row, Rejected)]
    except SourceError as error:
        reasons = [str(error)]
    assert re.search(told, "\n".join(reasons))


@pytest.mark.parametrize("name", ["bomb.csv.gz", "bomb.hl7.gz", "bomb.json.gz"])
def test_a_bomb_is_an_error_in_bounded_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with gzip.open(path, "wb", compresslevel=9) as packed:
        packed.write(CSV + b"A2,P2,")
        for _ in range(100):
            packed.write(b"x" * (1 << 20))
    tracemalloc.start()
    with pytest.raises(SourceError, match=rf"{name}.* over 250 times its size"):
        opened(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 200 << 20


@pytest.mark.parametrize("name", ["r.csv.gz", "r.hl7.gz", "r.jsonl.gz"])
def test_a_gzip_that_is_cut_off_is_an_error(tmp_path: Path, name: str) -> None:
    lines = "".join(f'{{"id": {n}, "text": "report {n * 7919}"}}\n' for n in range(2000)).encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(lines)[:-200])
    with pytest.raises(SourceError, match=rf"{name}: cannot be read.*it is cut off"):
        opened(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("r.csv.gz", b"no gzip"),
        ("r.csv.gz", b""),
        ("r.zip", b"no zip"),
        ("r.zip", b""),
        ("r.gz", PACKED),
        ("r.zip.gz", PACKED),
        ("r.tar.gz", PACKED),
    ],
)
def test_what_is_no_archive_is_an_error(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=rf"{name}"):
        opened(tmp_path / name)


def test_a_workbook_that_is_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = zipped(tmp_path / "r.xlsx", **{"xl/worksheets/sheet1.xml": b" " * (80 << 20)})
    with pytest.raises(SourceError, match=r"r\.xlsx: unpacks to over 250 times its size"):
        opened(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.integers(0, 700), st.binary(min_size=1, max_size=4))
def test_any_damage_to_an_archive_is_told(tmp_path: Path, at: int, damage: bytes) -> None:
    path = zipped(tmp_path / "r.zip", **{"1.hl7": report("One."), "2.csv": CSV})
    packed = gzip.compress(report("One."))
    for name, content in (("r.zip", path.read_bytes()), ("r.hl7.gz", packed)):
        damaged = bytearray(content)
        damaged[at : at + len(damage)] = damage
        (tmp_path / name).write_bytes(damaged)
        try:
            for row in opened(tmp_path / name).rows:
                assert isinstance(row, Report | Rejected)
        except SourceError as error:
            assert name in str(error)  # noqa: PT017
