"""What a study says of its readers and its screen, from reads that are known."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import screener
from small_studies import (
    CANNOT,
    N_FLAGGED,
    NO,
    YES,
    MakeStudy,
    lock_all,
    write_reports,
)

from screener.adjudication import open_study
from screener.agreeing_studies import figures_of_study
from screener.agreement.measures import Resampling
from screener.consensus import Opinion
from screener.drawing import DrawOptions, draw_cases
from screener.draws import Cut
from screener.errors import RunError, StudyError
from screener.packs import load_pack
from screener.reading import open_reading
from screener.run_records import RunOptions
from screener.runs import screen_sources
from screener.simulated_readers import SIMULATED, simulated_form
from screener.sources import open_sources
from screener.study_making import StudyOptions, make_study

ON_SQLITE = pytest.mark.parametrize("store_kind", ["sqlite"])
FEW = Resampling(50, 1)


def read_by_the_book(study: Path, reader: str, wrong: int = 0) -> None:
    """Say yes to the flagged patients and no to the others, but for some of the first."""
    with open_reading(study, reader) as reading:
        items = sorted(reading.worklist(), key=lambda item: item.patient_id)
        for place, item in enumerate(items):
            is_flagged = int(item.patient_id[1:]) <= N_FLAGGED
            reading.lock(item.case_id, YES if is_flagged and place >= wrong else NO)


@ON_SQLITE
def test_agreement_is_of_first_reads_and_the_audit_bounds_what_was_missed(make: MakeStudy) -> None:
    study = make()
    read_by_the_book(study, "ada")
    read_by_the_book(study, "ben")
    read_by_the_book(study, "cleo", wrong=1)
    with open_reading(study, "cleo") as reading:
        for item in reading.worklist():
            reading.amend(item.case_id, CANNOT, "changes no agreement")
    figures = figures_of_study(study, FEW)
    told = figures.to_dict()
    # 9 of 10 cases alike; in one of them 1 of 3 pairs agrees: (9 + 1/3) / 10
    assert told["coefficients"]["percent_agreement"]["value"] == pytest.approx(28 / 30)
    assert (told["n_cases"], told["n_readers"]) == (10, 3)
    assert told["coefficients"]["icc_a1"]["value"] is not None
    assert [pair["readers"] for pair in told["pairwise"]] == [
        *(["ada", "ben"], ["ada", "cleo"], ["ben", "cleo"])
    ]
    missed = told["missed"]
    assert (missed["n_unflagged"], missed["n_read"], missed["n_found"]) == (24, 4, 0)
    # C(13, 4) / C(24, 4) = 715 / 10,626 is more than 1 in 20, C(12, 4) = 495 is less
    assert missed["missed_at_most"] == 11
    assert (missed["n_flagged"], missed["n_confirmed"]) == (6, 6)


@ON_SQLITE
def test_a_reader_is_overruled_by_the_result_and_not_by_the_other_readers(make: MakeStudy) -> None:
    study = make(rule="two_plus_one", adjudicator="dora")
    lock_all(study, "ada", YES)
    lock_all(study, "ben", NO)
    lock_all(study, "cleo", NO)
    with open_study(study) as session:
        session.settle()
    with open_reading(study, "dora") as reading:
        first, second, *_ = reading.worklist()
        reading.lock(first.case_id, YES)
        reading.lock(second.case_id, NO)
    readers = figures_of_study(study, FEW).verdicts.readers
    told = {one.reader: (one.n_read, one.n_compared, one.n_overruled) for one in readers}
    assert told == {"ada": (10, 2, 1), "ben": (10, 2, 1), "cleo": (10, 2, 1)}


@ON_SQLITE
def test_a_study_without_a_complete_case_has_no_agreement(make: MakeStudy) -> None:
    study = make()
    lock_all(study, "ada")
    lock_all(study, "ben")
    with pytest.raises(StudyError, match="No case of the main round is complete"):
        figures_of_study(study, FEW)
    assert screener("agree", str(study)).returncode == 3


@ON_SQLITE
def test_calibration_cases_are_apart_from_the_statistics(make: MakeStudy) -> None:
    study = make(draw=None)
    draw_cases(study, DrawOptions(Cut(top=2, n_audit=1), is_calibration=True))
    draw_cases(study, DrawOptions(Cut(n_audit=3)))
    with open_reading(study, "ada") as reading:
        rounds = [item.round for item in reading.worklist()]
    assert rounds == ["calibration"] * 3 + ["main"] * 7
    for reader in ("ada", "ben", "cleo"):
        read_by_the_book(study, reader)
    figures = figures_of_study(study, FEW)
    assert figures.verdicts.n_cases == 7
    assert figures.missed is not None
    assert figures.missed.audit.n_unflagged == 23
    with open_study(study) as session:
        assert len(session.settle().settled) == 7


@ON_SQLITE
def test_the_command_shows_the_verdict_the_percent_and_the_missed(make: MakeStudy) -> None:
    study = make()
    for reader in ("ada", "ben", "cleo"):
        read_by_the_book(study, reader)
    done = screener("agree", str(study), "--resamples", "0")
    assert done.returncode == 0, done.stderr
    for part in ("The verdict", "Gwet's AC1", "The percent involved", "ICC(A,1)", "at most 11"):
        assert part in done.stdout
    done = screener("agree", str(study), "--resamples", "0", "--json")
    assert json.loads(done.stdout)["missed"]["n_read"] == 4


@ON_SQLITE
def test_the_adjudicator_and_a_meeting_settle_what_readers_differ_about(make: MakeStudy) -> None:
    study = make(rule="two_plus_one", adjudicator="dora")
    read_by_the_book(study, "ada")
    read_by_the_book(study, "ben")
    read_by_the_book(study, "cleo", wrong=2)
    with open_study(study) as session:
        first = session.settle()
        assert (len(first.settled), len(first.open), first.n_sent_on) == (8, 2, 2)
        assert {one.why for one in first.open} == {"the readers differ; the adjudicator decides"}
        assert session.settle().n_sent_on == 0
    lock_all(study, "dora", YES)
    with open_study(study) as session:
        settled = session.settle().settled
        assert sorted(one.basis for one in settled) == ["adjudicator"] * 2 + ["reads"] * 8
        assert session.status().readers[-1].n_locked == 2
    met = make("met", rule="unanimous_else_meeting")
    for reader, wrong in (("ada", 0), ("ben", 0), ("cleo", 1)):
        read_by_the_book(met, reader, wrong)
    with open_study(met) as session:
        (still,) = session.settle().open
        session.record_meeting(still.case_id, Opinion("yes", 85.0), by="all", reason="looked")
        (last,) = [one for one in session.settle().settled if one.basis == "meeting"]
        assert (last.case_id, last.verdict, last.percent) == (still.case_id, "yes", 85.0)
        with pytest.raises(StudyError, match="settled already"):
            session.record_meeting(still.case_id, Opinion("no"), by="all", reason="again")


@ON_SQLITE
def test_a_later_draw_only_extends_the_audit_sample(make: MakeStudy) -> None:
    study = make()
    for cut in (Cut(), Cut(top=3, n_audit=2), Cut(tiers=("candidate",))):
        with pytest.raises(StudyError, match="only its audit sample can grow"):
            draw_cases(study, DrawOptions(cut))
    more = draw_cases(study, DrawOptions(Cut(n_audit=5)))
    assert (more.n_flagged, more.n_audit, more.n_unflagged) == (0, 5, 20)
    with open_study(study) as session:
        status = session.status()
    assert (status.n_audit, status.n_unflagged) == (9, 24)
    with pytest.raises(StudyError, match="only 15 patients"):
        draw_cases(study, DrawOptions(Cut(n_audit=16)))


@ON_SQLITE
def test_the_same_seed_draws_the_same_and_another_seed_others(make: MakeStudy) -> None:
    drawn = []
    for name, seed in (("one", 11), ("two", 11), ("three", 12)):
        with open_study(make(name, seed=seed)) as session:
            drawn.append([(one.case_id, one.patient_id) for one in session.office.origins()])
    assert drawn[0] == drawn[1] != drawn[2]


@ON_SQLITE
def test_who_is_not_eligible_is_neither_flagged_nor_sampled(
    make: MakeStudy, tmp_path: Path
) -> None:
    study = make(draw=None)
    listed = tmp_path / "eligible.csv"
    ids = [f"P{number:03d}" for number in (1, 2, *range(7, 27))]
    listed.write_text("\n".join(["patient_id", *ids]), encoding="utf-8")
    done = screener(
        *("study", "draw", str(study), "--audit", "5", "--eligible", str(listed), "--json")
    )
    told = json.loads(done.stdout)
    assert (told["n_flagged"], told["n_audit"], told["n_unflagged"]) == (2, 5, 20)
    with open_study(study) as session:
        assert {row.patient_id for row in session.office.origins()} <= set(ids)
    with pytest.raises(StudyError, match="only grow from the same patients"):
        draw_cases(study, DrawOptions(Cut(n_audit=1)))


def test_inputs_that_changed_since_the_run_are_refused(tmp_path: Path) -> None:
    reports = tmp_path / "reports.csv"
    write_reports(reports)
    pack = load_pack("liver_tumor_burden")
    opened = open_sources([str(reports)], column_map={})
    screen_sources(opened, pack, tmp_path / "run", options=RunOptions())
    make_study(tmp_path / "study", tmp_path / "run", StudyOptions(seed=1))
    content = reports.read_bytes()
    reports.write_bytes(content.replace(b"Spleen 1.", b"Spleen 2."))
    with pytest.raises(RunError, match="is not what was screened"):
        draw_cases(tmp_path / "study", DrawOptions())
    moved = tmp_path / "moved.csv"
    moved.write_bytes(content)
    reports.unlink()
    done = screener("study", "draw", str(tmp_path / "study"))
    assert (done.returncode, "name them by --source" in done.stderr) == (3, True)
    summary = draw_cases(tmp_path / "study", DrawOptions(sources=[str(moved)]))
    assert summary.n_cases == N_FLAGGED


def test_simulated_readers_say_what_they_are_and_read_the_same_again() -> None:
    assert all(reader.name.startswith("simulated-") for reader in SIMULATED)
    first = [simulated_form(reader, "P1", 80.0, 3) for reader in SIMULATED]
    assert first == [simulated_form(reader, "P1", 80.0, 3) for reader in SIMULATED]
    assert {simulated_form(reader, "P1", 0.0, 3).verdict for reader in SIMULATED} == {"no"}
    many = [simulated_form(SIMULATED[1], f"P{n}", 76.0, 3).verdict for n in range(100)]
    assert 20 < many.count("yes") < 80


@ON_SQLITE
def test_the_reads_of_complete_cases_come_as_rows_and_no_others(make: MakeStudy) -> None:
    study = make()
    for reader, form in (("ada", YES), ("ben", replace(YES, comment="=1+1"))):
        lock_all(study, reader, form)
    done = screener("study", "reads", str(study))
    assert len(done.stdout.splitlines()) == 1
    with open_reading(study, "cleo") as reading:
        case_id = reading.worklist()[0].case_id
        reading.lock(case_id, replace(NO, suvmax_tumor=9.0, suvmax_liver=3.0))
    rows = list(csv.DictReader(screener("study", "reads", str(study)).stdout.splitlines()))
    assert [(row["case_id"], row["reader"], row["verdict"]) for row in rows] == [
        *((case_id, "ada", "yes"), (case_id, "ben", "yes"), (case_id, "cleo", "no"))
    ]
    assert rows[1]["comment"] == "'=1+1"
    assert (rows[2]["suv_ratio"], rows[2]["is_avid"], rows[2]["amends"]) == ("3.0", "true", "")
    told = json.loads(screener("study", "reads", str(study), "--json").stdout)
    assert [one["hash"] for one in told] == [row["hash"] for row in rows]
