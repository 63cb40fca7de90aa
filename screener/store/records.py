"""Rows of a store as plain records, for those who may see why a case was drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screener.candidates import Case, Highlight, Task


@dataclass(frozen=True, slots=True)
class StudyRow:
    """What a store states of its study; the charter as TOML."""

    study_id: str
    charter: str
    charter_sha256: str
    others: str
    highlights: str
    created_at: str
    tool_version: str
    packet_id: str = ""
    packet: str = ""


@dataclass(frozen=True, slots=True)
class OriginRow:
    """Why a case was drawn: never for a reader's eyes."""

    case_id: str
    patient_id: str
    origin: str
    draw: int
    rank: int
    tier: str
    score: float


@dataclass(frozen=True, slots=True)
class Assignment:
    """A case that a reader is to read, and at which place of the reader's list."""

    reader: str
    case_id: str
    place: int
    task: Task


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case to add with all that goes with it."""

    case: Case
    highlights: tuple[Highlight, ...]
    origin: OriginRow


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One act in the study's log."""

    position: int
    at: str
    actor: str
    act: str
    detail: Mapping[str, Any]
