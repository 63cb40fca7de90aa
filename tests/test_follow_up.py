"""Follow-up, survival and response: known curves, the paper's counts, and rows that cannot be."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from command_line import screener
from hypothesis import given, settings
from hypothesis import strategies as st
from outcome_cases import FIRST, PAPER, TREATMENTS, rows_of, write_table

from screener.follow_up_runs import FollowUp, FollowUpRequest, read_follow_ups
from screener.outcomes.survival import Observed, kaplan_meier, reverse_kaplan_meier

FOLLOW_UP = ("patient_id", "last_seen_on", "died_on")
RESPONSES = ("patient_id", "response", "assessed_on")


def after(days: int) -> date:
    return FIRST + timedelta(days)


def read(
    folder: Path,
    follow_up: Sequence[Sequence[object]],
    treatments: Sequence[Sequence[object]] = (("p1", 1, FIRST), ("p2", 1, FIRST)),
    responses: Sequence[Sequence[object]] = (),
) -> FollowUp:
    request = FollowUpRequest(
        write_table(folder / "treatments.csv", TREATMENTS, treatments),
        write_table(folder / "follow_up.csv", FOLLOW_UP, follow_up),
        write_table(folder / "responses.csv", RESPONSES, responses),
    )
    return read_follow_ups(request)


def test_a_published_curve_and_its_median() -> None:
    """The control arm of Freireich et al. 1963: no one is censored; median 8 weeks."""
    weeks = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    curve = kaplan_meier([Observed(t, has_event=True) for t in weeks])
    assert curve.median == 8
    shares = {point.day: round(point.share, 3) for point in curve.points}
    assert (shares[1], shares[4], shares[8], shares[23]) == (0.905, 0.667, 0.381, 0)
    assert [p.n_at_risk for p in curve.points if p.day in (8, 11)] == [12, 8]


def test_what_is_not_reached_is_said() -> None:
    nobody = kaplan_meier([])
    assert (nobody.median, nobody.points, nobody.why) == (None, (), "nobody is observed")
    alive = kaplan_meier([Observed(10, has_event=False), Observed(0, has_event=False)])
    assert (alive.median, alive.n_events) == (None, 0)
    assert alive.why == "more than half are without the event to the end"
    assert reverse_kaplan_meier([Observed(9, has_event=True)]).median is None


observations = st.lists(st.builds(Observed, st.integers(0, 900), st.booleans()), min_size=1)


@settings(max_examples=25)
@given(observations)
def test_a_curve_falls_and_counts_everybody(observed: list[Observed]) -> None:
    curve = kaplan_meier(observed)
    shares = [point.share for point in curve.points]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= share <= 1 for share in shares)
    assert sum(p.n_events for p in curve.points) == sum(one.has_event for one in observed)
    assert sum(p.n_events + p.n_censored for p in curve.points) == len(observed)
    if curve.median is not None:
        assert min(point.share for point in curve.points if point.day <= curve.median) <= 0.5


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """15 patients with the paper's cycles, responses, deaths and days from the last cycle."""
    facts = PAPER["treatment"]
    groups = [(int(k.removeprefix("response_")), v) for k, v in facts.items() if "response" in k]
    treatments: list[tuple[object, ...]] = []
    responses: list[tuple[object, ...]] = []
    follow_up: list[tuple[object, ...]] = []
    died = iter([100, 300, 400, 500, 619])
    for n_cycles, counts in groups:
        for response, n in counts.items():
            for _ in range(n if response != "pct" else 0):
                patient = f"p{len(follow_up) + 1}"
                treatments += [(patient, c + 1, after(56 * c)) for c in range(n_cycles)]
                word = response.replace("_", " ")
                responses += [(patient, "progression", after(800)), (patient, word, after(200))]
                days = next(died, None)
                last = after(56 * (n_cycles - 1))
                end = last + timedelta(days or 700)
                follow_up.append((patient, end, end if days else ""))
    folder = tmp_path_factory.mktemp("paper")
    done = screener(
        *("outcomes", "follow-up", "--out", folder / "out", "--json"),
        *("--treatments", write_table(folder / "t.csv", TREATMENTS, treatments)),
        *("--follow-up", write_table(folder / "f.csv", FOLLOW_UP, follow_up)),
        *("--responses", write_table(folder / "r.csv", RESPONSES, responses)),
    )
    assert done.returncode == 0, done.stderr
    summary: dict[str, Any] = json.loads(done.stdout)
    assert summary == json.loads((folder / "out" / "summary.json").read_text(encoding="utf-8"))
    assert len(rows_of(folder / "out" / "follow_up.csv")) == 15
    assert {r["curve"] for r in rows_of(folder / "out" / "curves.csv")} == {"survival", "follow_up"}
    return summary


