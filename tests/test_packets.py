"""Packets: one reader's cases out and the reads back, once, and nothing of anybody else."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from command_line import screener
from small_studies import NO, YES, MakeStudy, lock_all
from sqlalchemy import create_engine

from screener.adjudication import open_study
from screener.errors import StudyError
from screener.packets import export_packet, import_packet
from screener.reading import open_reading
from screener.verifying import verify_study


def rows(packet: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(packet)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def change(packet: Path, *statements: str) -> None:
    connection = sqlite3.connect(packet)
    for name in ("reads_no_update", "reads_no_delete"):
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_reader_reads_in_the_packet_and_the_reads_come_back(
    make: MakeStudy, tmp_path: Path
) -> None:
    study, packet = make(), tmp_path / "ben.packet"
    with open_reading(study, "ben") as reading:
        order = [item.case_id for item in reading.worklist()]
        reading.lock(order[0], YES)
        reading.save_draft(order[1], NO)
    out = export_packet(study, "ben", packet)
    assert (out.n_cases, out.n_open) == (10, 9)
    with open_reading(packet, "ben") as reading:
        assert [item.case_id for item in reading.worklist()] == order
        assert [item.state for item in reading.worklist()[:3]] == ["locked", "draft", "unread"]
        for case_id in order[1:-1]:
            reading.lock(case_id, NO)
        reading.amend(order[0], NO, "misread")
        reading.save_draft(order[-1], YES)
        told = [read.hash for case_id in order for read in reading.reads(case_id)]
    back = import_packet(study, packet)
    assert (back.n_records, back.n_open) == (9, 1)
    with open_reading(study, "ben") as reading:
        assert [read.hash for case_id in order for read in reading.reads(case_id)] == told
        assert reading.draft(order[-1]) == YES
        reading.lock(order[-1], YES)
    found = verify_study(study)
    assert found.is_whole, found.problems


def test_a_packet_is_one_file_and_holds_nothing_of_the_others(
    make: MakeStudy, tmp_path: Path
) -> None:
    study, packet = make(), tmp_path / "cleo.packet"
    lock_all(study, "ada", YES)
    with open_reading(study, "ben") as reading:
        reading.save_draft(reading.worklist()[0].case_id, YES)
    export_packet(study, "cleo", packet)
    with open_reading(packet, "cleo") as reading:
        reading.lock(reading.worklist()[0].case_id, YES)
    assert [file.name for file in tmp_path.glob("*cleo*")] == ["cleo.packet"]
    for table in ("reads", "drafts", "openings", "assignments"):
        assert {row[0] for row in rows(packet, "SELECT reader FROM " + table)} <= {"cleo"}
    for table in ("origins", "log", "highlights"):
        assert rows(packet, "SELECT * FROM " + table) == []
    assert rows(packet, "SELECT chain FROM heads") == [("cleo",)]
    assert rows(packet, "SELECT name FROM readers") == [("cleo",)]
    with pytest.raises(StudyError, match="No reader 'ada'"):
        open_reading(packet, "ada")


def test_a_second_import_is_refused_and_changes_nothing(make: MakeStudy, tmp_path: Path) -> None:
    study, packet = make(), tmp_path / "ben.packet"
    export_packet(study, "ben", packet)
    lock_all(packet, "ben", NO)
    import_packet(study, packet)
    with pytest.raises(StudyError, match="was imported already"):
        import_packet(study, packet)
    with open_reading(study, "ben") as reading:
        assert reading.progress().n_locked == 10


def test_a_packet_of_another_study_or_no_packet_is_refused(make: MakeStudy, tmp_path: Path) -> None:
    study, other, packet = make(), make("other", seed=12), tmp_path / "ben.packet"
    export_packet(other, "ben", packet)
    with pytest.raises(StudyError, match="a packet of another study"):
        import_packet(study, packet)
    no_packet = tmp_path / "no.packet"
    no_packet.write_text("nothing", encoding="utf-8")
    empty = tmp_path / "empty.packet"
    create_engine(f"sqlite:///{empty}").connect().close()
    for file in (no_packet, empty, tmp_path / "gone.packet", study):
        with pytest.raises(StudyError, match="is not a packet"):
            import_packet(study, file)


def test_while_a_packet_is_out_its_reader_locks_nothing_here(
    make: MakeStudy, tmp_path: Path
) -> None:
    study = make()
    export_packet(study, "ben", tmp_path / "1.packet")
    with (
        open_reading(study, "ben") as reading,
        pytest.raises(StudyError, match="out in a packet"),
    ):
        reading.lock(reading.worklist()[0].case_id, YES)
    with pytest.raises(StudyError, match="are out in packet"):
        export_packet(study, "ben", tmp_path / "2.packet")
    with open_study(study) as session:
        assert [one.is_out for one in session.status().readers] == [False, True, False]
    export_packet(study, "ben", tmp_path / "2.packet", again=True)
    with pytest.raises(StudyError, match="was given up"):
        import_packet(study, tmp_path / "1.packet")
    import_packet(study, tmp_path / "2.packet")


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE reads SET verdict = 'yes' WHERE position = 2", "record 2 was changed"),
        ("DELETE FROM reads WHERE position = 1", "record 1 is missing"),
        ("DELETE FROM reads WHERE position = 10", "records were removed"),
        ("UPDATE case_reports SET text = 'other'", "not those that went out"),
        ("UPDATE study SET packet = replace(packet, '202', '201')", "does not bear"),
    ],
)
def test_a_packet_that_was_tampered_with_is_refused_whole(
    make: MakeStudy, tmp_path: Path, statement: str, told: str
) -> None:
    study, packet = make(), tmp_path / "ben.packet"
    export_packet(study, "ben", packet)
    lock_all(packet, "ben", NO)
    change(packet, statement)
    with pytest.raises(StudyError, match=told):
        import_packet(study, packet)
    with open_study(study) as session:
        assert session.office.all_reads() == ()
        assert session.status().readers[1].is_out


def test_the_commands_say_what_went_out_and_came_back(make: MakeStudy, tmp_path: Path) -> None:
    study, packet = make(), tmp_path / "ben.packet"
    done = screener(
        "packet", "export", str(study), "--reader", "ben", "--out", str(packet), "--json"
    )
    assert (done.returncode, "10 cases of ben" in done.stderr) == (0, True)
    assert (
        "already exists"
        in screener("packet", "export", str(study), "--reader", "ada", "--out", str(packet)).stderr
    )
    lock_all(packet, "ben", NO)
    done = screener("packet", "import", str(study), str(packet))
    assert done.stderr == "10 records of ben came back; 0 of 10 cases are open.\n"
    done = screener("packet", "import", str(study), str(packet))
    assert (done.returncode, "imported already" in done.stderr) == (3, True)
