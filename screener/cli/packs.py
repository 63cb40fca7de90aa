"""``screener pack``: the rule packs there are, what one holds, whether it is sound, its cases."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from screener.cli.diagnostics import BAD_INPUT, CHECK_FAILED, say
from screener.cli.options import Json
from screener.cli.pack_diff import diff
from screener.cli.progress import say_ungated
from screener.errors import PackError, Problem

if TYPE_CHECKING:
    from screener.cases import Case, CaseResult, Outcome
    from screener.packs import RulePack

app = typer.Typer(
    help="List, show, check and test rule packs.", no_args_is_help=True, rich_markup_mode=None
)

NAME_OR_FOLDER = "NAME|FOLDER"
PackName = Annotated[str, typer.Argument(metavar=NAME_OR_FOLDER, help="The rule pack.")]
ConceptName = Annotated[
    str | None, typer.Option("--concept", metavar="NAME", help="List the phrases of one concept.")
]
CueName = Annotated[
    str | None, typer.Option("--cue", metavar="NAME", help="List the phrases of one cue.")
]
OUTCOMES: dict[Outcome, str] = {
    "passed": "passed",
    "failed": "failed",
    "known_failure": "known to fail",
    "unexpected_pass": "known to fail but passed",
}


@app.command("list")
def list_packs(as_json: Json = False) -> None:
    """List the shipped packs: name, version, number of cases, question."""
    from screener.packs import known_packs

    rows = [_listed(name, folder) for name, folder in known_packs().items()]
    if as_json:
        typer.echo(json.dumps(rows))
        return
    for row in rows:
        if row["version"] is not None:
            typer.echo(f"{row['name']} {row['version']}, {row['n_cases']} cases")
            typer.echo(f"  {row['question']}")


@app.command("show")
def show_pack(
    pack: PackName, concept: ConceptName = None, cue: CueName = None, as_json: Json = False
) -> None:
    """Show a pack: question, burden levels, decision table, concepts, cues and sections."""
    from screener.cli.pack_view import pack_text, to_dict
    from screener.packs import load_pack

    loaded = load_pack(pack)
    if concept is None and cue is None:
        typer.echo(json.dumps(to_dict(loaded)) if as_json else pack_text(loaded))
        return
    phrases = _phrases(loaded, concept, cue)
    typer.echo(json.dumps(phrases) if as_json else "\n".join(phrases))


@app.command("check")
def check_pack(pack: PackName, as_json: Json = False) -> None:
    """Tell every problem of a pack and of its cases at once, with file and line."""
    from screener.cli.pack_view import counts_of

    try:
        loaded, cases = _load(pack)
    except PackError as error:
        if as_json and error.problems:
            typer.echo(json.dumps({"problems": [asdict(p) for p in error.problems]}))
            raise typer.Exit(BAD_INPUT) from None
        raise
    say_ungated(loaded)
    counts = {**counts_of(loaded), "cases": len(cases)}
    if as_json:
        told = {"name": loaded.name, "version": loaded.version, "counts": counts, "problems": []}
        typer.echo(json.dumps(told))
        return
    told_counts = ", ".join(f"{n:,} {what}" for what, n in counts.items())
    typer.echo(f"ok: {loaded.name} {loaded.version}: {told_counts}")


@app.command("test")
def run_cases(pack: PackName, as_json: Json = False) -> None:
    """Run a pack's own cases; tell those that come out otherwise than expected."""
    loaded, cases = _load(pack)
    results = _run(loaded, cases)
    tally = Counter(result.outcome for result in results)
    counts = {outcome: tally[outcome] for outcome in OUTCOMES}
    if as_json:
        told = {"pack": loaded.name, "version": loaded.version, "n_cases": len(cases)}
        failures = [_to_dict(result) for result in results if result.outcome != "passed"]
        typer.echo(json.dumps({**told, **counts, "cases": failures}))
    else:
        for result in results:
            if result.outcome != "passed":
                typer.echo(_result_text(result))
        summary = ", ".join(f"{n} {OUTCOMES[outcome]}" for outcome, n in counts.items())
        typer.echo(f"{loaded.name} {loaded.version}: {len(cases)} cases: {summary}.")
    if not cases:
        say("A pack without cases tests nothing; write some into its cases.yaml.")
    if not cases or any(result.is_failure for result in results):
        raise typer.Exit(CHECK_FAILED)


app.command("diff")(diff)


def _load(pack: str) -> tuple[RulePack, tuple[Case, ...]]:
    """Load a pack and its cases; raise with the problems of both at once."""
    from screener.cases import read_cases
    from screener.packs import known_packs, load_pack

    folder = known_packs().get(pack, Path(pack))
    loaded, problems = None, list[Problem]()
    try:
        loaded = load_pack(pack)
    except PackError as error:
        if not error.problems:
            raise
        problems += error.problems
    cases, wrong = read_cases(folder, loaded.burden if loaded else None)
    problems += wrong
    if loaded is None or problems:
        message = f"The pack in {folder} has {len(problems)} problem(s):"
        raise PackError(message, tuple(problems))
    return loaded, cases


def _listed(name: str, folder: Path) -> dict[str, Any]:
    from screener.cases import read_cases
    from screener.packs import load_pack

    try:
        pack = load_pack(folder)
    except PackError as error:
        say(f"{name} cannot be loaded ({len(error.problems)} problems); see: pack check {name}")
        return {"name": name, "version": None, "n_cases": 0, "question": None}
    cases, _ = read_cases(folder)
    return {
        "name": name,
        "version": pack.version,
        "n_cases": len(cases),
        "question": pack.question,
    }


def _phrases(pack: RulePack, concept: str | None, cue: str | None) -> list[str]:
    lists = {
        ("concept", entry.name): entry.phrases for entry in pack.concepts if concept is not None
    } | {("cue", entry.name): entry.phrases for entry in pack.cues if cue is not None}
    wanted = [(kind, name) for kind, name in (("concept", concept), ("cue", cue)) if name]
    for kind, name in wanted:
        if (kind, name) not in lists:
            known = ", ".join(other for what, other in lists if what == kind)
            message = f"no {kind} {name!r}. Known: {known}."
            raise typer.BadParameter(message, param_hint=f"--{kind}")
    return [phrase for key in wanted for phrase in lists[key]]


def _run(pack: RulePack, cases: tuple[Case, ...]) -> list[CaseResult]:
    from screener.cases import judge
    from screener.screening import Screener

    if not cases:
        return []
    screener = Screener(pack)
    return [judge(case, screener.screen_report(case.report).assessment) for case in cases]


def _result_text(result: CaseResult) -> str:
    case, said = result.case, result.assessment
    lines = [f"{OUTCOMES[result.outcome].upper()}  {case.id}"]
    if case.known_failure:
        lines.append(f"  known failure: {case.known_failure}")
    lines += [f"  about: {case.why}"] if case.why else []
    lines += [f"  {difference}" for difference in result.differences]
    evidence = " ... ".join(" ".join(words.split()) for words in said.evidence)
    by = f" by {evidence!r} ({said.rule_id})" if evidence else " by no words"
    lines += [f"  got{by}", *(f"  | {line}" for line in case.text.splitlines()), ""]
    return "\n".join(lines)


def _to_dict(result: CaseResult) -> dict[str, Any]:
    return {
        "id": result.case.id,
        "outcome": result.outcome,
        "known_failure": result.case.known_failure,
        "why": result.case.why,
        "differences": [asdict(difference) for difference in result.differences],
        "evidence": result.assessment.evidence,
        "rule_id": result.assessment.rule_id,
        "text": result.case.text,
    }
