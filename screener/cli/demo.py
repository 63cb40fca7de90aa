"""``screener demo``: the shipped cohort screened and read, its story told in numbers of both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screener.cli.options import DEFAULT_PACK, Workers
from screener.cli.progress import counting, say_summary
from screener.errors import RunError, SourceError

if TYPE_CHECKING:
    from screener.runs import RunSummary

Out = Annotated[Path, typer.Option("--out", metavar="RUN", help="The run folder to make.")]


def demo(out: Out = Path("screener-demo"), workers: Workers = 1) -> None:
    """Tell a whole study on the shipped synthetic cohort, with simulated readers and a report."""
    from screener.cli.demo_report import make_demo_report, refuse_others
    from screener.cli.demo_story import read_story, story_text
    from screener.cli.demo_study import make_demo_study, refuse_other_study, study_folder

    cohort, study = _cohort_folder(), study_folder(out)
    refuse_other_study(study)
    refuse_others(out)
    summary = _screen(cohort, out, workers)
    say_summary(summary)
    typer.echo(story_text(read_story(cohort, out), out))
    typer.echo(make_demo_study(cohort, out, study))
    typer.echo(make_demo_report(cohort, out, study))


def _cohort_folder() -> Path:
    """Find the cohort inside the installed package, or in the checkout beside it."""
    package = Path(__file__).resolve().parent.parent
    shipped = package / "demo_cohort"
    checkout = package.parent / "corpora" / "synthetic_reports" / "cohort"
    for folder in (shipped, checkout):
        if (folder / "reports.csv").is_file():
            return folder
    raise SourceError(
        "The demonstration cohort is not part of this installation. "
        "Install the wheel or work in a checkout."
    )


def _screen(cohort: Path, out: Path, workers: int) -> RunSummary:
    from screener.packs import load_pack
    from screener.run_records import RunOptions
    from screener.runs import screen_sources
    from screener.sources import open_sources

    options = RunOptions(workers, replace=_is_replaceable(out), more={"demo": True})
    opened = open_sources([str(cohort / "reports.csv")], column_map={})
    with counting() as progress:
        return screen_sources(
            opened, load_pack(DEFAULT_PACK), out, options=options, progress=progress
        )


def _is_replaceable(out: Path) -> bool:
    """Whether `out` is an earlier demonstration; anything else that is there is left alone."""
    if not out.exists():
        return False
    try:
        record = json.loads((out / "run.json").read_bytes())
    except (OSError, ValueError):
        record = None
    if isinstance(record, dict) and record.get("options", {}).get("demo") is True:
        return True
    raise RunError(f"{out} is not a demonstration run, so it is left alone. Name another by --out.")