def test_the_responses_of_the_paper_by_number_of_cycles(paper: dict[str, Any]) -> None:
    by_cycles = paper["responses"]["by_cycles"]
    found = {n: {k: (v["n"], v["N"]) for k, v in some.items()} for n, some in by_cycles.items()}
    assert found == {
        "4": {"improvement": (2, 11), "stable": (5, 11), "progression": (4, 11)},
        "3": {"progression": (1, 1)},
        "2": {"stable": (2, 2)},
        "1": {"improvement": (1, 1)},
    }
    assert paper["responses"]["responded"]["n"] == 3


def test_the_deaths_of_the_paper(paper: dict[str, Any]) -> None:
    facts, deaths = PAPER["survival"], paper["deaths"]
    assert (deaths["n"], deaths["N"]) == (facts["deaths_results"], 15)
    spread = deaths["days_from_last_cycle"]
    assert (spread["median"], [spread["low"], spread["high"]]) == (
        facts["median_days_last_prrt_to_death"],
        facts["range_days"],
    )
    # "no death within 100 days" hangs on whether day 100 is within them
    early = deaths["within_100_days_of_last_cycle"]
    assert early == {"before_that_day": 0, "that_day_included": 1}


def test_time_runs_from_the_first_cycle(tmp_path: Path) -> None:
    treatments = [("p1", 1, FIRST), ("p1", 2, after(56)), ("p2", 1, FIRST), ("p3", 1, FIRST)]
    found = read(tmp_path, [("p1", after(100), after(100)), ("p2", after(30), "")], treatments)
    one, two = found.summary.patients
    assert (one.days, one.days_from_last, one.has_died) == (100, 44, True)
    assert (two.days, two.has_died) == (30, False)
    assert found.without == ("p3",)


def test_only_responses_after_the_first_cycle_count(tmp_path: Path) -> None:
    responses = [
        *[("p1", "CR", after(-20)), ("p1", "PD", after(90)), ("p1", "SD", after(40))],
        *[("p2", "NE", after(90)), ("p2", "PR", after(120))],
    ]
    found = read(tmp_path, [("p1", after(99), ""), ("p2", after(99), "")], responses=responses)
    assert [one.response for one in found.summary.patients] == ["stable", "partial"]


@pytest.mark.parametrize(
    ("rows", "line", "reason"),
    [
        ([("p1", "", "")], 2, "last_seen_on and died_on are empty"),
        ([("p1", after(-1), "")], 2, "last_seen_on is before the first cycle"),
        ([("p1", after(9), after(5))], 2, "last_seen_on is after died_on"),
        ([("p9", after(9), "")], 2, "the patient has no treatment"),
        ([("p1", "soon", "")], 2, "last_seen_on is no day"),
        ([("p1", after(9), ""), ("p1", after(12), "")], 3, "end on different days"),
    ],
)
def test_rows_that_cannot_be_are_named(
    tmp_path: Path, rows: list[tuple[object, ...]], line: int, reason: str
) -> None:
    found = read(tmp_path, [*rows, ("p2", after(30), "")])
    reasons = {one.place.line: one.reason for one in found.rejected}
    assert reason in reasons[line]
    assert [one.patient_id for one in found.summary.patients] == ["p2"]


def test_a_status_may_stand_for_the_day_of_death(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [("MRN", "last_contact", "vital_status"), ("p1", after(9), "Dead")]
        )
    treatments = write_table(tmp_path / "t.csv", TREATMENTS, [("p1", 1, FIRST)])
    found = read_follow_ups(FollowUpRequest(treatments, path))
    assert [one.has_died for one in found.summary.patients] == [True]
