"""A small, sound rule pack about the spleen, to be written to a folder, whole or spoilt."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

PACK = """\
name: spleen_burden
version: 0.1.0
question: Is the spleen full of metastases?
organ: spleen
burden:
  levels: [none, some, full]
  candidate: [full]
  by_count: [{burden: some, most: 9}, {burden: full}]
  by_share: [{burden: some, below: 50}, {burden: full}]
decisions:
  - {rule: uncountable, when: {extent: [uncountable], lesion: [malignant]}, burden: full}
  - {rule: any_metastases, when: {lesion: [malignant]}, burden: some}
ranking:
  burden: {none: 0, some: 10, full: 100}
  hedged: 0.5
  percent: 0.1
  repeated: 5
  repeated_max: 2
"""
TARGETS = """\
concepts:
  - {name: spleen, role: organ, organ: spleen, phrases: [(spleen|splenic)]}
  - {name: lung, role: organ, organ: lung, phrases: [(lung|lungs|pulmonary)]}
  - {name: metastases, role: lesion, nature: malignant, number: many, phrases: [metastases]}
  - {name: uncountable, role: extent, phrases: [innumerable, too <0-1> numerous to count]}
"""
CONTEXT = """\
cues:
  - name: denial
    category: negated
    direction: forward
    phrases: ["(no|without) [evidence of]"]
  - name: past
    category: historical
    direction: forward
    phrases: [history of, previously]
  - name: gone
    category: resolved
    direction: backward
    phrases: [have <0-1> resolved]
  - name: hedge
    category: uncertain
    direction: forward
    phrases: [likely]
  - name: kin
    category: family
    direction: both
    phrases: [mother]
  - name: clause_end
    category: end
    direction: none
    phrases: [but]
"""
SECTIONS = """\
sections:
  - {kind: addendum, rank: 9, sticky: true, headings: [addendum]}
  - {kind: impression, rank: 5, headings: [impression]}
  - {kind: findings, rank: 1, headings: [findings]}
  - {kind: indication, rank: 0, assertion: historical, one_paragraph: true, headings: [indication]}
"""
CASES = """\
cases:
  - id: many
    text: Innumerable splenic metastases.
    expect: {burden: full, candidate: true, certainty: definite, stated_percent: null}
  - id: denied
    text: No splenic metastases.
    expect: {burden: none, certainty: null}
"""
FILES: Mapping[str, str] = {
    "pack.yaml": PACK,
    "targets.yaml": TARGETS,
    "context.yaml": CONTEXT,
    "sections.yaml": SECTIONS,
    "cases.yaml": CASES,
}


def write_pack(folder: Path, **changed: str | bytes | None) -> Path:
    """Write the pack; ``targets="..."`` stands in for ``targets.yaml``, ``None`` leaves it out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        content = changed.get(name.removesuffix(".yaml"), text)
        if isinstance(content, bytes):
            (folder / name).write_bytes(content)
        elif content is not None:
            (folder / name).write_text(content, encoding="utf-8", newline="")
    return folder
