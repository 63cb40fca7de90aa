"""What some reports are known by without their texts: a digest of all their fields."""

from __future__ import annotations

from array import array
from hashlib import blake2b
from typing import TYPE_CHECKING

from screener.reports import FIELDS

if TYPE_CHECKING:
    from screener.report_columns import ReportColumns

DIGEST_BYTES = 16


def digest_reports(reports: ReportColumns, made_by: str) -> str:
    """Return a digest of some reports and of what screens them, as hexadecimal digits.

    The lengths keep ("ab", "c") apart from ("a", "bc").

    >>> from screener.report_columns import ReportColumns
    >>> from screener.reports import Report
    >>> two = Report("ab", "c", "t"), Report("a", "bc", "t")
    >>> len({digest_reports(ReportColumns.of([report]), "1") for report in two})
    2
    """
    digest = blake2b(f"{made_by}\n{len(reports)}\n".encode(), digest_size=DIGEST_BYTES)
    for field, column in zip(FIELDS, reports.columns, strict=True):
        if column and any(column):
            texts = list(map(str, column)) if field == "exam_on" else column
            digest.update(f"{field}:".encode())
            digest.update(array("Q", map(len, texts)))
            digest.update("".join(texts).encode())
    return digest.hexdigest()
