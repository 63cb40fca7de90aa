"""The pages of a report: one HTML file with all in it, and tables for a word processor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

if TYPE_CHECKING:
    from screener.packs import RulePack
    from screener.report.contents import Contents
    from screener.report.sections import Section
    from screener.report.tables import ReportTable
    from screener.run_pages import TopPatient


@cache
def environment() -> Environment:
    """Return the templates: what is put in is escaped, and a name that is not there fails."""
    return Environment(
        loader=PackageLoader("screener.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def report_page(contents: Contents, sections: Sequence[Section]) -> str:
    """Return the report as one HTML file that needs nothing else."""
    template = environment().get_template("report.html.j2")
    return template.render(contents=contents, sections=sections)


def table_page(table: ReportTable) -> str:
    """Return a table as an HTML file that word processors open as a table."""
    return environment().get_template("table.html.j2").render(table=table)


def run_page(
    pack: RulePack,
    funnel: Sequence[tuple[str, int, str]],
    tiers: Mapping[str, int],
    patients: Sequence[TopPatient],
) -> str:
    """Return the page of a run: how many came through each step, and the first patients."""
    template = environment().get_template("run.html.j2")
    return template.render(pack=pack, funnel=funnel, tiers=tiers, patients=patients)
