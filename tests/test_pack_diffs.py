"""Two packs over the same reports: who is gained, who is lost, and the words that did it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import screener
from small_packs import CONTEXT, TARGETS, write_pack

from screener.pack_diffs import PackDiff, diff_packs
from screener.packs import load_pack
from screener.reports import Rejected, Report
from screener.sources import Source, Tally

WIDER = TARGETS.replace("[innumerable, too", "[innumerable, countless, too")
STRICTER = CONTEXT.replace("(no|without) [evidence of]", "(no|without|absence of) [evidence of]")
REPORTS = [
    Report("r1", "p1", "Countless splenic metastases. Mr Xyzzyname."),
    Report("r2", "p2", "Absence of innumerable splenic metastases."),
    Report("r3", "p3", "Innumerable splenic metastases."),
    Report("r4", "p3", "Countless splenic metastases."),
    Report("r5", "p4", "Normal spleen."),
    Report("r5", "p4", "Normal spleen."),
]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("packs")
    return write_pack(folder / "a"), write_pack(folder / "b", targets=WIDER, context=STRICTER)


def diff(folders: tuple[Path, Path], workers: int = 1) -> PackDiff:
    rows: list[Report | Rejected] = [*REPORTS, Rejected("made", 9, "text is empty")]
    source = Source("made", "made", iter(rows), None, (), Tally())
    return diff_packs([source], *map(load_pack, folders), workers=workers)


def test_patients_are_gained_and_lost_with_the_words_that_did_it(
    folders: tuple[Path, Path],
) -> None:
    found = diff(folders)
    assert [patient.patient_id for patient in found.patients_gained] == ["p1"]
    assert [patient.patient_id for patient in found.patients_lost] == ["p2"]
    (gained,) = found.patients_gained[0].reports
    assert (gained.b.evidence, gained.b.rule_id) == (
        ("Countless splenic metastases",),
        "uncountable",
    )
    assert gained.a.burden == "some"
    (lost,) = found.patients_lost[0].reports
    assert lost.a.evidence == ("innumerable splenic metastases",)
    assert (lost.b.suppressed_by, lost.b.cue) == ("negated", "Absence of")
    assert lost.b.cues == ("Absence of",)


def test_reports_of_a_patient_who_stays_are_gained_all_the_same(
    folders: tuple[Path, Path],
) -> None:
    found = diff(folders)
    assert [report.report_id for report in found.reports_gained] == ["r1", "r4"]
    assert [report.report_id for report in found.reports_lost] == ["r2"]


def test_all_is_counted(folders: tuple[Path, Path]) -> None:
    found = diff(folders)
    assert (found.n_reports, found.n_patients) == (5, 4)
    assert (found.n_rejected, found.n_duplicate) == (1, 1)
    assert found.n_candidate_reports == (2, 3)
    assert found.n_candidate_patients == (2, 2)
    assert found.burden_changes == (("some", "full", 2), ("full", "none", 1))


def test_the_answer_does_not_depend_on_the_workers(folders: tuple[Path, Path]) -> None:
    assert diff(folders, workers=2) == diff(folders)


def test_a_pack_does_not_differ_from_itself(folders: tuple[Path, Path]) -> None:
    found = diff((folders[0], folders[0]))
    assert found.burden_changes == ()
    assert found.reports_gained == found.reports_lost == ()


def test_the_command_prints_json_or_text_and_no_text_beyond_evidence(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    source = tmp_path / "reports.jsonl"
    records = [
        {"report_id": r.report_id, "patient_id": r.patient_id, "text": r.text} for r in REPORTS
    ]
    source.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    as_json = screener("pack", "diff", *folders, source, "--json")
    assert as_json.returncode == 0, as_json.stderr
    told = json.loads(as_json.stdout)
    assert told["patients_lost"][0]["reports"][0]["b"]["cue"] == "Absence of"
    assert told["burden_changes"][0] == {"a": "some", "b": "full", "n": 2}
    assert told["n_candidate_patients"] == {"a": 2, "b": 2}
    as_text = screener("pack", "diff", *folders, source)
    assert as_text.returncode == 0, as_text.stderr
    assert "Patients gained: 1\n  p1\n    r1\n" in as_text.stdout
    assert 'B: none; kept back as negated by "Absence of"' in as_text.stdout
    assert "xyzzyname" not in (as_json.stdout + as_text.stdout).lower()


def test_a_pack_that_is_not_there_ends_with_code_3(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    done = screener("pack", "diff", folders[0], "nosuchpack", tmp_path)
    assert done.returncode == 3
    assert "nosuchpack" in done.stderr
