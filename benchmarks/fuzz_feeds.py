"""Fuzz the readers of HL7 v2 and FHIR with atheris, guided by coverage; no part of the tests.

atheris is some 60 MB and is not installed with the tools of development::

    uv run --with atheris python benchmarks/fuzz_feeds.py hl7 -max_total_time=300
    uv run --with atheris python benchmarks/fuzz_feeds.py fhir -max_total_time=300

It stops at the first input that is a crash, or that takes over ten seconds.
"""

from __future__ import annotations

import io
import sys

import atheris

with atheris.instrument_imports(include=["screener.sources", "hl7"]):
    from screener.sources.documents import Document, Skipped
    from screener.sources.fhir_reports import read_fhir
    from screener.sources.hl7_results import read_results
    from screener.sources.rows import Fault


def read_hl7_bytes(content: bytes) -> None:
    _check(read_results(io.BytesIO(content)))


def read_fhir_bytes(content: bytes) -> None:
    _check(read_fhir(lambda: io.BytesIO(content)))


def _check(items: object) -> None:
    for item in items:  # type: ignore[attr-defined]
        if not isinstance(item, Document | Skipped | Fault):
            raise TypeError(type(item))


if __name__ == "__main__":
    name = sys.argv.pop(1)
    atheris.Setup(
        [*sys.argv, "-timeout=10"], {"hl7": read_hl7_bytes, "fhir": read_fhir_bytes}[name]
    )
    atheris.Fuzz()
