"""HL7 v2 messages for tests, written by hand; patients and texts are invented."""

from __future__ import annotations

from collections.abc import Sequence

MSH = r"MSH|^~\&|RIS|SITE_A|ARCHIVE|HUB|{sent}||ORU^R01|{control}|P|{version}"
PID = "PID|1||{patient}^^^SITE_A^MR||DOE^JANE||19600101|F"


def obr(accession: str = "A1", section: str = "CT", status: str = "F", changed: str = "") -> str:
    """An examination on 2 March 2024."""
    return (
        f"OBR|1|P-{accession}^HIS|{accession}^RIS|74177^CT ABDOMEN^L|||20240302101500{14 * '|'}|"
        f"{changed}||{section}|{status}"
    )


def obx(value: str, name: str = "&GDT", kind: str = "TX", sub: str = "1", status: str = "F") -> str:
    """One observation."""
    return f"OBX|1|{kind}|{name}|{sub}|{value}||||||{status}"


def oru(
    *segments: str,
    patient: str = "P1",
    sent: str = "20240302120000",
    control: str = "M1",
    version: str = "2.5.1",
    end: str = "\r",
) -> bytes:
    """A result with its header and patient before the segments given."""
    head = MSH.format(sent=sent, control=control, version=version)
    return joined([head, PID.format(patient=patient), *segments], end)


def report(
    text: str, accession: str = "A1", status: str = "F", sent: str = "20240302120000"
) -> bytes:
    """A result with one line of text."""
    return oru(obr(accession, status=status), obx(text, status=status), sent=sent, control=sent)


def joined(segments: Sequence[str], end: str = "\r") -> bytes:
    """Segments, each with its line end."""
    return "".join(segment + end for segment in segments).encode()
