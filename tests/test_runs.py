"""A run appears whole or not at all, and accounts for every row that was read."""

from __future__ import annotations

import csv
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from screener.assessments import Assessment
from screener.errors import RunError, SourceError, TextError
from screener.findings import Finding
from screener.packs import RulePack, load_pack
from screener.reports import Rejected, Report
from screener.run_records import Counts, RunOptions
from screener.runs import RunSummary, screen_sources
from screener.screening import ScreenedReport
from screener.sources import Source, Tally

PLANTED = "xyzzyname"
KILL, RAISE, REFUSE = "KILL", "RAISE", "REFUSE"


class StubScreener:
    """Says what the text's first word tells it to; stands in where failures are the matter."""

    def screen_report(self, report: Report) -> ScreenedReport:
        if report.text.startswith(KILL):
            os._exit(9)
        if report.text.startswith(RAISE):
            raise ValueError(report.text)
        if report.text.startswith(REFUSE):
            raise TextError("text of too many words")
        burden = "extensive" if "innumerable" in report.text else "none"
        return ScreenedReport(
            report.report_id,
            report.patient_id,
            report.exam_on,
            _assessment(report, burden),
            _findings(report),
        )


def _assessment(report: Report, burden: str) -> Assessment:
    is_candidate = burden == "extensive"
    return Assessment(
        report.report_id,
        report.patient_id,
        burden,
        is_candidate,
        "definite" if is_candidate else None,
        None,
        100.0 if is_candidate else 0.0,
        ("innumerable",) if is_candidate else (),
    )


def _findings(report: Report) -> tuple[Finding, ...]:
    start = report.text.find("innumerable")
    if start < 0:
        return ()
    end = start + len("innumerable")
    return (
        Finding(
            report.report_id,
            start,
            end,
            report.text[start:end],
            "uncountable",
            "impression",
            negated=False,
            historical=False,
            hypothetical=False,
            uncertain=False,
            family=False,
            cue="",
            rule_id="innumerable",
        ),
    )


def build_broken() -> StubScreener:
    os._exit(9)


@pytest.fixture(scope="module")
def pack() -> RulePack:
    return load_pack("liver_tumor_burden")


def report(number: int, text: str = "", **more: Any) -> Report:
    text = text or ("innumerable lesions" if number % 7 == 0 else "normal liver")
    return Report(f"r{number}", f"p{number % 40}", f"{text} {number}", **more)


def source(*rows: Report | Rejected, name: str = "made.csv") -> Source:
    return Source(name, "made", iter(rows), None, (), Tally())


def run(pack: RulePack, out: Path, *rows: Report | Rejected, **options: Any) -> RunSummary:
    return screen_sources(
        [source(*rows)], pack, out, options=RunOptions(**options), build=StubScreener
    )


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def tables_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix != ".json"}


MIXED: tuple[Report | Rejected, ...] = tuple(
    Rejected("made.csv", number, "text is empty")
    if number % 31 == 5
    else report(number, exam_on=date(2020, 1, 1 + number % 28))
    for number in range(300)
)


@pytest.mark.parametrize("table_format", ["csv", "jsonl", "parquet"])
def test_the_bytes_do_not_depend_on_the_number_of_workers(
    pack: RulePack, tmp_path: Path, table_format: str
) -> None:
    for n_workers in (1, 2):
        out = tmp_path / str(n_workers)
        run(pack, out, *MIXED, n_workers=n_workers, table_format=table_format)
    one = tables_of(tmp_path / "1")
    tables = ["findings", "near_misses", "patients", "rejected", "reports"]
    assert sorted(one) == [*(f"{t}.{table_format}" for t in tables), "screen.html"]
    assert one == tables_of(tmp_path / "2")


def test_tables_stand_in_order_of_the_input_and_patients_in_rank_order(
    pack: RulePack, tmp_path: Path
) -> None:
    run(pack, tmp_path / "run", *MIXED)
    reports = [row["report_id"] for row in rows_of(tmp_path / "run" / "reports.csv")]
    assert reports == [row.report_id for row in MIXED if isinstance(row, Report)]
    patients = rows_of(tmp_path / "run" / "patients.csv")
    assert [int(row["rank"]) for row in patients] == list(range(1, 41))
    assert {row["patient_id"] for row in patients} == {f"p{number}" for number in range(40)}
    scores = [float(row["score"]) for row in patients]
    assert scores == sorted(scores, reverse=True)
    assert patients[0]["tier"] == "candidate"
    assert patients[-1]["tier"] == "none"


