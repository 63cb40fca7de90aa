"""What one report holds before it takes the house style of its site: sections, label, traps."""

from __future__ import annotations

from dataclasses import dataclass, field

from .dice import Dice
from .elsewhere import Elsewhere, parts_of
from .patients import Patient
from .pools import Passage, Pools
from .slots import Slots, told_date
from .visits import Visit

MODALITIES = {"dotatate": "PT", "fdg": "PT", "ct": "CT", "mr": "MR", "us": "US"}


@dataclass
class Document:
    """The sections of one report.

    Attributes
    ----------
    organs
        Name of each part with its text, the liver among them; empty names are plain sentences.
    impression
        Its items in order.
    passage
        The statement about the liver; ``None`` where the liver is not imaged.
    traps
        What makes the report hard.
    """

    exam: str
    modality: str
    date: str
    indication: str = ""
    technique: str = ""
    comparison: str = ""
    organs: list[tuple[str, str]] = field(default_factory=list)
    impression: list[str] = field(default_factory=list)
    addendum: str = ""
    reader: str = ""
    passage: Passage | None = None
    traps: set[str] = field(default_factory=set)


class Writer:
    """Writes the document of one examination.

    Parameters
    ----------
    pools
        The hand-written prose.
    dice
        Takes from it.
    """

    def __init__(self, pools: Pools, dice: Dice) -> None:
        self._pools = pools
        self._dice = dice
        self._elsewhere = Elsewhere(pools, dice)

    def write(
        self, patient: Patient, visit: Visit, passage: Passage | None, slots: Slots
    ) -> Document:
        """Write the document; without a passage, one that does not image the liver."""
        exam, modality = self._exam(visit)
        document = Document(exam, modality, told_date(visit.on, patient.site), passage=passage)
        document.technique = slots.fill(
            self._dice.pick(self._pools.phrases["technique"][visit.kind])
        )
        document.reader = self._dice.pick(self._pools.phrases["readers"][patient.site])
        self._compare(document, visit, slots)
        if passage is None:
            self._describe_elsewhere(document, patient, visit, slots)
        else:
            self._describe(document, patient, visit, slots)
        self._indicate(document, patient, visit, slots)
        self._add(document, slots)
        return document

    def _exam(self, visit: Visit) -> tuple[str, str]:
        if visit.images_liver:
            return self._dice.pick(self._pools.phrases["exams"][visit.kind]), MODALITIES[visit.kind]
        entry = self._pools.exams[visit.kind]
        return self._dice.pick(entry["exams"]), entry["modality"]

    def _compare(self, document: Document, visit: Visit, slots: Slots) -> None:
        phrases = self._pools.phrases["comparison"]
        if visit.prior is None:
            document.comparison = self._dice.pick(phrases["none"])
            if "the outside exam" in document.comparison:
                document.comparison = "Outside examination, report only."
            return
        what = {"dotatate": "DOTATATE PET/CT", "fdg": "FDG PET/CT", "ct": "CT", "mr": "MRI"}.get(
            visit.prior.kind, "Ultrasound"
        )
        text = self._dice.pick(phrases["dated"]).replace("{what}", what)
        document.comparison = slots.fill(text)

    def _describe(self, document: Document, patient: Patient, visit: Visit, slots: Slots) -> None:
        passage = document.passage
        assert passage is not None  # noqa: S101 - the caller has looked
        has_tumor = passage.malignancy != "unnamed"
        for part in parts_of(visit.kind):
            told = self._elsewhere.describe(part, patient, visit, slots, has_tumor=has_tumor)
            document.organs.append((part, told))
        place = 2 if visit.kind in ("dotatate", "fdg") else 1
        document.organs.insert(place, ("liver", slots.fill(passage.findings)))
        document.traps.update(passage.traps)
        if visit.kind != "us" and "innumerable" in (patient.lungs, patient.bones):
            document.traps.add("other_organ")
        items = self._elsewhere.conclude(patient, visit, has_tumor=has_tumor)
        self._conclude(document, slots.fill(passage.impression), items)
        self._tell_time(document, visit, slots)

    def _conclude(self, document: Document, liver: str, items: list[str]) -> None:
        if not (liver or items) or self._dice.chance(0.35):
            told = " ".join(text for name, text in document.organs if name != "liver")
            items = [*items, self._elsewhere.incidental(told)]
        document.impression = [liver, *items] if liver else items
        if len(items) == 1 and liver and self._dice.chance(0.2):
            document.impression = [items[0], liver]

    def _tell_time(self, document: Document, visit: Visit, slots: Slots) -> None:
        passage = document.passage
        if passage is None or passage.burden == "none" or not visit.trend or passage.trend:
            return
        if "contradiction" in passage.traps or "addendum" in passage.traps:
            return
        where, phrases = self._dice.unit(), self._pools.phrases
        if where < 0.7:
            place = [name for name, _ in document.organs].index("liver")
            told = slots.fill(self._dice.pick(phrases["trend"][visit.trend]))
            gap = "\n" if "structured_field" in passage.traps else " "
            document.organs[place] = ("liver", f"{document.organs[place][1]}{gap}{told}")
        if where > 0.45:
            told = slots.fill(self._dice.pick(phrases["trend_impression"][visit.trend]))
            place = document.impression.index(slots.fill(passage.impression))
            document.impression[place] = f"{document.impression[place]} {told}"

    def _describe_elsewhere(
        self, document: Document, patient: Patient, visit: Visit, slots: Slots
    ) -> None:
        entry = self._pools.exams[visit.kind]
        told = self._elsewhere.describe_without_liver(patient, visit, slots)
        document.organs = [("", sentence) for sentence in told]
        document.impression = [slots.fill(self._dice.pick(entry["impression"]))]
        document.traps.add("not_imaged")
        if visit.kind in ("spine", "bone") and patient.bones == "innumerable":
            document.traps.add("other_organ")
        if visit.kind == "cxr" and patient.lungs == "innumerable":
            document.traps.add("other_organ")

    def _indicate(self, document: Document, patient: Patient, visit: Visit, slots: Slots) -> None:
        kind = self._indication(patient, visit, document.passage)
        pool = self._pools.indications[kind]
        if patient.wording == "other":
            pool = [text for text in pool if "innumerable" not in text.lower()]
        document.indication = slots.fill(self._dice.pick(pool))
        if kind in {"liver", "query"} or kind.startswith("loud"):
            if visit.burden == "none" or kind in ("loud", "query"):
                document.traps.add("indication_only")
            if "evaluate for" in document.indication.lower() or kind == "query":
                document.traps.add("hypothetical")

    def _indication(self, patient: Patient, visit: Visit, passage: Passage | None) -> str:
        throw = self._dice.unit()
        if passage is None:
            shares = {"none": 0.0, "limited": 0.06, "multiple": 0.1, "extensive": 0.5}
            if throw < shares[patient.course]:
                return "loud_chest" if visit.kind in ("cxr", "echo") else "loud_bones"
            return f"unimaged_{visit.kind}"
        if passage.burden == "none":
            return _indication_of_clear(patient, passage, throw)
        if passage.burden == "limited" and throw < 0.03 and passage.percent is None:
            return self._dice.pick(("loud", "query"))
        return "liver" if throw < 0.45 else "quiet"

    def _add(self, document: Document, slots: Slots) -> None:
        if document.passage is not None and document.passage.addendum:
            document.addendum = slots.fill(document.passage.addendum)
        elif self._dice.chance(0.03):
            document.addendum = slots.fill(
                self._dice.pick(self._pools.phrases["addendum"]["neutral"])
            )
            document.traps.add("addendum")


def _indication_of_clear(patient: Patient, passage: Passage, throw: float) -> str:
    """Choose the kind of indication of a report that shows no metastasis in the liver."""
    if passage.malignancy == "unnamed":
        return "unnamed"
    if patient.theme == "resolved" and throw < 0.2:
        return "loud"
    return "query" if throw < 0.025 else "quiet"
