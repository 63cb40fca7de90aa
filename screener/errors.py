"""Every error a user can act on, drawn as one tree.

* ScreenerError
  + SourceError      an input that cannot be read, or whose columns are unclear
  + PackError        a rule pack that is missing or wrong (all its problems at once)
  + RunError         an output folder that cannot be made, or a run whose counts do not add up
  + TextError        one report's text that cannot be analysed
  + StudyError       a charter that is wrong, or a request that a study does not allow
    - ReadError      a reader's form that cannot be locked as it is (all its problems at once)
    - BlindingError  something that may not be seen yet
  + StoreError       a study's store that cannot be reached or written
  + OutcomeError     an option of the outcomes, or a file of their rules, that is wrong

A message says what is wrong with which value and where, then what would do. Patient text is never
part of a message.
"""

from __future__ import annotations

from dataclasses import dataclass


class ScreenerError(Exception):
    """The root of what a user can act on."""


class SourceError(ScreenerError):
    """An input cannot be read, or its columns cannot be told apart."""


class RunError(ScreenerError):
    """A run cannot be written, is already there, or does not add up."""


class TextError(ScreenerError):
    """One report's text cannot be analysed; the report is rejected and the run goes on."""


class OutcomeError(ScreenerError):
    """An option of the outcomes, or a file of their rules, is wrong."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a pack file."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class PackError(ScreenerError):
    """A rule pack is missing or wrong."""

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__("\n".join([message, *map(str, problems)]))
        self.problems = problems


class StudyError(ScreenerError):
    """A study's charter is wrong, or the study does not allow what was asked of it."""

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__("\n".join([message, *map(str, problems)]))
        self.problems = problems


class ReadError(StudyError):
    """A read cannot be locked as it is; every problem of its form is told."""

    def __init__(self, message: str, faults: tuple[str, ...] = ()) -> None:
        super().__init__(" ".join([message, *faults]))
        self.faults = faults


class BlindingError(StudyError):
    """What was asked for may not be seen yet."""


class StoreError(ScreenerError):
    """A study's store cannot be reached, read or written; nothing was half-written."""
