"""The keys of a case, and when each of them does something."""

from __future__ import annotations

from textual.binding import Binding

from screener.studies import Charter
from screener.tui.sittings import Sitting

CASE_BINDINGS = (
    Binding("1", "choose('verdict','yes')", "yes", show=False, tooltip="verdict: yes"),
    Binding("2", "choose('verdict','no')", "no", show=False, tooltip="verdict: no"),
    Binding(
        "3",
        "choose('verdict','cannot_assess')",
        "cannot assess",
        show=False,
        tooltip="verdict: cannot assess, with a reason",
    ),
    Binding("r", "enter('reason')", "why it cannot be assessed", show=False),
    Binding("p", "enter('percent')", "percent", show=False, tooltip="percent of the liver"),
    Binding("l", "choose('confidence','low')", "confidence: low", show=False),
    Binding("m", "choose('confidence','moderate')", "confidence: moderate", show=False),
    Binding("h", "choose('confidence','high')", "confidence: high", show=False),
    Binding("d", "modality", "modality reviewed: the next one", show=False),
    Binding("v", "enter('tumor_volume_ml')", "volumes of tumour and liver, mL", show=False),
    Binding("s", "enter('suvmax_tumor')", "SUVmax of tumour and liver", show=False),
    Binding("c", "enter('comment')", "comment", show=False),
    Binding("enter", "lock", "lock", tooltip="lock, after a question"),
    Binding("u,ctrl+z", "undo", "undo", key_display="u", tooltip="undo the last change"),
    Binding("U", "redo", "redo", tooltip="redo what was undone"),
    Binding("e", "amend", "amend", tooltip="amend the locked read, with a reason"),
    Binding("g", "look_again", "second look", tooltip="second look, with the screen's words"),
    Binding("x", "marks", "words", tooltip="show or hide the screen's words"),
    Binding("o", "others", "others", tooltip="the others' reads, once all have locked"),
    Binding("escape", "put_back", "give up", tooltip="give up what is being added"),
    Binding("left", "report(-1)", "report before", show=False, tooltip="report before in time"),
    Binding("right", "report(1)", "report", key_display="← →", tooltip="next report in time"),
    Binding("left_square_bracket", "section(-1)", "section", show=False, tooltip="section before"),
    Binding("right_square_bracket", "section(1)", "section", show=False, tooltip="next section"),
    Binding("slash", "search", "find", tooltip="find words in all reports of the case"),
    Binding("n", "hit(1)", "next", tooltip="next place that was found"),
    Binding("N", "hit(-1)", "before", tooltip="place found before"),
    Binding("a", "accession", "accession", tooltip="copy the accession to the clipboard"),
    Binding("less_than_sign", "beside(-1)", "case before", show=False),
    Binding("greater_than_sign", "beside(1)", "next case", show=False),
    Binding("f", "next", "next open", tooltip="next case that is not locked"),
    Binding("w", "worklist", "worklist"),
)

_ENTERING = {"choose", "enter", "modality", "lock", "undo", "redo"}


def is_possible(action: str, sitting: Sitting, charter: Charter) -> bool:
    """Tell whether an action of a case does something as the case stands."""
    if action in _ENTERING:
        return sitting.is_editable
    if action == "look_again":
        return sitting.can_look_again
    if action == "put_back":
        return sitting.mode in ("amendment", "second_look")
    if action == "marks":
        never = charter.reading.highlights == "never"
        return not never and (sitting.is_locked or charter.reading.highlights == "always")
    if action == "others":
        return sitting.mode == "locked" and charter.reading.others == "when_complete"
    return action != "amend" or sitting.mode == "locked"
