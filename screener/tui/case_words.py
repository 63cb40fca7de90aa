"""What a case's form says of itself: what it is for, and how it stands."""

from __future__ import annotations

from screener.reading import receipt_of
from screener.reads import Read
from screener.tui.sittings import Sitting

_MODES = {
    "first": "",
    "locked": "■ LOCKED",
    "amendment": "▲ AMENDMENT of the locked read",
    "second_look": "◆ SECOND LOOK, a record of its own",
}
_LOCKS = {
    "first": "Enter: lock",
    "locked": "",
    "amendment": "Enter: lock amendment",
    "second_look": "Enter: lock second look",
}


def task_told(sitting: Sitting) -> str:
    """Return what the form is for; empty for a first read."""
    told = [_MODES[sitting.mode]]
    if sitting.item.task == "adjudication":
        told.append("The readers differed: your read decides.")
    return "\n".join(filter(None, told))


def lock_told(sitting: Sitting) -> str:
    """Return what the button does; empty where there is nothing to lock."""
    return _LOCKS[sitting.mode]


def said_told(sitting: Sitting, faults: tuple[str, ...] = ()) -> str:
    """Return how the form stands: what is missing, saved or not, or what is locked."""
    if faults:
        return "\n".join(["Not locked yet:", *(f"! {fault}" for fault in faults)])
    if sitting.fault:
        return f"! NOT SAVED: {sitting.fault} It is tried again; keep the room open."
    if sitting.mode == "locked":
        return "\n".join(map(_record_told, sitting.reads))
    return "nothing entered yet" if sitting.form.is_empty else "saved"


def _record_told(read: Read) -> str:
    day = f"{read.locked_at:%Y-%m-%d %H:%M} UTC"
    why = f"\n  {read.amendment_reason}" if read.amendment_reason else ""
    return f"{read.kind.replace('_', ' ')}, {day}\n  {receipt_of(read)}{why}"
