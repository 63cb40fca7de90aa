"""What a coordinator does with a study once its cases are drawn."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screener.cli.diagnostics import CHECK_FAILED, say
from screener.cli.options import Json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from screener.settlements import Settlement, Unblinded

WHERE_HELP = "The study's folder, or the URL of its store."

Where = Annotated[str, typer.Argument(metavar="STUDY", help=WHERE_HELP)]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who does it, for the log.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for the log.")]
Cases = Annotated[
    list[str] | None, typer.Option("--case", metavar="CASE", help="Which case; may be repeated.")
]


class VerdictName(StrEnum):
    """Names of `screener.reads.Verdict`."""

    YES = "yes"
    NO = "no"
    CANNOT_ASSESS = "cannot_assess"


def status(study: Where, *, as_json: Json = False) -> None:
    """Tell how far a study is, in counts: of an incomplete case nobody learns more."""
    from screener.adjudication import open_study

    with open_study(study) as session:
        found = session.status()
    if as_json:
        typer.echo(json.dumps(asdict(found)))
        return
    drawn = f"{found.n_flagged} flagged, {found.n_audit} at random of {found.n_unflagged}"
    typer.echo(f"{found.name}: {found.question}")
    typer.echo(f"{found.n_cases} cases ({drawn}), {found.n_calibration} to calibrate.")
    typer.echo(f"{found.n_complete} of {found.n_cases} complete. Rule: {found.rule}.")
    typer.echo(_columns(["reader", "cases", "locked", "drafts", "amended"]))
    for one in found.readers:
        counts = [one.n_cases, one.n_locked, one.n_drafts, one.n_amendments]
        out = ["out in a packet"] if one.is_out else []
        typer.echo(_columns([one.reader, *map(str, counts), *out]))
    if found.n_unblindings:
        typer.echo(f"{found.n_unblindings} acts of unblinding are in the log.")


def settle(
    study: Where,
    *,
    early: Annotated[
        bool, typer.Option("--early", help="Also what missing reads cannot change; is logged.")
    ] = False,
    by: By = "coordinator",
    as_json: Json = False,
) -> None:
    """Apply the rule of consensus: the settled list, and what is open."""
    from screener.adjudication import open_study

    with open_study(study) as session:
        found = session.settle(early=early, by=by)
    if as_json:
        typer.echo(json.dumps(asdict(found)))
        return
    _show_settlement(found)


def meeting(
    study: Where,
    *,
    case: Annotated[str, typer.Option("--case", metavar="CASE", help="Which case.")],
    verdict: Annotated[VerdictName, typer.Option("--verdict", help="What was decided.")],
    reason: Reason,
    by: By,
    percent: Annotated[
        float | None, typer.Option("--percent", min=0, max=100, help="Of the organ involved.")
    ] = None,
) -> None:
    """Record what a consensus meeting decided on a case that the rule leaves open."""
    from screener.adjudication import open_study
    from screener.consensus import Opinion

    with open_study(study) as session:
        outcome = Opinion(verdict.value, percent)
        session.record_meeting(case, outcome, by=by, reason=reason)
    say(f"{case}: the meeting's {verdict.value} is recorded.")


def reads(study: Where, *, as_json: Json = False) -> None:
    """Print every record of the complete cases as CSV: the reads, as they were locked."""
    from screener.adjudication import open_study
    from screener.cli.reads_view import read_record, write_reads

    with open_study(study) as session:
        found = session.complete_reads()
        n_cases = len(session.case_ids())
    if as_json:
        typer.echo(json.dumps([read_record(read) for read in found]))
    else:
        write_reads(found, sys.stdout)
    n_complete = len({read.case_id for read in found})
    say(f"{len(found)} records of {n_complete} complete cases; {n_cases - n_complete} are not.")


def verify(
    study: Where,
    *,
    receipt: Annotated[
        list[str] | None,
        typer.Option("--receipt", metavar="RECEIPT", help="As a reader was given at a lock."),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option("--against", metavar="FILE", help="What an earlier verify --json printed."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Prove that no record was changed, removed or reordered; exit code 1 where one was."""
    from screener.verifying import verify_study

    earlier = [] if against is None else _earlier_heads(against)
    found = verify_study(study, receipts=receipt or [], against=earlier)
    if as_json:
        typer.echo(json.dumps(found.to_dict()))
    else:
        for head in found.heads:
            of = head.chain or "the log"
            typer.echo(_columns([of, f"{head.n:,} records", head.hash[:12]]))
    for problem in found.problems:
        say(f"Not as it was written: {problem}.")
    if not found.is_whole:
        raise typer.Exit(CHECK_FAILED)
    for chain, n in found.n_unsigned.items():
        say(f"{n} records of {chain or 'the log'} came without the key and are signed now.")
    say("Nothing was changed, removed or reordered.")


