"""The house styles: how each site sets a document in type."""

from __future__ import annotations

from collections.abc import Callable

from .dice import Dice
from .documents import Document
from .scuffs import british, wrap

_NORTH = {
    "brain_neck": "HEAD AND NECK", "lungs": "CHEST", "bases": "LUNG BASES", "liver": "LIVER",
    "spleen": "SPLEEN AND ADRENALS", "biliary": "GALLBLADDER AND BILE DUCTS", "pancreas": "PANCREAS",
    "kidneys": "KIDNEYS AND BLADDER", "bowel": "BOWEL AND MESENTERY", "nodes": "LYMPH NODES AND VESSELS",
    "peritoneum": "PERITONEUM", "bones": "BONES",
}  # fmt: skip
_WEST = {
    "brain_neck": "Head/Neck", "lungs": "Lungs/Pleura", "bases": "Lower chest", "liver": "Liver",
    "spleen": "Spleen/Adrenals", "biliary": "Gallbladder/Biliary", "pancreas": "Pancreas",
    "kidneys": "Genitourinary", "bowel": "GI tract", "nodes": "Nodes/Vasculature",
    "peritoneum": "Peritoneum", "bones": "Musculoskeletal",
}  # fmt: skip
_SELF_EVIDENT = ("liver", "hepatic", "hepato")


def set_in_type(document: Document, site: str, year: int, dice: Dice) -> str:
    """Write the text of a report as the site and its time did."""
    layouts: dict[str, tuple[Callable[[Document], str], ...]] = {
        "North": (_north_organs, _north_prose, _north_impression_first),
        "South": (_south_headings, _south_letter, _south_brief),
        "West": (_west_template, _west_bullets, _west_stacked),
    }
    text = dice.pick(layouts[site])(document)
    if site == "North" and year < 2016:
        return text.upper()
    if site == "South":
        text = wrap(british(text), dice.pick((68, 76, 90)))
        return text.replace("\n", "\r\n") if dice.chance(0.35) else text
    return text


def _numbered(items: list[str]) -> str:
    if len(items) == 1:
        return items[0]
    return "\n".join(f"{number}. {item}" for number, item in enumerate(items, start=1))


def _bulleted(items: list[str], mark: str = "-") -> str:
    return "\n".join(f"{mark} {item}" for item in items)


def _organ_lines(document: Document, names: dict[str, str]) -> str:
    lines = [f"{names[name]}: {text}" if name else text for name, text in document.organs]
    return "\n".join(lines)


def _prose(document: Document) -> str:
    """Run the organs on as sentences; a lead is set where the words do not name the organ."""
    sentences = []
    for name, text in document.organs:
        lead = name == "liver" and not any(word in text.lower() for word in _SELF_EVIDENT)
        sentences.append(f"Liver: {text}" if lead else text)
    return " ".join(sentences)


def _north_organs(document: Document) -> str:
    text = (
        f"EXAM: {document.exam}\nDATE: {document.date}\n\nINDICATION: {document.indication}\n\n"
        f"COMPARISON: {document.comparison}\n\nTECHNIQUE: {document.technique}\n\n"
        f"FINDINGS:\n{_organ_lines(document, _NORTH)}\n\n"
        f"IMPRESSION:\n{_numbered(document.impression)}\n\n"
        f"Electronically signed by {document.reader}"
    )
    return _north_addendum(document, text)


def _north_prose(document: Document) -> str:
    text = (
        f"{document.exam}\n\nHISTORY: {document.indication}\nCOMPARISON: {document.comparison}\n"
        f"TECHNIQUE: {document.technique}\n\nFINDINGS: {_prose(document)}\n\n"
        f"IMPRESSION: {_numbered(document.impression)}\n\nDictated by {document.reader}, {document.date}"
    )
    return _north_addendum(document, wrap(text, 100))


