"""The engine, built once a session, and texts of every kind for it to read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from demonstrations import demo
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from small_studies import make, postgresql, small_run, store_kind, templates

from screener.assessments import Assessment
from screener.nlp.headings import Headings
from screener.packs import RulePack, load_pack
from screener.reports import Report
from screener.screening import Screener

__all__ = [
    "demo",
    "make",
    "postgresql",
    "small_run",
    "store_kind",
    "templates",
]  # fixtures of studies

settings.register_profile(
    "engine", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("engine")

_PIECES = [
    *(
        "FINDINGS:",
        "IMPRESSION:\n",
        "ADDENDUM:",
        "Liver:",
        "LIVER\n",
        "COMPARISON:",
        "INDICATION: ",
    ),
    *(
        "innumerable",
        "hepatic",
        "liver",
        "metastases",
        "metastatses",
        "lesions",
        "No ",
        "suspicious for",
    ),
    *(
        "replacing",
        "70-80%",
        "> 75 %",
        "two thirds",
        "2.3 x 1.5 cm",
        "12/03/2021",
        "segment 7",
        "T12",
    ),
    *(
        "[ ] ",
        "[x] ",
        "( )",
        "☐ ",
        "{a/b}",
        "<few|many>",
        "[few/many]",
        "--> ",
        "***",
        "???",
        "___",
    ),
    *(
        " ",
        "  ",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "\t",
        ". ",
        ", ",
        "; ",
        "- ",
        "* ",
        "1. ",
        "a) ",
        ".",
        "-",
    ),
    *(
        "\0",
        "\ufeff",
        "\u0130",
        "\u00df",
        "\u2028",
        "\x85",
        "\u00a0",
        "e\u0301",
        "\ufb01",
        "½",
        "٣%",
    ),
]
"""What reports are made of, and what breaks the reading of them."""


# What the engine's libraries warn of when they are first imported and compiled.
_WARNINGS = (
    "ignore:Importing 'parser.split_arg_string' is deprecated:DeprecationWarning",
    "ignore:invalid escape sequence",
)


def pytest_configure(config: pytest.Config) -> None:
    for warning in _WARNINGS:
        config.addinivalue_line("filterwarnings", warning)


def texts() -> st.SearchStrategy[str]:
    """Any text that UTF-8 can hold, much of it like a report."""
    anything = st.text(st.characters(codec="utf-8"), max_size=12)
    pieces = st.lists(st.one_of(st.sampled_from(_PIECES), anything), max_size=30)
    return pieces.flatmap(lambda some: st.sampled_from(["", " "]).map(lambda by: by.join(some)))


@pytest.fixture(scope="session")
def pack() -> RulePack:
    return load_pack("liver_tumor_burden")


@pytest.fixture(scope="session")
def headings(pack: RulePack) -> Headings:
    return Headings(pack)


@pytest.fixture(scope="session")
def screener(pack: RulePack) -> Screener:
    return Screener(pack)


@pytest.fixture(scope="session")
def assess(screener: Screener) -> Callable[[str], Assessment]:
    """What a text says."""
    return lambda text: screener.screen_report(Report("r1", "p1", text)).assessment