def unblind(
    study: Where,
    *,
    case: Cases = None,
    all_: Annotated[bool, typer.Option("--all", help="All cases.")] = False,
    by: By,
    reason: Reason,
    as_json: Json = False,
) -> None:
    """Show who said what of a case and why it was drawn, after writing that into the log."""
    from screener.adjudication import open_study

    if bool(case) == all_:
        raise typer.BadParameter("give --case CASE, or --all")
    with open_study(study) as session:
        found = session.unblind(case or session.case_ids(), by=by, reason=reason)
    say(f"The unblinding of {len(found)} cases is in the log.")
    n_open = sum(not one.is_complete for one in found)
    if n_open:
        say(f"{n_open} of them are not complete: their later reads are no longer blind to you.")
    if as_json:
        typer.echo(json.dumps([_unblinded(one) for one in found]))
        return
    _show_unblinded(found)


def grant(
    study: Where,
    *,
    reader: Annotated[str, typer.Option("--reader", metavar="NAME", help="Whose access.")],
) -> None:
    """Give a reader's role on PostgreSQL a new password, and print the URL to hand over once."""
    from screener.granting import grant_access

    typer.echo(grant_access(study, reader))
    say(f"Hand this to {reader} alone: screener read URL --reader {reader}. It is not kept.")


def upgrade(study: Where) -> None:
    """Bring a store's tables up to this version of the program."""
    from screener.granting import upgrade_store

    upgrade_store(study)
    say("The store is up to date.")


def _show_settlement(found: Settlement) -> None:
    if found.settled:
        typer.echo(_columns(["case", "patient", "result", "percent", "reads", "by"]))
    for one in found.settled:
        percent = "" if one.percent is None else f"{one.percent:g}"
        row = [one.case_id, one.patient_id, one.verdict, percent, one.status, one.basis]
        typer.echo(_columns(row))
    for still in found.open:
        typer.echo(_columns([still.case_id, "", "open", "", "", still.why]))
    n_yes = sum(one.verdict == "yes" for one in found.settled)
    say(f"{len(found.settled)} settled, {n_yes} of them yes; {len(found.open)} open.")
    if found.n_sent_on:
        say(f"{found.n_sent_on} cases went to the adjudicator.")


def _show_unblinded(found: Sequence[Unblinded]) -> None:
    for one in found:
        why = one.origin
        head = [why.case_id, why.patient_id, why.origin, why.tier, f"rank {why.rank}"]
        typer.echo(_columns([*head, f"score {why.score:g}"]))
        for read in one.reads:
            percent = read.form.involved_percent
            told = "" if percent is None else f"{percent:g}%"
            row = [f"  {read.reader}", read.kind, str(read.form.verdict), told]
            typer.echo(_columns([*row, read.locked_at.isoformat(timespec="seconds")]))


def _unblinded(one: Unblinded) -> dict[str, object]:
    from screener.reads import read_body

    reads = [{**read_body(read), "hash": read.hash} for read in one.reads]
    return {**asdict(one.origin), "is_complete": one.is_complete, "reads": reads}


def _earlier_heads(file: Path) -> list[dict[str, object]]:
    from screener.errors import StudyError

    try:
        heads: list[dict[str, object]] = json.loads(file.read_bytes())["heads"]
        return [{name: head[name] for name in ("chain", "n", "hash")} for head in heads]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        told = f"{file} is not what screener study verify --json printed."
        raise StudyError(told) from fault


def _columns(cells: Iterable[str]) -> str:
    return "  ".join(f"{cell:<13}" for cell in cells).rstrip()
