"""The use case that makes a study: a folder with its charter, and a store that is ready."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from screener.errors import StoreError, StudyError
from screener.packs import load_pack
from screener.run_records import version_of
from screener.run_tables import read_record
from screener.studies import CHARTER_FILE, Charter, charter_toml, read_charter
from screener.study_folders import STORE_FILE, StudyPlace, make_key

if TYPE_CHECKING:
    from screener.store.records import StudyRow

READERS = ("reader-1", "reader-2", "reader-3")


@dataclass(frozen=True, slots=True)
class StudyOptions:
    """What a new study's charter states; what is not given has a default.

    Attributes
    ----------
    name, question
        Of the study; the folder's name, and one about the organ of the run's pack.
    readers, rule, adjudicator, cut_percent, seed, highlights, others, percent
        See `screener.studies.Charter`.
    store
        URL of a database; empty: SQLite in the folder.
    """

    name: str = ""
    question: str = ""
    readers: Sequence[str] = READERS
    rule: str = "majority"
    adjudicator: str = ""
    cut_percent: float = 75.0
    seed: int | None = None
    highlights: str = "after_lock"
    others: str = "when_complete"
    percent: str = "asked"
    eligibility: str = ""
    store: str = ""


def make_study(folder: Path, run: Path, options: StudyOptions) -> Charter:
    """Make a study from a run: its folder, charter, key and store; all or nothing.

    Raises
    ------
    StudyError
        When the folder is there already, or the charter would be wrong.
    RunError
        When `run` is not a run.
    StoreError
        When the store cannot be made, or holds a study already.
    """
    if os.path.lexists(folder):
        raise StudyError(f"{folder} already exists. Name another folder for the study.")
    charter = _charter(folder, run, options)
    text = charter_toml(charter)
    read_charter(text)  # what was written can be read
    try:
        with _folder_to_be(folder.resolve()) as work:
            (work / CHARTER_FILE).write_text(text, encoding="utf-8")
            key = make_key(work)
            url = options.store or _url(work)
            if url.startswith("sqlite:///"):
                Path(url.removeprefix("sqlite:///")).touch(mode=0o600)
            _fill(StudyPlace(url, work, key), charter, text)
    except OSError as fault:
        raise StoreError(f"The study {folder} cannot be made: {fault.strerror}.") from fault
    return charter


@contextmanager
def _folder_to_be(folder: Path) -> Iterator[Path]:
    """Give a working folder that becomes `folder` when the block ends well, and is gone if not."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(mkdtemp(prefix=f".{folder.name}.partial-", dir=folder.parent))  # mode 0700
    try:
        yield work
        work.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def study_row(charter: Charter, text: str, study_id: str) -> StudyRow:
    """Return what a store states of a study."""
    from screener.store.records import StudyRow

    return StudyRow(
        study_id=study_id,
        charter=text,
        charter_sha256=charter.sha256,
        others=charter.reading.others,
        highlights=charter.reading.highlights,
        created_at=datetime.now(UTC).isoformat(),
        tool_version=version_of("screener"),
    )


def _fill(place: StudyPlace, charter: Charter, text: str) -> None:
    from screener.store.offices import Office

    office = Office(place.open(), place.key)
    try:
        office.create(study_row(charter, text, secrets.token_hex(16)), charter)
    finally:
        office.close()


def _charter(folder: Path, run: Path, options: StudyOptions) -> Charter:
    record = read_record(run)
    pack: dict[str, Any] = record["pack"]
    own = str(record["options"].get("pack") or pack["name"])
    stated = {
        "name": options.name or folder.resolve().name,
        "question": options.question or _question(load_pack(own).organ, options.cut_percent),
        "cut_percent": options.cut_percent,
        "seed": secrets.randbelow(2**31) if options.seed is None else options.seed,
        "readers": tuple(options.readers),
        "eligibility": options.eligibility,
        "run": os.path.relpath(run.resolve(), folder.resolve()),
        "pack": {name: str(pack[name]) for name in ("name", "version", "sha256")},
        "consensus": {"rule": options.rule, "adjudicator": options.adjudicator},
        "reading": {
            "percent": options.percent,
            "highlights": options.highlights,
            "others": options.others,
        },
        "store": {"url": without_password(options.store)},
    }
    return _validated(stated)


def _validated(stated: dict[str, Any]) -> Charter:
    try:
        return Charter.model_validate(stated)
    except ValidationError as error:
        told = [str(one["msg"]).removeprefix("Value error, ") for one in error.errors()]
        where = [".".join(map(str, one["loc"])) for one in error.errors()]
        problems = [
            f"{key}: {said}" if key else said for key, said in zip(where, told, strict=True)
        ]
        raise StudyError("\n".join(["The charter would be wrong:", *problems])) from error


def _question(organ: str, cut_percent: float) -> str:
    return f"On the images, is more than {cut_percent:g}% of the {organ} replaced by tumour?"


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / STORE_FILE}"


def without_password(url: str) -> str:
    """Return a URL as it may stand in ``study.toml``."""
    head, at, tail = url.rpartition("@")
    scheme, _, user = head.partition("://")
    return f"{scheme}://{user.partition(':')[0]}@{tail}" if at else url
