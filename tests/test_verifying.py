"""Tampering with a study's store, and that it is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import screener
from small_studies import NO, YES, MakeStudy, lock_all
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from screener.reading import open_reading
from screener.study_folders import find_study
from screener.verifying import verify_study


def tamper(study: Path, *statements: str) -> None:
    """Run statements past this program, with its triggers out of the way."""
    engine = create_engine(find_study(study).url)
    of = " ON {}" if engine.dialect.name == "postgresql" else ""
    drops = [
        f"DROP TRIGGER {table}_no_{act}{of.format(table)}"
        for table in ("reads", "log")
        for act in ("update", "delete")
    ]
    with engine.begin() as connection:
        for statement in (*drops, *statements):
            connection.execute(text(statement))
    engine.dispose()


def read_some(study: Path) -> None:
    with open_reading(study, "ada") as reading:
        for item in reading.worklist()[:3]:
            reading.lock(item.case_id, YES)
        reading.amend(reading.worklist()[0].case_id, NO, "misread")
    lock_all(study, "ben", NO)


def test_a_study_that_nobody_touched_is_whole(make: MakeStudy) -> None:
    study = make()
    assert verify_study(study).is_whole
    read_some(study)
    found = verify_study(study)
    assert found.is_whole, found.problems
    assert [(head.chain, head.n) for head in found.heads] == [
        *(("", 2), ("ada", 4), ("ben", 10), ("cleo", 0))
    ]


@pytest.mark.parametrize("act", ["UPDATE reads SET verdict = 'no'", "DELETE FROM reads"])
def test_the_database_itself_refuses_to_change_a_read(make: MakeStudy, act: str) -> None:
    study = make()
    read_some(study)
    engine = create_engine(find_study(study).url)
    with pytest.raises(DBAPIError, match="only added"), engine.begin() as connection:
        connection.execute(text(act))
    engine.dispose()


HEAD_BACK = (
    "UPDATE heads SET n = 3, hash = (SELECT hash FROM reads WHERE reader = 'ada' AND position = 3)"
    " WHERE chain = 'ada'"
)


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (["UPDATE reads SET verdict = 'no' WHERE reader='ada' AND position=2"], "2 was changed"),
        (["UPDATE reads SET percent = 80.5 WHERE reader='ada' AND position=1"], "1 was changed"),
        (
            ["UPDATE reads SET locked_at = '2020-01-01T00:00:00+00:00' WHERE position=3"],
            "3 was changed",
        ),
        (["DELETE FROM reads WHERE reader='ada' AND position=2"], "2 is missing"),
        (["DELETE FROM reads WHERE reader='ada' AND position=4"], "records were removed"),
        (["DELETE FROM reads WHERE reader='ada' AND position=4", HEAD_BACK], "4, which is gone"),
        (
            [
                "DELETE FROM reads WHERE reader='ada' AND position=4",
                HEAD_BACK,
                "UPDATE heads SET n_signed = 3 WHERE chain = 'ada'",
            ],
            "signature of its head at record 3 is not right",
        ),
        (
            [
                "UPDATE reads SET position = 99 WHERE reader='ada' AND position=1",
                "UPDATE reads SET position = 1 WHERE reader='ada' AND position=2",
                "UPDATE reads SET position = 2 WHERE reader='ada' AND position=99",
            ],
            "1 was changed",
        ),
        (["DELETE FROM reads WHERE reader='ada'", "DELETE FROM heads WHERE chain='ada'"], "gone"),
        (["UPDATE log SET detail = '{}' WHERE position = 1"], "1 was changed"),
        (["UPDATE log SET detail = 'x' WHERE position = 1"], "1 was changed"),
        (["UPDATE reads SET locked_at = 'x' WHERE position = 3"], "3 was changed"),
        (["UPDATE study SET charter = 'x'"], "the charter in the"),
        (["DELETE FROM log WHERE position = 2"], "records were removed"),
        (["UPDATE case_reports SET text = 'No lesion.' WHERE place = 1"], "not what was drawn"),
        (["UPDATE origins SET origin = 'audit'"], "not what was drawn"),
        (["UPDATE highlights SET state = 'negated'"], "not what was drawn"),
        (["UPDATE study SET charter = replace(charter, '75.0', '50.0')"], "the charter in the"),
    ],
)
def test_whatever_is_changed_removed_or_reordered_is_found(
    make: MakeStudy, statements: list[str], told: str
) -> None:
    study = make()
    read_some(study)
    tamper(study, *statements)
    problems = verify_study(study).problems
    assert any(told in problem for problem in problems), problems


def test_verify_says_so_with_exit_code_1_and_signs_nothing_then(make: MakeStudy) -> None:
    study = make()
    read_some(study)
    assert screener("study", "verify", str(study)).returncode == 0
    tamper(study, "UPDATE reads SET comment = 'x' WHERE reader = 'ben' AND position = 10")
    done = screener("study", "verify", str(study), "--json")
    assert done.returncode == 1
    assert "the reads of ben: record 10 was changed" in done.stderr
    assert json.loads(done.stdout)["is_whole"] is False


def test_a_receipt_and_an_earlier_head_show_what_was_taken_back(make: MakeStudy) -> None:
    study = make()
    before = find_study(study)
    with open_reading(study, "ada") as reading:
        receipt = reading.lock(reading.worklist()[0].case_id, YES).receipt
    earlier = verify_study(study).to_dict()["heads"]
    assert verify_study(study, receipts=[receipt], against=earlier).is_whole  # type: ignore[arg-type]
    other = make("other")  # the same study, as it was before the read
    assert before.key == find_study(other).key
    assert verify_study(other).is_whole
    assert verify_study(other, receipts=[receipt]).problems == (
        f"the reads of ada: the record of receipt {receipt} is not there",
    )
    assert "does not go on" in verify_study(other, against=earlier).problems[0]  # type: ignore[arg-type]


def test_an_edited_charter_is_told(make: MakeStudy) -> None:
    study = make()
    charter = study / "study.toml"
    edited = charter.read_text(encoding="utf-8").replace("= 75.0", "= 50.0")
    charter.write_text(edited, encoding="utf-8")
    assert verify_study(study).problems == (
        "study.toml is not the charter under which cases were drawn",
    )
