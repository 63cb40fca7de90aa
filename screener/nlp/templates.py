"""What a template leaves behind: options not chosen, pick lists not filled, placeholders.

Words that nobody chose assert nothing. They are masked: their characters stay where they are, but
no word of them is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from screener.nlp.options import option_lists

Span = tuple[int, int]

_BOX = re.compile(r"\[(?P<a>[ \txX✓✔*_-]{0,3})\]|\((?P<b>[ \txX✓✔*_]{0,3})\)|(?P<c>[☐☑☒□■◯●○◉])")
_SIGN = re.compile(r"__|[\[{<(☐☑☒□■◯●○◉~/|>→⇒✓✔]")
_ORDER = re.compile(r"[Dd](?i:elete )|[Rr](?i:emove )|[Oo](?i:mit )")
"""A sign or an order of which each of the stretches that are masked holds at least one."""
MAY_BE_TEMPLATE = f"{_SIGN.pattern}|delete |remove |om[i\u0130\u0131]t "
"""The same for RE2, without regard to case."""
_SIGNS = ("__", *"[{<(~/|>", "delete ", "remove ", "omit ")
"""Those of plain ASCII text, in small letters; to look for each is faster than for any."""
_CHOSEN = re.compile(r"[xX✓✔*☑☒■●◉]")
_PICK_LIST = re.compile(
    r"\[[^\[\]\n]{0,200}[/|][^\[\]\n]{0,200}\]|\{[^{}\n]{0,300}\}"
    r"|<(?![ \t]*\d)[^<>\n]{0,200}[/|][^<>\n]{0,200}>"
    r"|\((?:[^()/\n]{1,40}/){2,}[^()/\n]{1,40}\)"
)
_BRACKETED = re.compile(r"(?:\[[^\[\]\n]{1,80}\][ \t]*/[ \t]*)+\[[^\[\]\n]{1,80}\]")
_ANSWER = r"(?:-+>|=+>|→|\.{3,}|…)"
"""What stands between the options of a field and the answer."""
_FIELD_OF_OPTIONS = re.compile(
    r"^[^:\n]{2,40}:(?P<options>[ \t]*[^:/|\n]{1,40}"
    rf"(?:[ \t]/[ \t](?:(?![ \t]*%?[ \t]*{_ANSWER})[^:/|\n]){{1,40}})+)(?=[ \t]*(?:{_ANSWER}|$))",
    re.MULTILINE,
)
_UNFILLED = 3
"""Fields of options, one below another, from which a text is an unfilled template."""
_GUIDE = re.compile(
    r"[\[(](?:permitted|allowed|valid|possible)? ?(?:values|options|choices|choose|select|pick"
    r"|pick one|enter|insert|delete as|delete if|delete when|remove if|if applicable|optional"
    r"|use if|circle|tick|check|mark|or|specify|default|drop-?down|e\.g\.)\b[^\])\n]{0,300}[\])]",
    re.IGNORECASE,
)
_BOUND = r"[<>≤≥]?[ \t]*\d{1,3}(?:[ \t]*[-–][ \t]*\d{1,3})?[ \t]*%?"
_PERCENTS = re.compile(
    rf"(?=[^\n]{{0,40}}[%<>])(?<![\d/])(?:(?:{_BOUND}(?:[ \t]*[/|][ \t]*|[ \t]{{2,}})){{2,}}"
    rf"{_BOUND}(?![\d/])|(?:{_BOUND}[ \t]{{2,}})+(?=[\[(][xX][\])]))"
)
"""Shares to choose among: "<25% / 25-50% / >50%"."""
_POINTED_AT = re.compile(r"(?<=:)(?:[^:/|\n]{1,40}[/|])+(?=[^:/|\n<]{1,40}<[-=]+)")
"""The options before the one that an arrow points at: "none / few / many <-- selected"."""
_OPTIONAL = re.compile(
    r"\b(?:delete|remove|omit) (?:if|as|when|where) (?:not )?"
    r"(?:applicable|appropriate|needed|required)[ \t]*[:,][^\n]{0,300}",
    re.IGNORECASE,
)
_STRUCK = re.compile(r"~~[^~\n]{1,300}~~")
_BARE_LIST = re.compile(
    r"(?<=:)[ \t]*(?:[^:/|\n]{1,50}(?:[ \t]/[ \t]|[ \t]?\|[ \t]?)){3,}"
    rf"(?:(?!{_ANSWER})[^:/|\n]){{0,80}}?(?=[ \t]*%?[ \t]*(?:{_ANSWER}|$))",
    re.MULTILINE,
)
_SLASHED = re.compile(
    r"(?<![\w/])(?:none|no|yes|low|mild|few|single|absent|present|normal)(?:/[a-zA-Z-]+){2,}(?![\w/])",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"(?<![\w.])'[^'\n]{8,300}'(?![\w])|\"[^\"\n]{3,400}(?:\n[^\"\n]{0,200})?\"|“[^“”]{3,600}”"
)
_CORRECTED = re.compile(
    r"(?:should|must|ought to|now|to) (?:have )?(?:reads?|be|say|said)(?: instead)?[ \t\n:,]*$"
    r"|(?:read|amended|corrected|changed|revised|replaced)(?: instead)? (?:as|to|by|with)"
    r"[ \t\n:,]*$",
    re.IGNORECASE,
)
"""Words after which a quotation is what the report now says."""
_BEFORE = 40
"""Characters before a quotation that can hold them."""
_LONGEST_OPTION = 40
"""Characters of the longest line that is taken for one option of several."""
_ARROW = re.compile(r"^[ \t]*(?:--+>|==+>|>>+|→|⇒|✓|✔)[ \t]*", re.MULTILINE)

_LABEL_OF_LIST = re.compile(r"[^:\n]{2,60}:[ \t]*")
"""A label on a line before a list."""
_FILLED_IN = re.compile(
    r"\{(?![^{}]*\b(?:number|size|location|date|insert|select|choose|list|describe|text|of)\b)"
    r"(?=[^{}]*(?:\d|[a-zA-Z] [a-zA-Z]))[^{}/|,\n]{3,60}\}"
)
"""A field in braces that holds an answer and no list: "{approx 65%}"."""
_STARRED = re.compile(r"[/{|\[][ \t]*\*{1,2}(?P<option>[^*/|\n]{1,40})\*{1,2}[ \t]*[/}|\]]")
"""An option in stars."""
_ARROW_SIGNS = frozenset(">→⇒✓✔")
"""Signs of which every arrow has one."""


def masked_spans(text: str) -> list[Span]:
    """Return the stretches of `text` that are template and not report, in order.

    Examples
    --------
    >>> text = "Burden: [ ] none [x] >75%. Count: [few/many]"
    >>> [text[a:b] for a, b in masked_spans(text)]
    ['[ ] none ', '[few/many]']
    """
    if not _may_be_template(text):
        return []
    offered = option_lists(text)
    spans = [*_unchosen_boxes(text), *_unchosen_lines(text)]
    spans.extend(span for found in offered for span in found.masked)
    has_lists = "/" in text or "|" in text
    fields = list(_FIELD_OF_OPTIONS.finditer(text)) if has_lists else []
    if len(fields) >= _UNFILLED:
        spans.extend(match.span("options") for match in fields)
    lists = (_BARE_LIST, _SLASHED, _POINTED_AT) if has_lists else ()
    for pattern in (_BRACKETED, _PICK_LIST, _GUIDE, _OPTIONAL, _PERCENTS, _STRUCK, *lists):
        for match in pattern.finditer(text):
            if not any(o.start < match.end() and match.start() < o.end for o in offered):
                spans.extend(_around_starred(match))
    return _joined(sorted(spans))


def _may_be_template(text: str) -> bool:
    """Whether a text holds a sign of what is masked, or an order to take something out of it."""
    if not text.isascii():  # re finds letters in other cases than lower() does
        return _SIGN.search(text) is not None or _ORDER.search(text) is not None
    lower = text.lower()
    return any(sign in lower for sign in _SIGNS)


def quoted_spans(text: str) -> list[Span]:
    """Return the stretches in quotation marks of two words or more: what somebody else has said.

    Examples
    --------
    >>> text = 'Outside report: "innumerable metastases". Liver normal, 5" scar.'
    >>> [text[a:b] for a, b in quoted_spans(text)]
    ['"innumerable metastases"']
    """
    if not ("'" in text or '"' in text or "“" in text):
        return []
    return [
        m.span()
        for m in _QUOTED.finditer(text)
        if (m.group().count(" ") or "\n" in m.group())
        and not _CORRECTED.search(text, max(0, m.start() - _BEFORE), m.start())
    ]


def _around_starred(match: re.Match[str]) -> list[Span]:
    """A pick list without the option in stars: "{few / several / *uncountable*}"."""
    start, end = match.span()
    is_alone = match.string[start - 1 : start] != "}" and match.string[end : end + 1] != "{"
    if is_alone and _FILLED_IN.fullmatch(match.group()):
        return [(start, start + 1), (end - 1, end)]
    starred = _STARRED.search(match.group())
    if starred is None:
        return [(_start_of_field(match), end)]
    return [(start, start + starred.start("option")), (start + starred.end("option"), end)]


def _start_of_field(match: re.Match[str]) -> int:
    """Where a field begins that is a label and a list of which nothing was chosen."""
    text, start = match.string, match.start()
    line = text.rfind("\n", 0, start) + 1
    is_last = text[match.end() :].split("\n", 1)[0].strip() == ""
    is_label = _LABEL_OF_LIST.fullmatch(text[line:start]) is not None
    return line if is_last and is_label and match.group()[0] in "{[" else start


def _unchosen_boxes(text: str) -> Iterator[Span]:
    """Each empty box with its option, where boxes stand before options on a line."""
    if not _BOX.search(text):
        return
    for line in re.finditer(r"[^\r\n]+", text):
        boxes = list(_BOX.finditer(text, line.start(), line.end()))
        if not boxes:
            continue
        if len(boxes) > 1 and not any(_CHOSEN.search(box.group()) for box in boxes):
            yield (
                _start_of_sentence(line.group(), boxes[0].start() - line.start()) + line.start(),
                (boxes[0].start()),
            )  # a question without an answer
        trails = len(boxes) > 1 and not line.group().rstrip()[boxes[-1].end() - line.start() :]
        for i, box in enumerate(boxes):
            if _CHOSEN.search(box.group()):
                continue
            if trails:
                yield boxes[i - 1].end() if i else _after_label(line), box.end()
            else:
                yield box.start(), boxes[i + 1].start() if i + 1 < len(boxes) else line.end()


def _start_of_sentence(line: str, before: int) -> int:
    return line.rfind(". ", 0, before) + 1


def _after_label(line: re.Match[str]) -> int:
    colon = line.group().find(":")
    return line.start() + colon + 1


def _unchosen_lines(text: str) -> Iterator[Span]:
    """The lines beside one that an arrow marks, in a run of short lines under a colon."""
    if _ARROW_SIGNS.isdisjoint(text):
        return
    lines = list(re.finditer(r"[^\r\n]+", text))
    marked = [i for i, line in enumerate(lines) if _ARROW.match(line.group())]
    for i in marked:
        for step in (-1, 1):
            j = i + step
            while 0 <= j < len(lines) and _is_option(lines[j].group()) and j not in marked:
                yield lines[j].span()
                j += step


def _is_option(line: str) -> bool:
    stripped = line.strip()
    return (
        len(stripped) <= _LONGEST_OPTION
        and not stripped.endswith((":", "."))
        and line[:1] in " \t-"
    )


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in spans:
        if start >= end:
            continue  # a box before its label
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
