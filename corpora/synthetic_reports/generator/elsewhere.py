"""What is said of the other organs: the same of one patient from report to report."""

from __future__ import annotations

from .dice import Dice
from .patients import Patient
from .pools import Pools
from .slots import Slots
from .visits import Visit

_NUCLEAR = ("activity", "uptake", "avid", "physiologic", "tracer", "excretion")
_PARTS = {
    "dotatate": "brain_neck lungs spleen biliary pancreas kidneys bowel nodes peritoneum bones",
    "fdg": "brain_neck lungs spleen biliary pancreas kidneys bowel nodes bones",
    "ct": "bases spleen biliary pancreas kidneys bowel nodes peritoneum bones",
    "mr": "bases spleen biliary pancreas kidneys bowel nodes bones",
    "us": "biliary pancreas spleen kidneys peritoneum",
}
_NODAL = ("bowel", "nodes")


def parts_of(kind: str) -> list[str]:
    """Return the parts that an examination of this kind describes, without the liver."""
    return _PARTS[kind].split()


class Elsewhere:
    """Writes of everything but the liver.

    Parameters
    ----------
    pools
        The hand-written prose.
    dice
        Takes from it.
    """

    def __init__(self, pools: Pools, dice: Dice) -> None:
        self._organs = pools.organs
        self._exams = pools.exams
        self._dice = dice

    def describe(
        self, part: str, patient: Patient, visit: Visit, slots: Slots, *, has_tumor: bool
    ) -> str:
        """Write of one part; a line once written of a patient is written again."""
        pool = self._pool(part, patient, has_tumor=has_tumor)
        nuclear = [line for line in pool if _is_nuclear(line)]
        if nuclear and visit.kind in ("dotatate", "fdg") and self._dice.chance(0.35):
            line = self._dice.pick(nuclear)
        else:
            line = self._repeat(f"{part} {has_tumor}", pool, patient)
        return slots.fill_kept(line, patient.measures.setdefault(part, {}))

    def describe_without_liver(self, patient: Patient, visit: Visit, slots: Slots) -> list[str]:
        """Write the sentences of an examination that does not image the liver."""
        sentences = []
        for choices in self._exams[visit.kind]["findings"]:
            line = self._dice.pick(choices)
            if line == "@lungs":
                line = self._dice.pick(self._exams["cxr_lungs"][patient.lungs])
            if line == "@bones":
                line = self._repeat("bones True", self._organs["bones"][patient.bones], patient)
            sentences.append(slots.fill_kept(line, patient.measures.setdefault("bones", {})))
        return sentences

    def conclude(self, patient: Patient, visit: Visit, *, has_tumor: bool) -> list[str]:
        """Write what the impression says of tumor elsewhere."""
        lines, items = self._organs["impression"], []
        if visit.kind == "us":
            return []
        for organ, state in (("lungs", patient.lungs), ("bones", patient.bones)):
            if state != "clear":
                items.append(self._dice.pick(lines[f"{organ}_{state}"]))
        if patient.has_nodes and has_tumor:
            items.append(self._conclude_nodes(lines["nodes"], patient, visit))
        return items

    def _conclude_nodes(self, lines: list[str], patient: Patient, visit: Visit) -> str:
        size = patient.measures.get("nodes", {}).get("lymph")
        fitting = [
            line
            for line in lines
            if (size or "{lymph}" not in line)
            and (visit.kind in ("dotatate", "fdg") or not _is_nuclear(line))
        ]
        return self._dice.pick(fitting).replace("{lymph}", str(size))

    def incidental(self, text: str) -> str:
        """Write one conclusion for which the findings give cause."""
        plain: list[str] = self._organs["impression"]["plain"]
        found: list[str] = [item for cue, item in self._organs["incidental"].items() if cue in text]
        return self._dice.pick(found or plain)

    def _pool(self, part: str, patient: Patient, *, has_tumor: bool) -> list[str]:
        lines = self._organs[part]
        if part in ("lungs", "bases", "bones"):
            state = patient.bones if part == "bones" else patient.lungs
            return list(lines[state])
        if has_tumor and part == "pancreas" and patient.primary.startswith("pancreatic"):
            return list(lines["pancreas"])
        if has_tumor and part in _NODAL and patient.has_nodes:
            return list(lines["disease"])
        if has_tumor and part == "peritoneum" and patient.ki67 % 6 == 0:
            return list(lines["disease"])
        return list(lines["plain"])

    def _repeat(self, key: str, pool: list[str], patient: Patient) -> str:
        if key not in patient.lines:
            patient.lines[key] = self._dice.pick([line for line in pool if not _is_nuclear(line)])
        return patient.lines[key]


def _is_nuclear(line: str) -> bool:
    return any(word in line.lower() for word in _NUCLEAR)
