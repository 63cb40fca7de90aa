"""What a report is known by without its text: a digest of all its fields."""

from __future__ import annotations

from hashlib import blake2b
from operator import attrgetter
from typing import TYPE_CHECKING

from screener.reports import FIELDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screener.reports import Report

DIGEST_BYTES = 16
_fields_of = attrgetter(*FIELDS)


def digest_report(report: Report) -> bytes:
    """Return the digest of a report; equal ones alone have the same.

    >>> from screener.reports import Report
    >>> digest_report(Report("ab", "c", "t")) == digest_report(Report("a", "bc", "t"))
    False
    """
    return digest_fields([*map(str, _fields_of(report))])


def digest_fields(fields: Sequence[str]) -> bytes:
    """Return the digest of some texts; their lengths keep ("ab", "c") apart from ("a", "bc")."""
    lengths = ",".join(map(str, map(len, fields)))
    told = f"{lengths};{''.join(fields)}"
    return blake2b(told.encode(), digest_size=DIGEST_BYTES).digest()
