"""Text out of HTML, XHTML and RTF; nothing in them is fetched, expanded or run.

HTML is not parsed but stripped, in time that grows with its length alone: of its entities only
characters are known, so that none can grow, and the parser of the standard library takes the square
of the length for what is never closed (in Python 3.11, half a minute for 200 KB of ``<!--``).
"""

from __future__ import annotations

import html
import re

_UNSEEN = re.compile(
    r"<!\[CDATA\[(?P<kept>.*?)(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<[!?].*?(?:>|\Z)"
    r"|<(?P<name>script|style|title)\b.*?(?:</(?P=name)\b[^<>]*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_BREAK = re.compile(r"<br\b[^<>]*>", re.IGNORECASE)
_BLOCK = re.compile(
    r"</?(?:p|div|tr|li|ul|ol|dl|dt|dd|h[1-6]|hr|table|tbody|thead|caption|section|article|header"
    r"|footer|blockquote|pre|body|html|head)\b[^<>]*>",
    re.IGNORECASE,
)
_CELL = re.compile(r"</t[dh]\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_PREFORMATTED = re.compile(r"<pre\b", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n\xa0]+")
_EMPTY_LINES = re.compile(r"\n\s*\n\s*")


def text_of_html(written: str) -> str:
    r"""Give what a reader sees of HTML or XHTML: a line for each block, cells side by side.

    Examples
    --------
    >>> text_of_html("<div><p>Liver:&nbsp;<b>clear</b></p>\n<ul><li>3 &lt; 4</li></ul></div>")
    'Liver:\xa0clear\n\n3 < 4'
    """
    seen = _UNSEEN.sub(lambda found: html.escape(found["kept"] or " "), written)
    if not _PREFORMATTED.search(seen):
        seen = _BLANKS.sub(" ", seen.replace("\r", " ").replace("\n", " "))
    seen = _CELL.sub(" ", _BLOCK.sub("\n", _BREAK.sub("\n", seen)))
    lines = html.unescape(_TAG.sub("", seen)).split("\n")
    text = "\n".join(line.strip(" \t\r") for line in lines)
    return _EMPTY_LINES.sub("\n\n", text).strip()


def text_of_rtf(written: str) -> str:
    r"""Give the text of RTF.

    Raises
    ------
    ValueError
        If it is no RTF.

    Examples
    --------
    >>> text_of_rtf(r"{\rtf1\ansi FINDINGS:\par Gr\'f6\'dfe}")
    'FINDINGS:\nGröße'
    """
    from striprtf.striprtf import rtf_to_text

    if not written.lstrip().startswith("{\\rtf"):
        raise ValueError("no RTF")
    text: str = rtf_to_text(written, errors="replace")
    return text.strip()
