"""The terminal that a room is in, and its end."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

CHECK_SECONDS = 1.0
_HUNG_UP = 129  # 128 and the number of SIGHUP, as a shell tells it


def end_with_terminal() -> None:
    """End this process when its terminal is gone, also where no signal tells of it.

    A terminal that is gone reads as empty for ever, and takes no words: a room would neither be
    seen nor end. It is told of a hang-up, and ended where it cannot say good-bye to a terminal that
    is gone; every change is on the disk by then.
    """
    threading.Thread(target=_watch, args=(sys.stdin.fileno(),), daemon=True).start()


def _watch(number: int) -> None:
    while os.isatty(number):
        time.sleep(CHECK_SECONDS)
    if hasattr(signal, "SIGHUP"):
        os.kill(os.getpid(), signal.SIGHUP)
        time.sleep(CHECK_SECONDS)
    os._exit(_HUNG_UP)
