"""``screener pack diff``: patients and reports that one of two packs makes candidates, and why."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, cast

import typer

from screener.cli.options import DateOrder, Json, Workers
from screener.cli.plain import plain
from screener.errors import SourceError

if TYPE_CHECKING:
    from typing import Literal

    from screener.pack_diffs import ChangedPatient, ChangedReport, PackDiff, Side

PackA = Annotated[str, typer.Argument(metavar="PACK_A", help="A rule pack: a name or a folder.")]
PackB = Annotated[str, typer.Argument(metavar="PACK_B", help="The pack to hold against it.")]
Sources = Annotated[
    list[str], typer.Argument(metavar="SOURCE...", help="Reports, as for the screen command.")
]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FIELD=COLUMN", help="Take COLUMN for FIELD; may be repeated."),
]
Dates = Annotated[
    DateOrder | None,
    typer.Option("--date-order", help="How to read 03/04/2021: day or month first."),
]


def diff(
    pack_a: PackA,
    pack_b: PackB,
    source: Sources,
    *,
    workers: Workers = 1,
    map_: Map = None,
    date_order: Dates = None,
    as_json: Json = False,
) -> None:
    """List patients and reports that PACK_B gains or loses as candidates against PACK_A."""
    from screener.cli.progress import telling
    from screener.pack_diffs import diff_packs
    from screener.packs import load_pack
    from screener.sources import open_sources, parse_column_map

    try:
        columns = parse_column_map(map_ or [])
    except SourceError as error:
        raise typer.BadParameter(str(error)) from None
    order = cast('Literal["dmy", "mdy"] | None', date_order and date_order.value)
    packs = load_pack(pack_a), load_pack(pack_b)
    opened = open_sources(source, column_map=columns, date_order=order, stdin=sys.stdin.buffer)
    found = diff_packs(telling(opened), *packs, workers=workers)
    typer.echo(json.dumps(found.to_dict()) if as_json else "\n".join(_lines(found)))


def _lines(found: PackDiff) -> Iterator[str]:
    for letter, pack in (("A", found.pack_a), ("B", found.pack_b)):
        yield f"{letter}: {pack['name']} {pack['version']} ({pack['sha256'][:12]})"
    yield (
        f"{found.n_reports:,} reports of {found.n_patients:,} patients; "
        f"{found.n_rejected:,} rejected, {found.n_duplicate:,} exact duplicates."
    )
    yield "Candidate reports: A {:,}, B {:,}.".format(*found.n_candidate_reports)
    yield "Candidate patients: A {:,}, B {:,}.".format(*found.n_candidate_patients)
    yield "Burden changes: " + (
        ", ".join(f"{a} to {b} {n:,}" for a, b, n in found.burden_changes) or "none"
    )
    yield from _patients("gained", found.patients_gained, gained=True)
    yield from _patients("lost", found.patients_lost, gained=False)
    for what, reports in (("gained", found.reports_gained), ("lost", found.reports_lost)):
        told = ", ".join(plain(report.report_id) for report in reports)
        yield f"Reports {what}: {len(reports):,}{': ' if told else ''}{told}"


def _patients(what: str, patients: Sequence[ChangedPatient], *, gained: bool) -> Iterator[str]:
    yield ""
    yield f"Patients {what}: {len(patients):,}"
    for patient in patients:
        yield f"  {plain(patient.patient_id)}"
        for report in patient.reports:
            yield from _report(report, gained=gained)
    if not gained:
        yield ""


def _report(report: ChangedReport, *, gained: bool) -> Iterator[str]:
    sides = {"A": report.a, "B": report.b}
    has, lacks = ("B", "A") if gained else ("A", "B")
    yield f"    {plain(report.report_id)}"
    yield f"      {has}: {_words(sides[has])}"
    yield f"      {lacks}: {_words(sides[lacks])}{_why_not(sides[lacks])}"


def _words(side: Side) -> str:
    told = side.burden if side.certainty is None else f"{side.burden}, {side.certainty}"
    if not side.evidence:
        return told
    return f'{told}, by "{" ... ".join(map(plain, side.evidence))}" ({side.rule_id})'


def _why_not(side: Side) -> str:
    if side.suppressed_by:
        return f'; kept back as {side.suppressed_by} by "{plain(side.cue)}"'
    if side.cues:
        quoted = (f'"{plain(cue)}"' for cue in side.cues)
        return f"; cues {', '.join(quoted)}"
    return "; no words of it found" if not side.evidence else ""
