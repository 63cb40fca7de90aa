"""Packs are general: the second one holds, and what ``rules/README.md`` teaches works as it says.

In the README a block whose first line is ``# FOLDER/FILE`` is a file to write, and with ``(add)``
lines to add to it; ``console`` blocks are run in order, in one folder, and must print what they
show. A command whose shown output begins with a problem or a failed case must fail, every other one
must succeed.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
from test_readme import Command, commands, not_printed, run

from screener.assessments import Assessment
from screener.cases import CaseResult, judge, load_cases
from screener.packs import (
    CONDITIONS,
    Category,
    Nature,
    Role,
    RulePack,
    known_packs,
    load_pack,
)
from screener.reports import Report
from screener.screening import Screener

RULES = Path(__file__).resolve().parent.parent / "rules"
SECOND = "peritoneal_carcinomatosis"
FAILS = re.compile(r"Error: |FAILED ")
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"# (?P<path>[\w./]+)(?P<add> \(add\))?\n(?P<text>.*)", re.DOTALL)


@pytest.fixture(scope="module")
def second() -> RulePack:
    return load_pack(SECOND)


@pytest.fixture(scope="module")
def reader(second: RulePack) -> Screener:
    return Screener(second)


@pytest.fixture(scope="module")
def results(second: RulePack, reader: Screener) -> list[CaseResult]:
    return [
        judge(case, reader.screen_report(case.report).assessment) for case in load_cases(second)
    ]


def lesson() -> str:
    return (RULES / "README.md").read_text(encoding="utf-8")


def write_file(block: str, folder: Path) -> Path:
    """Write what a block of the README says into the file that its first line names."""
    told = _FILE.fullmatch(block)
    assert told, block
    file = folder / told["path"]
    file.parent.mkdir(exist_ok=True)
    before = file.read_text(encoding="utf-8") if told["add"] else ""
    file.write_text(before + told["text"], encoding="utf-8")
    return file


def follow(command: Command, folder: Path) -> None:
    """Run a command of the README and hold what it prints against what is shown."""
    done = run(command.script, folder)
    is_to_fail = bool(command.shown) and FAILS.match(command.shown[0]) is not None
    assert (done.returncode != 0) == is_to_fail, f"$ {command.line}\n{done.stdout}"
    assert not not_printed(command.shown, done.stdout), f"$ {command.line}\n{done.stdout}"


def said(reader: Screener, text: str) -> Assessment:
    return reader.screen_report(Report("r1", "p1", text)).assessment


def test_the_cases_of_the_second_pack_hold(results: list[CaseResult]) -> None:
    told = {r.case.id: [r.outcome, *map(str, r.differences)] for r in results if r.is_failure}
    assert told == {}


def test_the_second_pack_has_sixty_cases_that_hold_and_few_that_are_known_to_fail(
    results: list[CaseResult],
) -> None:
    tally = Counter(result.outcome for result in results)
    assert tally["passed"] >= 60
    assert tally["known_failure"] / len(results) <= 0.05


def test_the_cases_of_the_second_pack_cover_every_level_and_certainty(second: RulePack) -> None:
    expected = [case.expect for case in load_cases(second)]
    assert {e.burden for e in expected} == set(second.burden.levels)
    assert {e.certainty for e in expected} == {"definite", "hedged", None}


@pytest.mark.parametrize(
    ("text", "rule", "burden"),
    [
        ("Pancreatic cancer. Omental nodules, PCI 25.", "high_index", "extensive"),
        ("Diffuse peritoneal metastases, PCI 15.", "middle_index", "multiple"),
        ("Innumerable peritoneal metastases, PCI 3.", "low_index", "limited"),
        ("Metastases involve 60% of the peritoneal surface.", "stated_share", "extensive"),
        ("Omental caking. Known gastric cancer.", "cake", "extensive"),
        ("Eight peritoneal metastases.", "stated_count", "multiple"),
        ("Miliary metastases limited to the pelvic peritoneum.", "one_region", "multiple"),
        ("Peritoneal metastases in all four quadrants.", "every_quadrant", "extensive"),
        ("Peritoneal metastases.", "extent_not_told", "multiple"),
        ("Peritoneal metastasis.", "one_deposit", "limited"),
    ],
)
def test_the_second_packs_own_table_decides(
    reader: Screener, text: str, rule: str, burden: str
) -> None:
    assessment = said(reader, text)
    assert (assessment.rule_id, assessment.burden) == (rule, burden)


def test_each_pack_reads_its_own_organ(reader: Screener, screener: Screener) -> None:
    text = "Innumerable hepatic metastases. Two peritoneal metastases."
    assert (said(reader, text).burden, said(screener, text).burden) == ("limited", "extensive")


def test_every_shipped_pack_comes_with_a_readme() -> None:
    lacking = [
        name for name, folder in known_packs().items() if not (folder / "README.md").is_file()
    ]
    assert SECOND in known_packs()
    assert lacking == []


@pytest.mark.slow
def test_the_lesson_builds_the_pack_it_says_and_its_commands_print_what_they_show(
    tmp_path: Path,
) -> None:
    written = set()
    n_commands = 0
    for kind, block in _BLOCK.findall(lesson()):
        if kind == "console":
            for command in commands(f"```console\n{block}```\n"):
                follow(command, tmp_path)
                n_commands += 1
        else:
            written.add(write_file(block, tmp_path).name)
    assert n_commands >= 8
    assert {"pack.yaml", "targets.yaml", "context.yaml", "sections.yaml", "cases.yaml"} <= written


def test_the_first_pack_of_the_lesson_has_about_thirty_lines() -> None:
    blocks = [_FILE.fullmatch(block) for kind, block in _BLOCK.findall(lesson()) if kind == "yaml"]
    lines = [b["text"].count("\n") for b in blocks if b and not b["add"]]
    assert len(lines) == 5
    assert 25 <= sum(lines) <= 35


def test_the_lesson_names_every_role_category_and_condition() -> None:
    named = set(re.findall(r"`([a-z_]+)`", lesson()))
    assert {*get_args(Role), *get_args(Category), *get_args(Nature), *CONDITIONS} <= named


@pytest.mark.parametrize("page", sorted(RULES.rglob("README.md")), ids=lambda p: p.parent.name)
def test_links_of_the_pages_lead_somewhere(page: Path) -> None:
    linked = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert not [target for target in linked if not (page.parent / target).exists()]