def test_every_row_read_is_screened_rejected_or_a_duplicate(pack: RulePack, tmp_path: Path) -> None:
    same_id = Report("r1", "p1", "normal liver, but another text")
    summary = run(
        pack,
        tmp_path / "run",
        report(1),
        report(2),
        report(1),
        same_id,
        Rejected("made.csv", 9, "text is empty"),
        report(3, REFUSE),
    )
    counts = json.loads((tmp_path / "run" / "run.json").read_text())["counts"]
    assert (counts["n_read"], counts["n_screened"]) == (6, 3)
    assert (counts["n_rejected"], counts["n_duplicate"]) == (2, 1)
    assert summary.counts.n_repeated_ids == counts["n_repeated_ids"] == 1
    reports = [row["report_id"] for row in rows_of(tmp_path / "run" / "reports.csv")]
    assert reports == ["r1", "r2", "r1"]


def test_reports_that_differ_in_any_field_are_no_duplicates(pack: RulePack, tmp_path: Path) -> None:
    plain = Report("ab", "c", "text")
    others = [Report("a", "bc", "text"), Report("ab", "c", "text", accession="7")]
    summary = run(pack, tmp_path / "run", plain, *others)
    assert (summary.counts.n_screened, summary.counts.n_duplicate) == (3, 0)


def test_a_run_that_does_not_add_up_fails() -> None:
    Counts(n_read=3, n_screened=1, n_rejected=1, n_duplicate=1).check()
    with pytest.raises(RunError, match="does not add up: 4 rows"):
        Counts(n_read=4, n_screened=1, n_rejected=1, n_duplicate=1).check()


@pytest.mark.parametrize("n_workers", [1, 2])
def test_a_report_that_raises_is_rejected_without_its_text_and_the_rest_goes_on(
    pack: RulePack, tmp_path: Path, n_workers: int
) -> None:
    bad = report(2, f"{RAISE} {PLANTED}")
    run(pack, tmp_path / "run", report(1), bad, report(3), n_workers=n_workers)
    assert len(rows_of(tmp_path / "run" / "reports.csv")) == 2
    (rejected,) = rows_of(tmp_path / "run" / "rejected.csv")
    assert (rejected["source"], rejected["report_id"]) == ("made.csv", "r2")
    assert rejected["reason"].startswith(
        "the report could not be analysed: ValueError at screener."
    )
    assert not [
        file for file in (tmp_path / "run").iterdir() if PLANTED.encode() in file.read_bytes()
    ]


def test_a_report_that_kills_its_process_is_rejected_and_the_rest_goes_on(
    pack: RulePack, tmp_path: Path
) -> None:
    rows = [report(number, KILL if number == 70 else "") for number in range(200)]
    run(pack, tmp_path / "run", *rows, n_workers=2)
    (rejected,) = rows_of(tmp_path / "run" / "rejected.csv")
    assert rejected["report_id"] == "r70"
    assert rejected["reason"] == "the process that screened this report died"
    assert len(rows_of(tmp_path / "run" / "reports.csv")) == 199