def _north_impression_first(document: Document) -> str:
    text = (
        f"EXAM: {document.exam} {document.date}\n\nIMPRESSION:\n{_numbered(document.impression)}\n\n"
        f"CLINICAL HISTORY: {document.indication}\n\nCOMPARISON: {document.comparison}\n\n"
        f"PROCEDURE: {document.technique}\n\nFINDINGS:\n{_organ_lines(document, _NORTH)}\n\n"
        f"Signed {document.reader}"
    )
    return _north_addendum(document, text)


def _north_addendum(document: Document, text: str) -> str:
    if not document.addendum:
        return text
    return f"{text}\n\nADDENDUM: {document.addendum}\nAddendum signed by {document.reader}"


def _south_headings(document: Document) -> str:
    return (
        f"{document.exam}\n{document.date}\n\nClinical Details\n{document.indication}\n\n"
        f"Comparison\n{document.comparison}\n\nTechnique\n{document.technique}\n\n"
        f"Report\n{_prose(document)}\n\nConclusion\n{' '.join(document.impression)}"
        f"{_south_addendum(document)}\n\n{document.reader}"
    )


def _south_letter(document: Document) -> str:
    half = len(document.organs) // 2
    paragraphs = []
    for organs in (document.organs[:half], document.organs[half:]):
        if organs:
            part = Document("", "", "", organs=organs)
            paragraphs.append(_prose(part))
    body = "\n\n".join(paragraphs)
    return (
        f"{document.exam} performed {document.date}.\n\nClinical information: {document.indication}\n"
        f"Comparison: {document.comparison}\nTechnique: {document.technique}\n\nFindings\n{body}\n\n"
        f"Conclusion\n{_bulleted(document.impression)}{_south_addendum(document)}\n\n"
        f"Reported by {document.reader}"
    )


def _south_brief(document: Document) -> str:
    return (
        f"{document.exam}, {document.date}. {document.reader}.\n"
        f"Clinical details: {document.indication}\nTechnique: {document.technique}\n"
        f"Compared with: {document.comparison}\n\nFindings: {_prose(document)}\n\n"
        f"Opinion: {' '.join(document.impression)}{_south_addendum(document)}"
    )


def _south_addendum(document: Document) -> str:
    return f"\n\nAddendum\n{document.addendum}" if document.addendum else ""


def _west_template(document: Document) -> str:
    return (
        f"Exam: {document.exam}\nDate: {document.date}\nIndication: {document.indication}\n"
        f"Comparison: {document.comparison}\nTechnique: {document.technique}\n\n"
        f"Findings:\n{_organ_lines(document, _WEST)}\n\nImpression:\n{_bulleted(document.impression)}"
        f"{_west_addendum(document)}\n\nAttending: {document.reader}"
    )


def _west_bullets(document: Document) -> str:
    findings = _bulleted(_organ_lines(document, _WEST).split("\n"), "•")
    text = (
        f"{document.exam} | {document.date}\n\nReason for exam: {document.indication}\n"
        f"Comparison: {document.comparison}\n\nTechnique: {document.technique}\n\n"
        f"FINDINGS\n{findings}\n\nIMPRESSION\n{_bulleted(document.impression, '•')}\n\n"
        f"Electronically signed: {document.reader}"
    )
    return f"{text}{_west_addendum(document)}"


def _west_stacked(document: Document) -> str:
    blocks = [f"{_WEST[name]}:\n  " + text.replace("\n", "\n  ") if name else text
              for name, text in document.organs]  # fmt: skip
    body = "\n".join(blocks)
    return (
        f"Exam: {document.exam}\nDate: {document.date}\n\nClinical Indication:\n  {document.indication}\n"
        f"Comparison:\n  {document.comparison}\nTechnique:\n  {document.technique}\n\n"
        f"Findings\n{body}\n\nImpression:\n{_numbered(document.impression)}"
        f"{_west_addendum(document)}\n\nSigned by {document.reader}"
    )


def _west_addendum(document: Document) -> str:
    return f"\n\n*** ADDENDUM ***\n{document.addendum}" if document.addendum else ""
