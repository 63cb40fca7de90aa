"""``screener check-numbers``: what a draft states as n/N (p%), recomputed."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from screener.cli.diagnostics import CHECK_FAILED, say
from screener.cli.options import Json
from screener.errors import SourceError

if TYPE_CHECKING:
    from screener.drafts import Statement


class Rounding(StrEnum):
    """Names of `screener.claims.ROUNDINGS`."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    TRUNCATION = "truncation"


FILE_HELP = "The draft, as plain text or Markdown; - for standard input."
OF_HELP = "What a count without its N, such as 15 patients (4.0%), is of; may be repeated."
ROUNDING_HELP = "The one rule that must hold; else half up and half even both do."

Draft = Annotated[str, typer.Argument(metavar="FILE", help=FILE_HELP)]
Of = Annotated[list[int] | None, typer.Option("--of", metavar="N", min=1, help=OF_HELP)]
Rule = Annotated[Rounding | None, typer.Option("--rounding", help=ROUNDING_HELP)]
All = Annotated[bool, typer.Option("--all", help="List what holds, too.")]


def check_numbers(
    file: Draft, *, of: Of = None, rounding: Rule = None, all_: All = False, as_json: Json = False
) -> None:
    """Recompute what a draft states as n/N (p%), and name what does not hold."""
    from screener.contradictions import with_contradictions
    from screener.drafts import check_draft

    rule = cast('Literal["half_up", "half_even", "truncation"] | None', rounding and rounding.value)
    text = _read(file)
    statements = with_contradictions(text, check_draft(text, of or (), rule))
    if as_json:
        typer.echo(json.dumps(_to_dict(file, statements)))
    else:
        for one in statements:
            if all_ or one.judgement.verdict != "holds":
                typer.echo(_line(file, one))
    n_wrong = sum(one.is_wrong for one in statements)
    n_unchecked = sum(one.judgement.verdict == "unchecked" for one in statements)
    n_held = len(statements) - n_wrong - n_unchecked
    say(f"{n_held:,} statements hold, {n_wrong:,} do not, {n_unchecked:,} are not checked.")
    _say_mixed(statements)
    if n_wrong:
        raise typer.Exit(CHECK_FAILED)


def _say_mixed(statements: tuple[Statement, ...]) -> None:
    """Say where a draft rounds by more than one rule."""
    held = [one.judgement.roundings for one in statements if one.judgement.verdict == "holds"]
    up = sum("half_up" in rules and "half_even" not in rules for rules in held)
    even = sum("half_even" in rules and "half_up" not in rules for rules in held)
    if up and even:
        say(f"{up:,} hold by half up only and {even:,} by half even only: choose one rule.")


def _read(file: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise SourceError(f"{file}: cannot be read ({error.strerror}). Check the path.") from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        told = f"{file}: is not UTF-8. Save the draft as plain text or Markdown in UTF-8."
        raise SourceError(told) from None


def _line(file: str, one: Statement) -> str:
    told = {
        "holds": "holds",
        "wrong": "does not hold",
        "other_rounding": "does not hold",
        "impossible": "cannot be",
        "unchecked": "is not checked",
    }[one.judgement.verdict]
    return f"{file}:{one.line}:{one.column}: {one.text!r} {told}: {one.judgement.why}."


def _to_dict(file: str, statements: tuple[Statement, ...]) -> dict[str, Any]:
    return {
        "file": file,
        "n_statements": len(statements),
        "n_wrong": sum(one.is_wrong for one in statements),
        "statements": [
            {
                "line": one.line,
                "column": one.column,
                "text": one.text,
                "verdict": one.judgement.verdict,
                "why": one.judgement.why,
                "n": one.claim.n if one.claim else None,
                "of": one.judgement.of,
                "stated": one.claim.stated if one.claim else None,
                "roundings": list(one.judgement.roundings),
            }
            for one in statements
        ],
    }
