"""An export for REDCap keeps REDCap's rules, and what breaks one of them is told."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from command_line import screener
from export_studies import FORMULA, N_CASES, N_OPEN, ReadStudy, csv_rows, read_study
from small_studies import READERS

from screener.exports.redcap_fields import (
    FIELD_COLUMNS,
    Field,
    Form,
    data_problems,
    dictionary_problems,
)

__all__ = ["read_study"]

ON_SQLITE = pytest.mark.parametrize("store_kind", ["sqlite"])
# The template as REDCap gives it out; the dictionary is refused with any other header.
HEADER = (
    '"Variable / Field Name","Form Name","Section Header","Field Type","Field Label",'
    '"Choices, Calculations, OR Slider Labels","Field Note",'
    '"Text Validation Type OR Show Slider Number","Text Validation Min","Text Validation Max",'
    '"Identifier?","Branching Logic (Show field only if...)","Required Field?",'
    '"Custom Alignment","Question Number (surveys only)","Matrix Group Name","Matrix Ranking?",'
    '"Field Annotation"'
)
FORMS = (
    Form("visit", "", (Field("record_id", "Record"), Field("born_on", "", validation="date_ymd"))),
    Form("read", "[x]", (Field.of_choices("verdict", "", {"no": "No"}, {"no": 0}),)),
)
SOUND = {
    "record_id": "1",
    "redcap_repeat_instrument": "",
    "redcap_repeat_instance": "",
    "born_on": "",
    "verdict": "",
}


@pytest.fixture
def redcap(read_study: ReadStudy, tmp_path: Path) -> Path:
    out = tmp_path / "redcap"
    done = screener("export", "redcap", str(read_study()), "--out", str(out))
    assert done.returncode == 0, done.stderr
    return out


@ON_SQLITE
def test_the_dictionary_has_the_columns_of_the_template(redcap: Path) -> None:
    with (redcap / "data_dictionary.csv").open(encoding="utf-8", newline="") as lines:
        header = next(csv.reader(lines))
    assert header == next(csv.reader([HEADER]))
    assert not list(dictionary_problems(csv_rows(redcap / "data_dictionary.csv")))


@ON_SQLITE
def test_a_record_has_an_instance_a_reader_and_the_consensus(redcap: Path) -> None:
    rows = csv_rows(redcap / "data.csv")
    ids = sorted({row["record_id"] for row in rows})
    assert len(ids) == N_CASES - N_OPEN
    of_first = [row for row in rows if row["record_id"] == ids[0]]
    told = [(row["redcap_repeat_instrument"], row["redcap_repeat_instance"]) for row in of_first]
    reads = [("read", str(number)) for number, _ in enumerate(READERS, start=1)]
    assert told == [("", ""), *reads, ("consensus", "1")]


@ON_SQLITE
def test_codes_are_whole_numbers_and_days_iso(redcap: Path) -> None:
    rows = csv_rows(redcap / "data.csv")
    third = [row for row in rows if row["record_id"] == "C0003"]
    assert [row["verdict"] for row in third] == ["", "1", "1", "0", ""]
    assert third[-1]["consensus_verdict"] == "1"
    assert {row["first_exam_on"] for row in rows} == {"", "2021-01-03"}
    assert [row["confidence"] for row in third[1:4]] == ["3", "3", "2"]


@ON_SQLITE
def test_a_comment_is_given_as_it_was_written(redcap: Path) -> None:
    assert FORMULA in {row["comment"] for row in csv_rows(redcap / "data.csv")}


@ON_SQLITE
def test_every_column_of_the_data_is_of_the_dictionary_or_redcaps_own(redcap: Path) -> None:
    fields = {row[FIELD_COLUMNS[0]] for row in csv_rows(redcap / "data_dictionary.csv")}
    own = {"redcap_repeat_instrument", "redcap_repeat_instance"}
    own |= {f"{form}_complete" for form in ("screening", "read", "consensus")}
    assert set(csv_rows(redcap / "data.csv")[0]) == fields | own


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"record_id": ""}, "no name"),
        ({"record_id": " 1"}, "no name"),
        ({"born_on": "03/04/2021"}, "does not fit"),
        ({"verdict": "0"}, "not of the instrument"),
        ({"redcap_repeat_instrument": "read"}, "do not go together"),
        ({"redcap_repeat_instance": "1"}, "do not go together"),
        ({"redcap_repeat_instrument": "visit", "redcap_repeat_instance": "1"}, "no repeating"),
        (
            {
                "redcap_repeat_instrument": "read",
                "redcap_repeat_instance": "1",
                "born_on": "2021-03-04",
            },
            "not of the instrument",
        ),
        (
            {"redcap_repeat_instrument": "read", "redcap_repeat_instance": "1", "verdict": "2"},
            "does not fit",
        ),
        ({"stranger": "1"}, "no field"),
    ],
)
def test_a_row_that_redcap_would_refuse_is_told(change: dict[str, str], told: str) -> None:
    assert not list(data_problems([SOUND], FORMS))
    problems = list(data_problems([{**SOUND, **change}], FORMS))
    assert any(told in problem for problem in problems), problems


def test_the_same_instance_twice_is_told() -> None:
    assert "stands above" in " ".join(data_problems([SOUND, SOUND], FORMS))


@pytest.mark.parametrize(
    "change",
    [
        {"Variable / Field Name": "Verdict"},
        {"Variable / Field Name": "a__b"},
        {"Variable / Field Name": "a" * 27},
        {"Variable / Field Name": "redcap_event_name"},
        {"Field Type": "number"},
        {"Field Type": "radio"},
        {"Field Type": "radio", "Choices, Calculations, OR Slider Labels": "1, a | 1, b"},
        {"Field Type": "radio", "Choices, Calculations, OR Slider Labels": "a | b"},
        {"Choices, Calculations, OR Slider Labels": "1, a"},
        {"Text Validation Type OR Show Slider Number": "date"},
        {"Field Type": "notes", "Text Validation Type OR Show Slider Number": "number"},
    ],
)
def test_a_field_that_redcap_would_refuse_is_told(change: dict[str, str]) -> None:
    sound = dict.fromkeys(FIELD_COLUMNS, "")
    sound |= {"Variable / Field Name": "a_b", "Form Name": "form", "Field Type": "text"}
    assert not list(dictionary_problems([sound]))
    assert list(dictionary_problems([{**sound, **change}]))
