"""Which column is taken for which field, and what is said when that is unclear."""

from __future__ import annotations

import pytest

from screener.errors import SourceError
from screener.reports import FIELDS
from screener.sources import Mapping, find_columns, parse_column_map
from screener.sources.fields import ALIASES, FALLBACKS, PARTS, key_of


def told(*columns: str, **given: str) -> set[str]:
    return set(find_columns(columns, given, "t.csv").lines())


def refusal(*columns: str, **given: str) -> str:
    with pytest.raises(SourceError) as caught:
        find_columns(columns, given, "t.csv")
    return str(caught.value)


def test_a_fields_own_name_counts_whatever_its_case_spaces_dashes_and_underscores() -> None:
    assert told("REPORT ID", "Patient-Id", " text ", "ExamOn") == {
        "report_id <- 'REPORT ID' (exact)",
        "patient_id <- 'Patient-Id' (exact)",
        "text <- ' text ' (exact)",
        "exam_on <- 'ExamOn' (exact)",
    }


@pytest.mark.parametrize(
    ("column", "field"),
    [
        *((name, "patient_id") for name in ("MRN", "pat_id", "person_id", "subject_id", "EMPI")),
        *((name, "accession") for name in ("accession_number", "acc", "ACC. NO")),
        *((name, "report_id") for name in ("note_id", "study_uid", "order_id", "id")),
        *((name, "exam_on") for name in ("study_date", "exam_date", "note_date", "performed_on")),
        *((name, "exam_on") for name in ("date", "Date of Service")),
        ("study description", "exam"),
        ("facility", "site"),
        ("report_status", "status"),
        ("Modality Code", "modality"),
    ],
)
def test_known_aliases_are_found(column: str, field: str) -> None:
    assert f"{field} <- {column!r} (alias)" in told(column, "text")


@pytest.mark.parametrize(
    "column",
    [
        "report_text",
        "narrative",
        "note_text",
        "report",
        "body",
        "full_report",
        "rpt_text",
        "result_text",
    ],
)
def test_known_aliases_of_the_text_are_found(column: str) -> None:
    assert told("patient_id", column) == {
        "patient_id <- 'patient_id' (exact)",
        f"text <- {column!r} (alias)",
    }


def test_no_name_stands_for_two_fields() -> None:
    owners: dict[str, str] = {}
    for table in (ALIASES, FALLBACKS, {"text": sum(PARTS.values(), ())}):
        for field, names in table.items():
            for name in {key_of(name) for name in names} | {key_of(field)}:
                assert owners.setdefault(name, field) == field


def test_no_known_name_is_nearly_a_name_of_another_field() -> None:
    for field, names in ALIASES.items():
        for name in names:
            mapping = find_columns(["text", name], {"text": "text"}, "t.csv")
            found = {choice.field for choice in mapping.choices} - {"text"}
            assert found <= {field}


def test_a_misspelt_name_is_found_and_said_to_be_similar() -> None:
    assert told("pateint_id", "reprot_text", "acession_number") == {
        "patient_id <- 'pateint_id' (similar)",
        "text <- 'reprot_text' (similar)",
        "accession <- 'acession_number' (similar)",
    }


@pytest.mark.parametrize(
    "column",
    [
        "patient_name",
        "test",
        "patient_age",
        "report_type",
        "side",
        "suite",
        "ordered",
        "study_time",
    ],
)
def test_a_name_that_is_merely_alike_is_not_taken(column: str) -> None:
    assert told("text", column) == {"text <- 'text' (exact)"}


def test_an_exact_name_wins_over_an_alias_and_an_alias_over_a_vague_one() -> None:
    columns = ("id", "note_id", "patient_id", "mrn", "text", "report", "note_date", "date")
    assert told(*columns) == {
        "report_id <- 'note_id' (alias)",
        "patient_id <- 'patient_id' (exact)",
        "text <- 'text' (exact)",
        "exam_on <- 'note_date' (alias)",
    }


def test_a_day_and_the_same_day_with_its_time_are_not_ambiguous() -> None:
    assert "exam_on <- 'note_date' (alias)" in told("text", "note_datetime", "note_date")


def test_two_aliases_of_one_field_are_an_error_with_the_map_that_would_do() -> None:
    said = refusal("mrn", "empi", "report_text", "Full Report", "x")
    assert "2 columns could be 'patient_id': 'mrn', 'empi'." in said
    assert "--map patient_id=mrn or --map patient_id=empi" in said
    assert "--map text=report_text or --map 'text=Full Report'" in said
    assert "Columns: 'mrn', 'empi', 'report_text', 'Full Report', 'x'." in said
    assert all(line.startswith("t.csv: ") for line in said.splitlines())


def test_two_columns_with_a_fields_own_name_are_an_error() -> None:
    assert "2 columns could be 'text': 'Text', 'TEXT'" in refusal("Text", "TEXT")
    assert "Rename all but one" in refusal("text", "text")


