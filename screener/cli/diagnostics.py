"""Everything said on stderr, and every exit code, in one place.

Standard output carries data only. An error that a user can act on is told in its own words, without
a traceback. Of any other exception only the type and the place in the code are told, never its
message: libraries put the values they choke on into messages, and here those are patient text.
"""

from __future__ import annotations

import logging
import signal
import sys
import warnings
from typing import TYPE_CHECKING

from screener.errors import ScreenerError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

DONE = 0
CHECK_FAILED = 1  # also a fault of the program itself, as Python has it
USAGE = 2
BAD_INPUT = 3
STORE = 4
INTERRUPTED = 130


def say(message: str) -> None:
    """Write one message to stderr."""
    sys.stderr.write(f"{message}\n")


def run(command: Callable[[], object]) -> int:
    """Run a command line and return its exit code, whatever it raises."""
    _keep_libraries_quiet()
    _end_on_signals()
    try:
        command()
    except KeyboardInterrupt:
        return _say_interrupted()
    except SystemExit as exit_:
        return _say_interrupted() if exit_.code == INTERRUPTED else _exit_code(exit_)
    except StoreError as error:
        say(f"Error: {error}")
        return STORE
    except ScreenerError as error:
        say(f"Error: {error}")
        return BAD_INPUT
    except Exception as fault:  # noqa: BLE001 - the last place: a traceback could hold patient text
        _say_fault(fault)
        return CHECK_FAILED
    return DONE


def _exit_code(exit_: SystemExit) -> int:
    if exit_.code is None:
        return DONE
    return exit_.code if isinstance(exit_.code, int) else CHECK_FAILED


def _say_interrupted() -> int:
    say("Interrupted.")
    return INTERRUPTED


def _say_fault(fault: Exception) -> None:
    from screener.workers import place_of

    say(f"Error: an unexpected {place_of(fault)}.")
    say("Its message is withheld: it could hold report text.")


def _keep_libraries_quiet() -> None:
    """Stop what libraries log or warn about the texts they are given."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")


def _end_on_signals() -> None:
    """Let a scheduler's or a closed terminal's signal clean up as Ctrl-C does."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
