"""``screener pack`` and ``screener explain`` as a user meets them, on real files.

The commands run in this process, through the one place that turns errors into exit codes; building
the engine anew for each would take minutes. One test runs them as processes of their own.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command_line import screener
from small_packs import CASES, CONTEXT, PACK, TARGETS, write_pack

WRONG = """\
  - id: wrong
    text: Splenic metastases, likely.
    expect: {burden: full, certainty: definite}
"""
ROWS = [
    {"report_id": "r1", "patient_id": "p1", "text": "Innumerable splenic metastases."},
    {"report_id": "r2", "patient_id": "p2", "text": "IMPRESSION: No splenic metastases."},
]
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def told(*arguments: object, **more: Any) -> str:
    """What a command that succeeds prints, with nothing said on stderr."""
    done = screener(*arguments, **more)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def write_jsonl(file: Path, rows: list[dict[str, str]]) -> Path:
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "spleen_burden")


@pytest.fixture
def run(tmp_path: Path, folder: Path) -> Path:
    write_jsonl(tmp_path / "reports.jsonl", ROWS)
    done = screener("screen", "reports.jsonl", "--out", "run", "--pack", folder, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return tmp_path / "run"


# --- pack ---------------------------------------------------------------------------------------


def test_list_names_the_shipped_packs_with_their_questions() -> None:
    rows = json.loads(told("pack", "list", "--json"))
    (liver,) = [row for row in rows if row["name"] == "liver_tumor_burden"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", liver["version"])
    assert liver["n_cases"] >= 60
    listed = told("pack", "list")
    assert f"liver_tumor_burden {liver['version']}, {liver['n_cases']} cases" in listed
    assert liver["question"] in listed


def test_show_tells_the_question_the_levels_and_the_decision_table(folder: Path) -> None:
    shown = told("pack", "show", folder)
    assert "Is the spleen full of metastases?" in shown
    assert "Burden: none < some < full*" in shown
    assert "2  any_metastases: lesion is malignant -> some" in shown
    assert "4 concepts, 6 cues" in shown
    assert shown.index("rank 9  addendum") < shown.index("rank 5  impression")


def test_show_as_json_counts_what_the_pack_holds(folder: Path) -> None:
    shown = json.loads(told("pack", "show", folder, "--json"))
    assert shown["counts"] == {
        "concepts": 4,
        "cues": 6,
        "phrases": 12,
        "wordings": 13,
        "sections": 4,
        "decisions": 2,
    }
    assert shown["burden"]["candidate"] == ["full"]
    assert shown["sections"][0]["kind"] == "addendum"


def test_show_lists_the_phrases_of_one_concept_or_cue(folder: Path) -> None:
    assert told("pack", "show", folder, "--concept", "uncountable").splitlines() == [
        "innumerable",
        "too <0-1> numerous to count",
    ]
    cue = json.loads(told("pack", "show", folder, "--cue", "past", "--json"))
    assert cue == ["history of", "previously"]


def test_show_of_an_unknown_concept_lists_those_there_are(folder: Path) -> None:
    done = screener("pack", "show", folder, "--concept", "spline")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no concept 'spline'. Known: spleen, lung, metastases, uncountable." in done.stderr


def test_a_name_that_is_no_pack_is_bad_input() -> None:
    for command in ("show", "check", "test"):
        done = screener("pack", command, "livr")
        assert (done.returncode, done.stdout) == (3, "")
        assert done.stderr.startswith("Error: No pack named 'livr'. Known packs:")


def test_check_of_a_sound_pack_says_ok_with_its_counts(folder: Path) -> None:
    checked = told("pack", "check", folder)
    assert checked.startswith("ok: spleen_burden 0.1.0: 4 concepts, 6 cues, ")
    assert checked.endswith(", 2 cases\n")


def test_check_tells_every_problem_of_pack_and_cases_at_once(tmp_path: Path) -> None:
    folder = write_pack(
        tmp_path,
        pack=PACK.replace("version: 0.1.0", "version: one"),
        targets=TARGETS.replace("role: lesion", "role: lession"),
        context=CONTEXT.replace("category: family", "category: kin"),
        cases=CASES.replace("certainty: definite", "certainty: sure") + "    wy: x\n",
    )
    done = screener("pack", "check", folder)
    assert (done.returncode, done.stdout) == (3, "")
    first, *problems = done.stderr.splitlines()
    assert first == f"Error: The pack in {folder} has 5 problem(s):"
    kin = CONTEXT.splitlines().index("    category: family") + 1
    places = [
        "pack.yaml:2",
        "targets.yaml:4",
        f"context.yaml:{kin}",
        "cases.yaml:4",
        "cases.yaml:8",
    ]
    assert [":".join(problem.split(":")[:2]) for problem in problems] == places
    listed = screener("pack", "check", folder, "--json")
    assert listed.returncode == 3
    assert [
        f"{problem['file']}:{problem['line']}" for problem in json.loads(listed.stdout)["problems"]
    ] == places


def test_the_cases_of_a_pack_that_hold_pass(folder: Path) -> None:
    summary = json.loads(told("pack", "test", folder, "--json"))
    assert (summary["n_cases"], summary["passed"], summary["failed"]) == (2, 2, 0)
    assert summary["cases"] == []


def test_a_failing_case_is_told_with_what_was_expected_what_came_and_by_which_words(
    tmp_path: Path,
) -> None:
    done = screener("pack", "test", write_pack(tmp_path, cases=CASES + WRONG))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        "FAILED  wrong",
        "  burden: expected full, got some",
        "  got by 'Splenic metastases' (any_metastases)",
        "  | Splenic metastases, likely.",
        "",
        "spleen_burden 0.1.0: 3 cases: 2 passed, 1 failed, 0 known to fail, "
        "0 known to fail but passed.",
    ]


def test_a_known_failure_is_told_with_its_reason_and_passes(tmp_path: Path) -> None:
    cases = CASES + WRONG + "    known_failure: No row grades this yet.\n"
    tested = told("pack", "test", write_pack(tmp_path, cases=cases))
    assert "KNOWN TO FAIL  wrong\n  known failure: No row grades this yet.\n" in tested
    assert "2 passed, 0 failed, 1 known to fail" in tested


def test_a_known_failure_that_passes_fails_the_test(tmp_path: Path) -> None:
    cases = CASES + "    known_failure: Denials are not read.\n"
    done = screener("pack", "test", write_pack(tmp_path, cases=cases), "--json")
    assert done.returncode == 1
    summary = json.loads(done.stdout)
    assert (summary["passed"], summary["unexpected_pass"]) == (1, 1)
    assert [(one["id"], one["outcome"]) for one in summary["cases"]] == [
        ("denied", "unexpected_pass")
    ]


def test_a_pack_without_cases_does_not_pass(tmp_path: Path) -> None:
    done = screener("pack", "test", write_pack(tmp_path, cases="cases: []\n"))
    assert done.returncode == 1
    assert "without cases" in done.stderr


def test_the_commands_run_as_processes_of_their_own(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, cases=CASES + WRONG)
    path = os.pathsep.join(filter(None, [str(Path(__file__).parent.parent), *sys.path]))

    def process(*arguments: object) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "screener.cli.main", *map(str, arguments)]
        environment = {**os.environ, "PYTHONPATH": path}
        return subprocess.run(command, capture_output=True, check=False, env=environment)

    tested = process("pack", "test", folder)
    assert (tested.returncode, tested.stderr) == (1, b"")
    explained = process("explain", "No splenic metastases.", "--pack", folder, "--json")
    assert (explained.returncode, explained.stderr) == (0, b"")
    assert json.loads(explained.stdout)["assessment"]["burden"] == "none"


# --- explain ------------------------------------------------------------------------------------


def test_a_text_is_explained_with_letters_under_its_words(folder: Path) -> None:
    text = "No lung metastases but innumerable splenic metastases."
    lines = told("explain", text, "--pack", folder).splitlines()
    (at,) = [n for n, line in enumerate(lines) if line.endswith(f"| {text}")]
    assert lines[at].startswith("findings     lung,splee | ")
    assert lines[at + 1] == (" " * 24 + "| ^^ oooo llllllllll     EEEEEEEEEEE OOOOOOO LLLLLLLLLL")
    explained = " ".join(" ".join(lines).split())
    assert '"lung", "metastases": negated by "No" (cue denial)' in explained
    assert "row 1, uncountable (extent is uncountable and lesion is malignant) -> full" in explained
    assert "Burden: full, definite; a candidate" in explained
    assert "Score: 100 = 100 (full)" in explained


def test_long_lines_are_wrapped_with_their_letters_under_them(folder: Path) -> None:
    text = "The study shows, as far as one can tell today, innumerable splenic metastases. " * 3
    lines = told("explain", text, "--pack", folder, COLUMNS="60").splitlines()
    assert max(map(len, lines)) <= 60
    body = [line[26:] for line in lines if " | " in line[:27]]
    under = dict.fromkeys(("innumerable", "metastases"), 0)
    for words, letters in itertools.pairwise(body):
        for word, letter in (("innumerable", "E"), ("metastases", "L")):
            for match in re.finditer(word, words):
                assert letters[match.start() : match.end()] == letter * len(word)
                under[word] += 1
    assert under == {"innumerable": 3, "metastases": 3}


def test_what_would_steer_the_terminal_is_not_printed(folder: Path) -> None:
    text = "\x1b[31mInnumerable\x07 splenic\u202e metastases."
    explained = told("explain", "-", "--pack", folder, stdin=text)
    assert not {"\x1b", "\x07", "\u202e"} & set(explained)


def test_brackets_of_a_report_are_printed_as_they_are(folder: Path) -> None:
    explained = told("explain", "[bold]Splenic metastases[/bold] :smile:", "--pack", folder)
    assert "| [bold]Splenic metastases[/bold] :smile:" in explained


def test_colour_is_only_added_and_never_without_leave(folder: Path) -> None:
    asked = ("explain", "No splenic metastases.", "--pack", folder)
    plain = told(*asked)
    coloured = told(*asked, FORCE_COLOR="1", TERM="xterm-256color")
    assert "\x1b[" in coloured
    assert ESCAPES.sub("", coloured) == plain
    without = told(*asked, FORCE_COLOR="1", TERM="xterm-256color", NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", without)


def test_json_on_stdin_text_is_one_object_a_line(folder: Path) -> None:
    (line,) = told(
        "explain", "-", "--pack", folder, "--json", stdin="Splenic metastases."
    ).splitlines()
    explained = json.loads(line)
    assert explained["text"] == "Splenic metastases."
    assert explained["assessment"]["burden"] == "some"


def test_a_file_of_text_is_explained(tmp_path: Path, folder: Path) -> None:
    file = tmp_path / "one.txt"
    file.write_bytes("Innumerable splenic metastases \u2013 na\u00efve.".encode("cp1252"))
    explained = json.loads(told("explain", file, "--pack", folder, "--json"))
    assert explained["report_id"] == "one.txt"
    assert explained["text"].endswith("\u2013 na\u00efve.")
    assert explained["assessment"]["burden"] == "full"


def test_one_report_of_a_table_is_explained(tmp_path: Path, folder: Path) -> None:
    rows = [{"id": row["report_id"], "body": row["text"]} for row in ROWS]
    file = write_jsonl(tmp_path / "reports.jsonl", rows)
    columns = ("--map", "report_id=id", "--map", "text=body")
    explained = told("explain", file, "--report", "r2", *columns, "--pack", folder, "--json")
    assert json.loads(explained)["text"] == ROWS[1]["text"]
    unnamed = screener("explain", file, "--pack", folder)
    assert unnamed.returncode == 2
    assert "--report REPORT_ID" in unnamed.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "give either"),
        (("text", "--run", "run"), 2, "give either"),
        (("--run", "run"), 2, "--run needs --report"),
        (("text", "--map", "text=body"), 2, "one report of a table"),
        (("nowhere/one.txt",), 3, "nowhere/one.txt: no such file"),
        ((" ",), 3, "there is no text in it"),
        (("--run", "nowhere", "--report", "r1"), 3, "nowhere is not a run"),
    ],
)
def test_what_cannot_be_explained_is_told(
    tmp_path: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    done = screener("explain", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr


def test_a_report_of_a_run_is_explained_by_the_runs_pack(run: Path) -> None:
    explained = json.loads(
        told("explain", "--run", "run", "--report", "r2", "--json", cwd=run.parent)
    )
    assert explained["pack"]["name"] == "spleen_burden"
    assert (explained["patient_id"], explained["text"]) == ("p2", ROWS[1]["text"])
    assert explained["assessment"]["burden"] == "none"


def test_an_unknown_report_of_a_run_is_bad_input(run: Path) -> None:
    done = screener("explain", "--run", "run", "--report", "r9", cwd=run.parent)
    assert (done.returncode, done.stdout) == (3, "")
    assert "No report 'r9' in the inputs of run as they are now." in done.stderr
    assert "Gone" not in done.stderr
    assert "Changed" not in done.stderr


def test_inputs_of_a_run_that_are_gone_are_named(run: Path) -> None:
    (run.parent / "reports.jsonl").unlink()
    done = screener("explain", "--run", "run", "--report", "r1", cwd=run.parent)
    assert (done.returncode, done.stdout) == (3, "")
    assert "Gone: reports.jsonl, which is not there" in done.stderr


def test_standard_input_of_a_run_is_told_to_be_gone(tmp_path: Path, folder: Path) -> None:
    piped = "".join(f"{json.dumps(row)}\n" for row in ROWS)
    screened = screener("screen", "-", "--out", tmp_path / "run", "--pack", folder, stdin=piped)
    assert screened.returncode == 0, screened.stderr
    done = screener("explain", "--run", tmp_path / "run", "--report", "r1")
    assert done.returncode == 3
    assert "Gone: standard input, which was not kept" in done.stderr


def test_an_input_that_has_changed_since_the_run_is_said_to_have(run: Path) -> None:
    changed = [{**ROWS[0], "text": "Splenic metastases."}]
    write_jsonl(run.parent / "reports.jsonl", changed)
    done = screener("explain", "--run", "run", "--report", "r1", "--json", cwd=run.parent)
    assert done.returncode == 0
    assert done.stderr.startswith("reports.jsonl has changed since the run")
    assert json.loads(done.stdout)["text"] == "Splenic metastases."
    missing = screener("explain", "--run", "run", "--report", "r2", cwd=run.parent)
    assert missing.returncode == 3
    assert "Changed since the run: reports.jsonl." in missing.stderr


def test_a_pack_that_has_changed_since_the_run_is_said_to_have(run: Path) -> None:
    write_pack(run.parent / "spleen_burden", context=CONTEXT + "# looked over\n")
    done = screener("explain", "--run", "run", "--report", "r1", cwd=run.parent)
    assert done.returncode == 0
    assert "another state of the pack (spleen_burden 0.1.0)" in done.stderr


def test_different_reports_of_one_id_are_all_explained(run: Path, folder: Path) -> None:
    twice = [ROWS[0], ROWS[0], {**ROWS[0], "text": "No splenic metastases."}]
    write_jsonl(run.parent / "twice.jsonl", twice)
    screened = screener("screen", "twice.jsonl", "--out", "two", "--pack", folder, cwd=run.parent)
    assert screened.returncode == 0, screened.stderr
    done = screener("explain", "--run", "two", "--report", "r1", "--json", cwd=run.parent)
    assert [json.loads(line)["assessment"]["burden"] for line in done.stdout.splitlines()] == [
        "full",
        "none",
    ]
    assert done.stderr == "2 different reports share the id 'r1'; here are all.\n"
