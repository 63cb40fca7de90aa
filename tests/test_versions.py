"""The latest version of a report counts, and addenda that came on their own stay with it."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from hl7_feeds import obr, obx, oru, report
from hypothesis import given
from hypothesis import strategies as st

from screener.reports import Report
from screener.sources import open_sources
from screener.sources.documents import Document, Status
from screener.sources.versions import Fate, Resolved, Versions


def resolved(documents: list[Document]) -> dict[str, str]:
    """What becomes of some versions in the order given: texts by accession."""
    versions = Versions()
    for document in documents:
        versions.add(document)
    taken = [versions.take(place, document) for place, document in enumerate(documents)]
    reports = [one for one in taken if isinstance(one, Resolved)]
    n_left = sum(one is Fate.SUPERSEDED for one in taken)
    assert len(reports) + sum(one.n_joined for one in reports) + n_left == len(documents)
    assert not versions._held
    return {f"{one.document.patient_id}/{one.document.accession}": one.text for one in reports}


def version(
    body: str, status: Status, at: int, addenda: tuple[str, ...] = (), patient: str = "p"
) -> Document:
    return Document(at, "a", patient, "a", body, addenda, status, sent_at=at)


PRELIMINARY = version("Innumerable metastases.", Status.PRELIMINARY, 1)
FINAL = version("Two metastases.", Status.FINAL, 2)
CORRECTED = version("Three metastases.", Status.CORRECTED, 3)
ADDED = version("", Status.FINAL, 4, ("One is a cyst.",))
STATED = version("Discussed by telephone.", Status.ADDENDUM, 5)


@pytest.mark.parametrize(
    "order", list(permutations([PRELIMINARY, FINAL, CORRECTED, ADDED, STATED]))
)
def test_the_latest_version_counts_in_whatever_order_they_came(order: list[Document]) -> None:
    assert resolved(list(order)) == {
        "p/a": "Three metastases.\nADDENDUM:\nOne is a cyst.\nADDENDUM:\nDiscussed by telephone."
    }


def test_a_late_preliminary_version_does_not_supersede_a_final_one() -> None:
    late = version("Innumerable metastases.", Status.PRELIMINARY, 9)
    assert resolved([FINAL, late]) == {"p/a": "Two metastases."}


def test_of_versions_without_a_time_the_last_one_counts() -> None:
    assert resolved([version("First.", Status.FINAL, 0), version("Last.", Status.FINAL, 0)]) == {
        "p/a": "Last."
    }


def test_an_addendum_that_repeats_the_whole_report_is_not_put_to_it_twice() -> None:
    again = version("TWO metastases.\nAddendum: none is new.", Status.ADDENDUM, 3)
    assert resolved([FINAL, again]) == {"p/a": "TWO metastases.\nAddendum: none is new."}


def test_an_addendum_that_the_final_report_holds_is_not_put_to_it_twice() -> None:
    whole = version("Two metastases.", Status.FINAL, 6, ("One is a cyst.",))
    assert resolved([ADDED, whole]) == {"p/a": "Two metastases.\nADDENDUM:\nOne is a cyst."}


def test_addenda_without_their_report_are_kept() -> None:
    assert resolved([ADDED]) == {"p/a": "ADDENDUM:\nOne is a cyst."}
    assert resolved([STATED]) == {"p/a": "Discussed by telephone."}


def test_what_was_reported_again_after_it_was_withdrawn_counts() -> None:
    gone = version("Two metastases.", Status.WITHDRAWN, 3)
    again = version("No metastasis.", Status.CORRECTED, 4)
    assert resolved([FINAL, gone, again]) == {"p/a": "No metastasis."}


def test_reports_of_two_patients_are_never_versions_of_one() -> None:
    other = version("Other.", Status.FINAL, 9, patient="q")
    assert resolved([FINAL, other]) == {"p/a": "Two metastases.", "q/a": "Other."}


def test_reports_without_accession_or_patient_are_never_versions_of_one() -> None:
    nameless = [Document(1, "", "p", "", f"Text {n}.") for n in range(3)]
    strays = [Document(1, "", "", "a", f"Text {n}.") for n in range(3)]
    versions = Versions()
    for document in [*nameless, *strays]:
        versions.add(document)
    taken = [versions.take(n, one) for n, one in enumerate([*nameless, *strays])]
    assert all(isinstance(one, Resolved) for one in taken)


@given(
    st.lists(
        st.builds(
            Document,
            line=st.just(1),
            report_id=st.just("r"),
            patient_id=st.sampled_from(["", "p", "q"]),
            accession=st.sampled_from(["", "a", "b"]),
            body=st.sampled_from(["", "Text.", "Other text."]),
            addenda=st.sampled_from([(), ("More.",), ("More.", "Text.")]),
            status=st.sampled_from([None, *Status]),
            sent_at=st.integers(0, 3),
        ),
        max_size=12,
    )
)
def test_each_version_is_given_joined_or_superseded_once(documents: list[Document]) -> None:
    resolved(documents)


def test_versions_in_several_files_are_of_one_report(tmp_path: Path) -> None:
    contents = {
        "monday.hl7": report("Wet read.", status="P", sent="20240304"),
        "tuesday.hl7": report("Final read.", sent="20240305"),
        "friday.hl7": oru(obr(), obx("Called.", "&ADN"), sent="20240308"),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    sources = list(open_sources([str(tmp_path / name) for name in contents], column_map={}))
    rows = [list(source.rows) for source in sources]
    assert [len(own) for own in rows] == [0, 0, 1]
    assert isinstance(rows[2][0], Report)
    assert (rows[2][0].text, rows[2][0].status) == ("Final read.\nADDENDUM:\nCalled.", "addendum")
    assert [s.tally.n_superseded for s in sources] == [1, 0, 0]
    assert [s.tally.n_joined for s in sources] == [0, 0, 1]
