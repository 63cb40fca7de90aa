"""A reader's session, over SQLite and PostgreSQL: what it keeps, and what it never shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
from small_studies import CANNOT, N_FLAGGED, NO, YES, MakeStudy

from screener.errors import BlindingError, ReadError, StudyError
from screener.reading import open_reading
from screener.reads import ReadForm


def first_case(study: Path, reader: str = "ada") -> str:
    with open_reading(study, reader) as reading:
        return reading.worklist()[0].case_id


def test_every_reader_has_all_cases_in_an_order_of_their_own(make: MakeStudy) -> None:
    study = make()
    orders = {}
    for reader in ("ada", "ben", "cleo"):
        with open_reading(study, reader) as reading:
            items = reading.worklist()
            assert [item.place for item in items] == list(range(1, N_FLAGGED + 5))
            orders[reader] = [item.case_id for item in items]
    assert {tuple(sorted(order)) for order in orders.values()} == {tuple(sorted(orders["ada"]))}
    assert len(set(map(tuple, orders.values()))) == 3


def test_a_case_holds_the_reports_of_its_patient_in_order_of_time(make: MakeStudy) -> None:
    study = make()
    with open_reading(study, "ada") as reading:
        case = reading.open_case(reading.worklist()[0].case_id)
        number = int(case.patient_id.removeprefix("P"))
        assert [report.report_id for report in case.reports] == [f"R{number}-1", f"R{number}-2"]
        assert [report.place for report in case.reports] == [1, 2]
        report = case.reports[0]
        assert (report.accession, str(report.exam_on)) == (f"ACC{number}1", "2021-01-03")
        assert f"Spleen {number}." in report.text
        kinds = [(report.text[one.start : one.end], one.kind) for one in report.sections]
        assert kinds == [("FINDINGS:", "findings"), ("IMPRESSION:", "impression")]


def test_a_draft_is_there_when_the_room_is_opened_again(make: MakeStudy) -> None:
    study = make()
    case_id = first_case(study)
    half = ReadForm(percent=55.5, comment="left lobe spared")
    with open_reading(study, "ada") as reading:
        reading.open_case(case_id)
        reading.save_draft(case_id, YES)
        reading.save_draft(case_id, half)
    with open_reading(study, "ada") as reading:
        assert reading.last_case() == case_id
        assert reading.draft(case_id) == half
        assert reading.worklist()[0].state == "draft"
        assert (reading.progress().n_drafts, reading.progress().n_locked) == (1, 0)
        reading.discard_draft(case_id)
        assert reading.draft(case_id) is None


def test_an_amendment_and_a_second_look_are_drafted_apart(make: MakeStudy) -> None:
    study = make()
    case_id = first_case(study)
    with open_reading(study, "ada") as reading:
        reading.lock(case_id, YES)
        reading.save_draft(case_id, NO, "amendment")
        reading.save_draft(case_id, CANNOT, "second_look")
    with open_reading(study, "ada") as reading:
        assert reading.draft(case_id) is None
        assert reading.draft(case_id, "amendment") == NO
        assert reading.draft(case_id, "second_look") == CANNOT
        reading.second_look(case_id, CANNOT)
        assert reading.draft(case_id, "second_look") is None
        assert reading.draft(case_id, "amendment") == NO
        reading.discard_draft(case_id, "second_look")
        assert reading.draft(case_id, "amendment") == NO
        reading.amend(case_id, NO, "off by one")
        assert reading.draft(case_id, "amendment") is None


def test_a_lock_keeps_the_read_for_good_and_drops_the_draft(make: MakeStudy) -> None:
    study = make()
    case_id = first_case(study)
    form = replace(YES, tumor_volume_ml=1600, liver_volume_ml=2000, comment=" seen twice ")
    with open_reading(study, "ada") as reading:
        reading.save_draft(case_id, form)
        receipt = reading.lock(case_id, form).receipt
    with open_reading(study, "ada") as reading:
        (read,) = reading.reads(case_id)
        assert reading.draft(case_id) is None
        assert reading.progress().n_locked == 1
        assert read.form == replace(
            form, tumor_volume_ml=1600.0, liver_volume_ml=2000.0, comment="seen twice"
        )
        assert (read.reader, read.position, read.kind) == ("ada", 1, "first")
        assert read.locked_at.tzinfo == UTC
        assert read.opened_at <= read.locked_at
        assert receipt == f"ada:1:{read.hash[:12]}"
        with pytest.raises(StudyError, match="locked already"):
            reading.lock(case_id, NO)
        assert reading.reads(case_id) == (read,)


def test_an_amendment_is_a_read_of_its_own_with_a_reason(make: MakeStudy) -> None:
    study = make()
    case_id = first_case(study)
    with open_reading(study, "ada") as reading:
        with pytest.raises(StudyError, match="not locked yet"):
            reading.amend(case_id, NO, "wrong patient on the screen")
        first = reading.lock(case_id, YES).read
        with pytest.raises(ReadError, match="needs a reason"):
            reading.amend(case_id, NO, "  ")
        amended = reading.amend(case_id, NO, "wrong patient on the screen").read
        again = reading.amend(case_id, CANNOT, "no images at all").read
        assert reading.reads(case_id) == (first, amended, again)
        assert reading.standing(case_id) == again
        assert (amended.amends, again.amends) == (1, 2)
        assert [first.hash, amended.hash] == [amended.previous, again.previous]


def test_a_form_that_cannot_be_locked_is_told_all_its_faults(make: MakeStudy) -> None:
    study = make()
    case_id = first_case(study)
    bad = ReadForm(verdict="yes", percent=20.0, suvmax_tumor=-1.0, modality="X-ray")
    with open_reading(study, "ada") as reading:
        with pytest.raises(ReadError) as told:
            reading.lock(case_id, bad)
        assert reading.reads(case_id) == ()
    assert told.value.faults == (
        "No confidence: choose low, moderate or high.",
        "20% and 'yes' do not go together: yes means more than 75%.",
        "SUVmax of the tumour -1: give a number from 0 up.",
        "SUVmax of the tumour and SUVmax of liver: give both or neither.",
        "Modality 'X-ray' is not one of CT, MR, PET/CT, PET/MR, US, NM.",
    )


def test_the_screens_words_come_after_the_lock_and_then_a_second_look(make: MakeStudy) -> None:
    study = make()
    with open_reading(study, "ada") as reading:
        for item in reading.worklist():
            case = reading.open_case(item.case_id)
            with pytest.raises(BlindingError, match="come after your lock"):
                reading.highlights(item.case_id)
            with pytest.raises(StudyError, match="not locked yet"):
                reading.second_look(item.case_id, YES)
            reading.lock(item.case_id, NO)
            words = {
                case.reports[one.place - 1].text[one.start : one.end]
                for one in reading.highlights(item.case_id)
                if one.state == "asserted"
            }
            assert ("Innumerable" in words) == (int(case.patient_id[1:]) <= N_FLAGGED)
            second = reading.second_look(item.case_id, YES).read
            with pytest.raises(StudyError, match="second look"):
                reading.second_look(item.case_id, YES)
            standing = reading.standing(item.case_id)
            assert standing is not None
            assert standing.form.verdict == "no"
            assert second.kind == "second_look"


def test_the_others_reads_are_seen_only_when_all_have_locked(make: MakeStudy) -> None:
    study = make()
    case_id = first_case(study)
    for reader, form in (("ada", YES), ("ben", NO)):
        with open_reading(study, reader) as reading:
            with pytest.raises(BlindingError, match="cannot be seen"):
                reading.others(case_id)
            reading.lock(case_id, form)
            with pytest.raises(BlindingError, match="cannot be seen"):
                reading.others(case_id)
    with open_reading(study, "cleo") as reading:
        with pytest.raises(BlindingError):
            reading.others(case_id)
        reading.lock(case_id, YES)
        seen = {read.reader: read.form.verdict for read in reading.others(case_id)}
    assert seen == {"ada": "yes", "ben": "no"}


def test_a_charter_can_keep_the_others_and_the_highlights_for_good(make: MakeStudy) -> None:
    study = make(highlights="never", others="never")
    case_id = first_case(study)
    for reader in ("ada", "ben", "cleo"):
        with open_reading(study, reader) as reading:
            reading.lock(case_id, YES)
    with open_reading(study, "ada") as reading:
        with pytest.raises(BlindingError, match="cannot be seen"):
            reading.others(case_id)
        with pytest.raises(BlindingError, match="no highlights"):
            reading.highlights(case_id)
        with pytest.raises(BlindingError, match="no second look"):
            reading.second_look(case_id, YES)


def test_who_is_no_reader_of_the_study_cannot_open_it(make: MakeStudy) -> None:
    study = make()
    with pytest.raises(StudyError, match=r"No reader 'eve' .* Readers: ada, ben, cleo"):
        open_reading(study, "eve")
    with pytest.raises(StudyError, match="not a study"):
        open_reading(study / "nothing", "ada")


def test_a_case_of_nobodys_worklist_cannot_be_opened_or_locked(make: MakeStudy) -> None:
    study = make()
    with open_reading(study, "ada") as reading:
        for act in (
            reading.open_case,
            lambda case_id: reading.save_draft(case_id, YES),
            lambda case_id: reading.lock(case_id, YES),
        ):
            with pytest.raises(StudyError, match="No case 'C9999' on the worklist"):
                act("C9999")
