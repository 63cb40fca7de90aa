"""Whole sessions in the reading room, by keystrokes, over a real study."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from rooms import (
    LOCK,
    READ_YES,
    SMALL,
    WIDE,
    in_room,
    odd_run,
    odd_study,
    screen_text,
    screens,
    type_keys,
)
from small_studies import NO, YES, MakeStudy, lock_all
from textual.events import Key
from textual.pilot import Pilot

from screener.reading import open_reading
from screener.reads import Read, ReadForm
from screener.tui.app import ReadingRoom
from screener.tui.report_view import ReportView
from screener.verifying import verify_study

__all__ = ["odd_run"]


@pytest.fixture
def store_kind() -> str:
    return "sqlite"


def own(study: Path, reader: str = "ada") -> list[Read]:
    with open_reading(study, reader) as reading:
        return [read for item in reading.worklist() for read in reading.reads(item.case_id)]


def draft(study: Path, place: int = 1) -> ReadForm | None:
    with open_reading(study, "ada") as reading:
        return reading.draft(reading.worklist()[place - 1].case_id)


def lock_by_itself(study: Path, *places: int, form: ReadForm = YES) -> None:
    """Lock cases of the worklist without a room."""
    with open_reading(study, "ada") as reading:
        listed = reading.worklist()
        for place in places:
            reading.lock(listed[place - 1].case_id, form)


def test_a_whole_reading_of_several_cases_by_keystrokes_ends_at_the_worklist(
    make: MakeStudy,
) -> None:
    study = make(highlights="never")
    lock_by_itself(study, *range(4, 11), 1)
    first, second, last = screens(
        study,
        "2 p 5 enter m d d",
        LOCK,
        f"3 n o enter {LOCK}",
        start="w home down enter",
    )
    assert "ada · 2 of 10" in first
    assert "ada · 3 of 10" in second
    assert "10 of 10 locked" in last
    forms = [read.form for read in own(study)]
    assert forms[1:3] == [
        ReadForm(verdict="no", percent=5.0, confidence="moderate", modality="MR"),
        ReadForm(verdict="cannot_assess", reason="no"),
    ]
    assert len(forms) == 10
    assert verify_study(study).is_whole


def test_every_change_is_on_the_disk_before_the_next_key(make: MakeStudy) -> None:
    study = make()

    async def watch(_room: ReadingRoom, pilot: Pilot[None]) -> None:
        for keys, expected in (
            ("1", ReadForm(verdict="yes")),
            ("p 8", ReadForm(verdict="yes", percent=8.0)),
            ("5", ReadForm(verdict="yes", percent=85.0)),
            ("enter h", ReadForm(verdict="yes", percent=85.0, confidence="high")),
            ("c x", ReadForm(verdict="yes", percent=85.0, confidence="high", comment="x")),
        ):
            await type_keys(pilot, keys)
            assert draft(study) == expected

    in_room(study, "enter", watch)


def test_a_room_that_is_opened_again_is_at_the_same_case_with_the_same_form(
    make: MakeStudy,
) -> None:
    study = make()
    in_room(study, "enter > > 1 p 8 0 enter m q")
    said = in_room(study)
    assert "ada · 3 of 10" in said
    assert "● 1 yes" in said
    assert "● m moderate" in said
    assert " 80 " in said


def test_undo_takes_changes_back_one_by_one_to_none_and_redo_makes_them_again(
    make: MakeStudy,
) -> None:
    study = make()

    async def undo(room: ReadingRoom, pilot: Pilot[None]) -> None:
        await type_keys(pilot, "1 u")
        assert draft(study) is None
        await type_keys(pilot, "1 p 8 0 enter 2 u")
        assert draft(study) == ReadForm(verdict="yes", percent=80.0)
        await type_keys(pilot, "2 p 1 enter u u U")
        assert draft(study) == ReadForm(verdict="no", percent=80.0)
        assert "● 2 no" in screen_text(room)

    in_room(study, "enter", undo)


def test_enter_alone_never_locks(make: MakeStudy) -> None:
    study = make()

    async def hurry(room: ReadingRoom, pilot: Pilot[None]) -> None:
        await type_keys(pilot, f"{READ_YES} enter enter enter enter")
        assert own(study) == []
        await type_keys(pilot, "enter n")
        assert own(study) == []
        assert "Lock this read?" not in screen_text(room)

    in_room(study, "enter", hurry)


def test_what_is_missing_is_told_and_nothing_is_locked(make: MakeStudy) -> None:
    said = in_room(study := make(), "enter 1 enter", size=WIDE)
    assert "Not locked yet" in said
    assert "! No confidence: choose low," in said
    assert own(study) == []


def test_a_number_that_is_none_keeps_the_read_from_being_locked(make: MakeStudy) -> None:
    study = make()
    said = in_room(study, "enter 1 h d v 1 , 5 0 0 enter 2 0 0 0 enter enter", size=WIDE)
    assert "! Tumour mL: '1,500' is no" in said
    assert own(study) == []
    form = draft(study)
    assert form is not None
    assert (form.tumor_volume_ml, form.liver_volume_ml) == (None, 2000.0)


def test_measures_show_what_follows_from_them(make: MakeStudy) -> None:
    said = in_room(make(), "enter v 1 6 0 0 enter 2 0 0 0 enter s 6 enter 3 enter", size=WIDE)
    assert "= 80.0% of liver" in said
    assert "ratio 2.00, not avid" in said  # avid is above 2.0, and 2.0 is not


def test_digits_and_letters_in_a_field_are_text(make: MakeStudy) -> None:
    study = make()
    in_room(study, "enter c 1 2 q w t enter")
    assert draft(study) == ReadForm(comment="12qwt")


def test_keys_that_come_all_at_once_go_where_they_would_go_one_by_one(make: MakeStudy) -> None:
    study = make(highlights="never")
    first = ["2", "p", *"41", "enter", "h", "d", "v", *"1600", "enter", *"2000", "enter"]
    second = ["1", "c", *"1q2w", "escape", "m", "d", "d", "enter", "y", "3", *"no", "enter"]

    async def burst(room: ReadingRoom, pilot: Pilot[None]) -> None:
        for key in ["enter", *first, "enter", "y", *second]:
            room.post_message(Key(key, key if len(key) == 1 else None))
        for _ in range(500):
            await pilot.pause(0.02)
            if draft(study, 3) == ReadForm(verdict="cannot_assess", reason="no"):
                return

    in_room(study, "", burst)
    assert [read.form for read in own(study)] == [
        ReadForm(
            verdict="no",
            percent=41.0,
            confidence="high",
            modality="CT",
            tumor_volume_ml=1600.0,
            liver_volume_ml=2000.0,
        ),
        ReadForm(verdict="yes", confidence="moderate", modality="MR", comment="1q2w"),
    ]


def test_a_verdict_by_the_mouse(make: MakeStudy) -> None:
    study = make()

    async def click(_room: ReadingRoom, pilot: Pilot[None]) -> None:
        await pilot.click("#verdict", offset=(3, 1))
        await pilot.pause()
        await pilot.click("#confidence", offset=(2, 0))
        await pilot.pause()

    in_room(study, "enter", click)
    assert draft(study) == ReadForm(verdict="no", confidence="low")


def test_an_amendment_is_a_record_with_its_reason(make: MakeStudy) -> None:
    study = make(highlights="never")
    lock_by_itself(study, 1)
    asked, said = screens(
        study, "e 2 p backspace backspace 9 enter enter", "o f f enter", size=WIDE
    )
    assert "Why is the read amended?" in asked
    first, second = own(study)
    assert (first.kind, first.form.verdict) == ("first", "yes")
    assert (second.kind, second.form.verdict, second.form.percent) == ("amendment", "no", 9.0)
    assert (second.amends, second.amendment_reason) == (first.position, "off")
    assert "LOCKED" in said


def test_an_amendment_that_is_given_up_leaves_what_stands(make: MakeStudy) -> None:
    study = make(highlights="never")
    lock_by_itself(study, 1)
    in_room(study, "e 2 escape")
    assert [read.form.verdict for read in own(study)] == ["yes"]
    assert draft(study) is None


def test_the_second_look_is_a_record_of_its_own(make: MakeStudy) -> None:
    study = make()
    said = in_room(study, f"enter {READ_YES} {LOCK} g c x enter {LOCK}", size=WIDE)
    first, second = own(study)
    assert (first.kind, first.form.comment) == ("first", "")
    assert (second.kind, second.form.comment) == ("second_look", "x")
    assert "second look, 20" in said


def test_a_second_look_does_not_begin_with_what_was_entered_of_an_amendment(
    make: MakeStudy,
) -> None:
    study = make()
    lock_by_itself(study, 1)
    in_room(study, "e l")
    in_room(study, f"g {LOCK} e enter o f f enter", size=WIDE)
    told = [(read.kind, read.form.confidence) for read in own(study)]
    assert told == [("first", "high"), ("second_look", "high"), ("amendment", "low")]


def marked(room: ReadingRoom) -> set[str]:
    looks = {mark.look for mark in room.screen.query_one(ReportView)._marks}
    return looks - {"heading"}


@pytest.mark.slow
def test_the_words_of_the_screen_are_shown_only_after_the_lock(make: MakeStudy) -> None:
    study = make()
    seen: list[set[str]] = []

    async def look(room: ReadingRoom, pilot: Pilot[None]) -> None:
        for place in range(1, 5):
            await type_keys(pilot, "x g o")
            assert not marked(room)
            if place < 4:
                await type_keys(pilot, ">")
        await type_keys(pilot, f"{READ_YES} {LOCK} g")
        seen.append(marked(room))

    in_room(study, "enter", look)
    assert seen in ([{"asserted"}], [{"negated"}])


def test_two_plus_one_tells_the_adjudicator_that_readers_differed_and_no_more(
    make: MakeStudy,
) -> None:
    from screener.adjudication import open_study

    study = make(rule="two_plus_one", adjudicator="cleo")
    lock_all(study, "ada", YES)
    lock_all(study, "ben", NO)
    with open_study(study) as session:
        session.settle()
    listed, shown, _ = screens(study, "", "enter", f"{READ_YES} {LOCK}", reader="cleo", size=WIDE)
    assert "readers differed: decide" in listed
    assert "The readers differed: your read decides." in shown
    for told in (listed, shown):
        assert "ada" not in told
        assert "ben" not in told.replace("benign", "")
    assert [read.kind for read in own(study, "cleo")] == ["adjudication"]


def test_the_others_are_seen_when_all_have_locked_and_not_before(make: MakeStudy) -> None:
    study = make(highlights="never")
    lock_by_itself(study, 1)

    async def look(room: ReadingRoom, pilot: Pilot[None]) -> None:
        await type_keys(pilot, "o")
        assert "cannot be seen" in screen_text(room)
        assert "ben" not in screen_text(room)
        for reader in ("ben", "cleo"):
            lock_all(study, reader, NO)
        await type_keys(pilot, "escape o")
        assert "ben (first)" in screen_text(room)

    in_room(study, "", look)


def test_no_screen_tells_of_another_or_of_why_a_case_is_there(make: MakeStudy) -> None:
    study = make()
    lock_all(study, "ben", NO)
    telling = ("ben", "cleo", "score", "rank", "tier", "flagged", "audit", "candidate", "extensive")

    async def walk(room: ReadingRoom, pilot: Pilot[None]) -> None:
        for one in ("enter", "?", "escape", "o", "x", "g", "e", "enter", "w", "?"):
            await type_keys(pilot, one)
            told = screen_text(room).casefold()
            assert not [word for word in telling if word in told], one

    in_room(study, "", walk, size=WIDE)


def test_search_goes_through_all_reports_of_the_case(make: MakeStudy) -> None:
    found, missed = screens(make(), "enter / s p l e e n enter", "/ e f g enter")
    assert "found 2 of 2" in found or "found 1 of 2" in found
    assert "not found" in missed


def test_the_accession_goes_to_the_clipboard(make: MakeStudy) -> None:
    async def copied(room: ReadingRoom, pilot: Pilot[None]) -> None:
        await type_keys(pilot, "a")
        assert room.clipboard.startswith("ACC")
        assert room.clipboard in screen_text(room)

    in_room(make(), "enter", copied)


def test_a_report_is_shown_as_it_is_markup_and_all(tmp_path: Path, odd_run: Path) -> None:
    study = odd_study(tmp_path / "odd", odd_run)
    listed, said = screens(study, "", "enter", size=WIDE)
    assert "odd [b]study[/b]" in listed
    assert "P[b]1" in listed
    assert "Liver [bold]not markup[/bold] [@click=app.quit]here[/]" in said
    assert "肝转移瘤 を認める 😀" in said
    assert "␛[31mred␛[0m" in said
    assert "\x1b" not in said


def test_the_marks_lie_on_the_words_that_they_mark(tmp_path: Path, odd_run: Path) -> None:
    study = odd_study(tmp_path / "odd", odd_run, highlights="always")

    async def compare(room: ReadingRoom, _pilot: Pilot[None]) -> None:
        view = room.screen.query_one(ReportView)
        told = [
            segment.text
            for y in range(view.size.height)
            for segment in view.render_line(y)
            if segment.style and segment.style.underline and segment.style.bold
        ]
        assert told[0] == "FINDINGS:"
        assert told[1:6] == ["IMPRESSION:", "Innumerable", "liver", "metastases", "replacing"]

    in_room(study, "enter", compare, size=WIDE)


def test_a_fault_of_the_store_is_told_and_the_session_goes_on(make: MakeStudy) -> None:
    study = make()

    async def lose(room: ReadingRoom, pilot: Pilot[None]) -> None:
        moved = study.with_name("moved")
        shutil.move(study, moved)
        (study).mkdir()
        await type_keys(pilot, "1")
        assert "NOT SAVED" in screen_text(room)
        study.rmdir()
        shutil.move(moved, study)
        await type_keys(pilot, "h")
        assert "NOT SAVED" not in screen_text(room)

    in_room(study, "enter", lose, size=WIDE)
    assert draft(study) == ReadForm(verdict="yes", confidence="high")


def test_a_fault_of_the_program_shows_no_value_of_a_variable(make: MakeStudy) -> None:
    study, left = make(), []

    async def fail(room: ReadingRoom, _pilot: Pilot[None]) -> None:
        room._handle_exception(ValueError("Spleen"))
        left.extend(room._exit_renderables)

    with pytest.raises(ValueError, match="Spleen"):
        in_room(study, "enter", fail)
    assert left == []


def test_a_small_screen_shows_the_whole_form_and_every_key_at_the_foot(make: MakeStudy) -> None:
    said = in_room(make(), "enter", size=SMALL)
    for words in ("1 yes", "2 no", "3 cannot assess", "p Percent", "l low", "h high", "Modality"):
        assert words in said
    for key in ("Enter lock", "u undo", "/ find", "a accession", "w worklist", "? help", "q quit"):
        assert key in said.replace("\u00a0", " ")


def test_help_tells_every_key_of_a_case(make: MakeStudy) -> None:
    said = in_room(make(), "enter ?", size=(100, 70))
    for key in "1 2 3 r p l m h d v s c u U n N a < > f w t q".split():
        assert any(line.strip(" ┃│").split()[:1] == [key] for line in said.splitlines()), key


def test_a_case_of_a_packet_is_read_in_the_same_room(make: MakeStudy, tmp_path: Path) -> None:
    from screener.packets import export_packet, import_packet

    study = make()
    packet = tmp_path / "ada.packet"
    export_packet(study, "ada", packet)
    in_room(packet, f"enter {READ_YES} {LOCK}")
    assert import_packet(study, packet).n_records == 1
    assert [read.form.percent for read in own(study)] == [80.0]


def test_the_percent_is_not_asked_where_the_charter_has_it_off(make: MakeStudy) -> None:
    said = in_room(make(percent="off"), "enter p")
    assert "Percent" not in said


@pytest.mark.parametrize("size", [(60, 20), (40, 12), (220, 60)])
def test_a_screen_of_any_size_takes_a_whole_read(make: MakeStudy, size: tuple[int, int]) -> None:
    study = make(highlights="never")
    in_room(study, f"enter {READ_YES} {LOCK}", size=size)
    assert len(own(study)) == 1