def test_workers_that_die_as_they_start_end_the_run(pack: RulePack, tmp_path: Path) -> None:
    options = RunOptions(n_workers=2)
    with pytest.raises(RunError, match="die as they start"):
        screen_sources(
            [source(report(1))], pack, tmp_path / "run", options=options, build=build_broken
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("n_workers", [1, 2])
@pytest.mark.parametrize("fault", [SourceError("gone"), KeyboardInterrupt(), OSError(28, "full")])
def test_a_run_that_fails_leaves_nothing(
    pack: RulePack, tmp_path: Path, fault: BaseException, n_workers: int
) -> None:
    def rows() -> Iterator[Report | Rejected]:
        yield from (report(number) for number in range(100))
        raise fault

    failing = Source("made.csv", "made", rows(), None, (), Tally())
    expected = RunError if isinstance(fault, OSError) else type(fault)
    with pytest.raises(expected):
        screen_sources(
            [failing],
            pack,
            tmp_path / "run",
            options=RunOptions(n_workers=n_workers),
            build=StubScreener,
        )
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_fails_leaves_the_earlier_run_as_it_was(pack: RulePack, tmp_path: Path) -> None:
    run(pack, tmp_path / "run", report(1))
    before = tables_of(tmp_path / "run")

    def rows() -> Iterator[Report | Rejected]:
        yield report(2)
        raise SourceError("gone")

    failing = Source("made.csv", "made", rows(), None, (), Tally())
    with pytest.raises(SourceError):
        screen_sources(
            [failing],
            pack,
            tmp_path / "run",
            options=RunOptions(replace=True),
            build=StubScreener,
        )
    assert tables_of(tmp_path / "run") == before
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_an_existing_run_is_refused_without_force_and_replaced_with_it(
    pack: RulePack, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    run(pack, out, report(1))
    with pytest.raises(RunError, match="already exists"):
        run(pack, out, report(2))
    run(pack, out, report(2), replace=True)
    assert [row["report_id"] for row in rows_of(out / "reports.csv")] == ["r2"]
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_force_does_not_replace_what_is_no_run(pack: RulePack, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    with pytest.raises(RunError, match="not a run"):
        run(pack, tmp_path / "thesis", report(1), replace=True)
    assert (tmp_path / "thesis" / "chapter.txt").read_text() == "years of work"


def test_outputs_are_readable_by_their_owner_only(pack: RulePack, tmp_path: Path) -> None:
    modes: set[int] = set()

    def rows() -> Iterator[Report | Rejected]:
        yield report(1)
        (work,) = tmp_path.iterdir()
        modes.update(stat.S_IMODE(file.stat().st_mode) for file in work.iterdir())

    before = os.umask(0)
    try:
        made = Source("made.csv", "made", rows(), None, (), Tally())
        screen_sources([made], pack, tmp_path / "run", build=StubScreener)
    finally:
        os.umask(before)
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "run").stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "run").iterdir()} == {0o600}


def test_a_run_holds_its_tables_and_its_record_and_nothing_else(
    pack: RulePack, tmp_path: Path
) -> None:
    run(pack, tmp_path / "run", report(1))
    names = sorted(file.name for file in (tmp_path / "run").iterdir())
    assert names == [
        *("findings.csv", "near_misses.csv", "patients.csv", "rejected.csv", "reports.csv"),
        *("run.json", "screen.html"),
    ]


def test_the_record_names_versions_pack_and_options(pack: RulePack, tmp_path: Path) -> None:
    run(pack, tmp_path / "run", report(1), more={"map": {"text": "NARR"}})
    record = json.loads((tmp_path / "run" / "run.json").read_text())
    assert record["pack"] == {
        "name": "liver_tumor_burden",
        "version": pack.version,
        "sha256": pack.sha256,
    }
    assert {"screener", "python", "spacy", "medspacy"} <= record["versions"].keys()
    assert record["options"] == {
        "workers": 1,
        "format": "csv",
        "force": False,
        "gate": True,
        "scheduler": None,
        "map": {"text": "NARR"},
    }
    assert record["started_at"].endswith("+00:00")


def test_an_empty_input_gives_an_empty_run(pack: RulePack, tmp_path: Path) -> None:
    summary = run(pack, tmp_path / "run")
    assert summary.counts == Counts()
    assert rows_of(tmp_path / "run" / "patients.csv") == []


MEASURE = """
import resource, sys
from pathlib import Path
import test_runs
from screener.packs import load_pack
from screener.reports import Report
from screener.runs import screen_sources
from screener.sources import Source, Tally

def rows(n):
    for number in range(n):
        yield Report(f"r{number}", f"p{number // 3}", f"{number} " + "normal liver " * 400)

n = int(sys.argv[1])
made = Source("made.csv", "made", rows(n), None, (), Tally())
pack = load_pack("liver_tumor_burden")
screen_sources([made], pack, Path(sys.argv[2]), build=test_runs.StubScreener)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_reports(tmp_path: Path) -> None:
    def peak_kib(n_reports: int) -> int:
        command = [sys.executable, "-c", MEASURE, str(n_reports), str(tmp_path / str(n_reports))]
        path = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
        environment = {**os.environ, "PYTHONPATH": path}
        done = subprocess.run(command, capture_output=True, check=True, env=environment)
        return int(done.stdout)

    # 18,000 more reports of 5 kB are 90 MB of text; the index's cache may take a little
    assert peak_kib(20_000) - peak_kib(2_000) < 24 * 1024
