r"""What HL7 v2 writes in its own way: characters, escapes, and times.

The library `hl7` unescapes too, but leaves out what stands between two backslashes that are no
escape, and words of a report must not be lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

CHARSETS = {
    "ASCII": "utf-8",
    "8859/1": "cp1252",  # as on the web: its control characters are cp1252's quotes and dashes
    **{f"8859/{part}": f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15)},
    "ISO IR6": "utf-8",
    "ISO IR14": "iso2022_jp_2",
    "ISO IR87": "iso2022_jp_2",
    "ISO IR159": "iso2022_jp_2",
    "GB 18030-2000": "gb18030",
    "KS X 1001": "euc_kr",
    "BIG-5": "big5",
    "UNICODE": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UNICODE UTF-16": "utf-8",  # a stream of UTF-16 was decoded before its segments were told apart
}
"""Codecs for table 0211."""

_HEX_DIGITS = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_NEW_LINE = re.compile(r"\.(?:br|sp|ce)\s*[+-]?(\d*)")
_LAYOUT = re.compile(r"H|N|\.(?:fi|nf|(?:in|ti|sk)\s*[+-]?\d*)|[CM][0-9A-Fa-f]{4,6}|Z[0-9A-Za-z]*")
_MOST_BLANK_LINES = 9


def decode_message(segments: Sequence[bytes]) -> str:
    """Decode a message by the charset in its header (MSH-18), segments ended by CR.

    What is not in that charset, or in a message that names none, is read as UTF-8 or else cp1252,
    as all text of this package is.
    """
    raw = b"\r".join(segments)
    for codec in (*_named_codecs(segments[0]), "utf-8", "cp1252"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _named_codecs(header: bytes) -> list[str]:
    fields = header.split(header[3:4])
    named = fields[17].decode("ascii", "replace") if len(fields) > 17 else ""  # noqa: PLR2004
    codecs = [CHARSETS.get(name.strip().upper()) for name in re.split(r"[~\\^]", named)]
    known = [codec for codec in codecs if codec]
    return known[-1:]  # further ones extend the first: the last can hold them all


def unescape(text: str, separators: str, escape: str) -> str:
    r"""Put characters for the escapes of a field of text.

    Parameters
    ----------
    text
        A field as exported.
    separators
        Of fields, components, repetitions and subcomponents, in this order.
    escape
        The character that begins and ends an escape.

    Returns
    -------
    The text with line ends for ``\.br\`` and its kin, the characters for separators and hex codes,
    and nothing for highlighting and other layout. What is no escape stays.

    Examples
    --------
    >>> unescape("\\H\\IMPRESSION\\N\\:\\.br\\3 \\F\\ 4 C:\\temp", "|^~&", "\\")
    'IMPRESSION:\n3 | 4 C:\\temp'
    """
    if not escape or escape not in text:
        return text
    meanings = dict(zip("FSRT", separators, strict=True)) | {"E": escape, "P": "#"}
    parts = text.split(escape)
    done = [parts[0]]
    at = 1
    while at < len(parts):
        meant = _meaning(parts[at], meanings) if at + 1 < len(parts) else None
        if meant is None:
            done.append(escape + parts[at])
            at += 1
        else:
            done.append(meant + parts[at + 1])
            at += 2
    return "".join(done)


def _meaning(code: str, meanings: dict[str, str]) -> str | None:
    if code in meanings:
        return meanings[code]
    if found := _NEW_LINE.fullmatch(code):
        return "\n" * min(int(found[1] or 1) or 1, _MOST_BLANK_LINES)
    if code.startswith("X") and _HEX_DIGITS.fullmatch(code[1:]):
        return _from_hex(code[1:])
    return "" if _LAYOUT.fullmatch(code) else None


def _from_hex(digits: str) -> str:
    raw = bytes.fromhex(digits)
    for codec in ("utf-8", "cp1252"):
        try:
            return raw.decode(codec).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")
