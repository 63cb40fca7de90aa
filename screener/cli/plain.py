"""Words of reports as they may stand on a terminal."""

from __future__ import annotations

import re


def plain(text: str) -> str:
    r"""Return a text on one line, without characters that a terminal would act on.

    >>> plain("innumerable\r\n\x1b[31mmetastases ")
    'innumerable [31mmetastases'
    """
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", text).strip()
