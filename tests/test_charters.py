"""Charters: what study.toml states, all that is wrong with it at once, and that it is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screener.errors import StudyError
from screener.studies import Charter, charter_toml, read_charter

GOOD = """name = "trial"
question = "More than 75%?"
readers = ["ada", "ben", "cleo"]
run = "../run"

[pack]
name = "liver_tumor_burden"
version = "1.0.0"
sha256 = "ab"
"""


def test_a_charter_needs_little_and_has_defaults() -> None:
    charter = read_charter(GOOD)
    assert (charter.cut_percent, charter.consensus.rule) == (75.0, "majority")
    assert charter.reading.highlights == "after_lock"
    assert charter.primaries == ("ada", "ben", "cleo")
    assert charter.adjudicator == ""


def test_every_problem_of_a_charter_is_told_with_its_line() -> None:
    bad = GOOD.replace('"ben"', '"a b"').replace("[pack]", "cut_percent = 120\nextra = 1\n\n[pack]")
    bad += '[consensus]\nrule = "lottery"\n\n[reading]\nhighlights = "sometimes"\n'
    with pytest.raises(StudyError) as told:
        read_charter(bad, "s/study.toml")
    said = [(problem.line, problem.message.partition(":")[0]) for problem in told.value.problems]
    assert sorted(said) == [
        *[(3, "readers.1"), (6, "cut_percent"), (7, "extra")],
        *[(14, "consensus.rule"), (17, "reading.highlights")],
    ]
    assert str(told.value.problems[0]).startswith("s/study.toml:")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('[consensus]\nrule = "majority"\nadjudicator = "dora"', "for the rule two_plus_one only"),
        ('[consensus]\nrule = "median_percent"\n[reading]\npercent = "off"', "needs reading.per"),
    ],
)
def test_what_contradicts_itself_is_told(more: str, told: str) -> None:
    with pytest.raises(StudyError, match=told):
        read_charter(GOOD + more)
    with pytest.raises(StudyError, match="differ in nothing"):
        read_charter(GOOD.replace("ben", "ADA"))
    two = GOOD.replace(', "cleo"', "")
    with pytest.raises(StudyError, match="two readers and one who decides"):
        read_charter(two + '[consensus]\nrule = "two_plus_one"')


def test_what_is_no_toml_is_told_with_its_place() -> None:
    with pytest.raises(StudyError, match=r"is not TOML: .*line 1"):
        read_charter("name = trial")


def test_two_plus_one_is_two_readers_and_who_decides() -> None:
    third = read_charter(GOOD + '[consensus]\nrule = "two_plus_one"')
    assert (third.primaries, third.adjudicator) == (("ada", "ben"), "cleo")
    fourth = read_charter(GOOD + '[consensus]\nrule = "two_plus_one"\nadjudicator = "dora"')
    assert (fourth.primaries, fourth.adjudicator) == (("ada", "ben", "cleo"), "dora")
    assert fourth.everybody == ("ada", "ben", "cleo", "dora")


words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).filter(
    lambda text: text.strip() == text and text != ""
)


@given(words, words, st.floats(0, 99.9), st.lists(words, max_size=3))
def test_any_charter_reads_back_as_it_was_written(
    name: str, question: str, cut: float, modalities: list[str]
) -> None:
    charter = Charter.model_validate(
        {
            **read_charter(GOOD).model_dump(),
            **{"name": name, "question": question, "cut_percent": cut},
            "reading": {"modalities": tuple(modalities)},
        }
    )
    again = read_charter(charter_toml(charter))
    assert again == charter
    assert again.sha256 == charter.sha256


def test_the_hash_is_of_the_charter_and_not_of_where_things_are() -> None:
    charter = read_charter(GOOD)
    moved = read_charter(GOOD.replace("../run", "/data/run") + '[store]\nurl = "sqlite:///x"')
    assert moved.sha256 == charter.sha256
    assert read_charter(GOOD.replace("75%", "50%")).sha256 != charter.sha256