def test_two_near_names_are_an_error() -> None:
    said = refusal("text", "accesion_number", "acession_number")
    assert "--map accession=accesion_number or --map accession=acession_number" in said


def test_a_name_near_two_fields_is_an_error_and_never_used_for_both() -> None:
    said = refusal("text", "hospital_n")
    assert "column 'hospital_n' could be 'patient_id' or 'site'" in said
    assert "--map patient_id=hospital_n or --map site=hospital_n" in said


def test_a_column_serves_one_field_unless_the_user_says_otherwise() -> None:
    mapping = find_columns(["text", "exam", "exam_name", "acc", "site_name", "sites"], {}, "t.csv")
    places = [place for choice in mapping.choices for place in choice.positions]
    assert sorted(places) == sorted(set(places))


def test_a_missing_text_is_an_error_that_lists_the_columns_and_a_map() -> None:
    said = refusal("mrn", "report narr", "Impression")
    assert "no column holds the 'text'" in said
    assert "--map text=Impression" in said
    assert "--map 'text=report narr'" in said
    assert "Columns: 'mrn', 'report narr', 'Impression'." in said


def test_findings_impression_and_addendum_are_joined_in_that_order() -> None:
    mapping = find_columns(["Addendum", "Impression", "mrn", "FINDINGS"], {}, "t.csv")
    text = mapping.choice("text")
    assert text is not None
    assert text.columns == ("FINDINGS", "Impression", "Addendum")
    assert text.headings == ("FINDINGS", "IMPRESSION", "ADDENDUM")
    assert str(text) == "text <- 'FINDINGS' + 'Impression' + 'Addendum' (alias)"


def test_a_full_text_is_taken_instead_of_its_parts() -> None:
    mapping = find_columns(["findings", "impression", "report_text"], {}, "t.csv")
    assert mapping.lines() == ("text <- 'report_text' (alias)",)
    assert mapping.unused == ("findings", "impression")


def test_two_columns_for_one_part_are_an_error() -> None:
    assert "'impression', 'conclusion'" in refusal("findings", "impression", "conclusion")


def test_a_narrative_beside_an_impression_must_be_told() -> None:
    said = refusal("narrative", "impression")
    assert "--map text=narrative or --map text=narrative+impression" in said
    joined = find_columns(["narrative", "impression"], {"text": "narrative+impression"}, "t.csv")
    text = joined.choice("text")
    assert text is not None
    assert (text.how, text.headings) == ("given", ("NARRATIVE", "IMPRESSION"))


def test_a_given_column_counts_before_every_name() -> None:
    assert told("text", "NARR", "mrn", text="NARR", patient_id="text") == {
        "patient_id <- 'text' (given)",
        "text <- 'NARR' (given)",
    }


def test_a_given_column_that_is_not_there_is_an_error_naming_near_ones() -> None:
    said = refusal("Narative text", "mrn", text="narrative_text")
    assert "no column 'narrative_text' for 'text'. Near it: 'Narative text'" in said


def test_a_given_name_with_a_plus_of_its_own_is_one_column() -> None:
    assert told("a+b", "a", "b", text="a+b") == {"text <- 'a+b' (given)"}


def test_a_field_can_be_left_without_a_column() -> None:
    assert told("text", "date", "mrn", exam_on="") == {
        "text <- 'text' (exact)",
        "patient_id <- 'mrn' (alias)",
    }


def test_columns_without_a_name_are_never_guessed_but_can_be_given() -> None:
    columns = ["Unnamed: 0", "", "", "index", "text"]
    mapping = find_columns(columns, {}, "t.csv")
    assert mapping == Mapping(mapping.choices, ())
    assert mapping.lines() == ("text <- 'text' (exact)",)
    assert "report_id <- 'Unnamed: 0' (given)" in told(*columns, report_id="Unnamed: 0")


def test_repeated_names_that_no_field_needs_do_no_harm() -> None:
    assert told("text", "x", "x") == {"text <- 'text' (exact)"}


def test_an_error_shows_no_values_where_a_header_is_missing() -> None:
    said = refusal(
        "81736455", "Innumerable metastases in both lobes of the liver, new since March."
    )
    assert "Innumerable" not in said
    assert "81736455" not in said
    assert "is there a header?" in said


def test_a_column_map_is_read_field_by_field() -> None:
    assert parse_column_map(["text=NARR", "Patient-ID= Pat No ", "exam_on="]) == {
        "text": "NARR",
        "patient_id": "Pat No",
        "exam_on": "",
    }


def test_all_that_is_wrong_with_a_column_map_is_told_at_once() -> None:
    with pytest.raises(SourceError) as caught:
        parse_column_map(["txet=NARR", "text", "text=", "mrn=a", "site=a", "site=b"])
    said = str(caught.value)
    assert "no field 'txet'. Fields: " + ", ".join(FIELDS) in said
    assert "'text' is not field=COLUMN" in said
    assert "'text=' names no column" in said
    assert "no field 'mrn'" in said
    assert "'site' twice" in said
