"""The reading room in a browser on this machine, through textual-serve.

Contract: it listens on 127.0.0.1 only, and answers only a browser that came by the printed link: a
page of another site, or another user of the machine, has not its secret.
"""

from __future__ import annotations

import hmac
import secrets
import shlex
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from screener.errors import StudyError

if TYPE_CHECKING:
    from aiohttp.web import Application, Request, StreamResponse
    from textual_serve.server import Server

    Handler = Callable[[Request], Awaitable[StreamResponse]]

HOST = "127.0.0.1"
COOKIE = "screener-room"


def room_command(study: str, reader: str, *, is_light: bool = False) -> str:
    """Return the command of one room, quoted for the shell that textual-serve starts.

    Examples
    --------
    >>> room_command("my study", "ada").partition(" -m ")[2]
    "screener.cli.main read --reader ada -- 'my study'"
    """
    where = study if "://" in study else str(Path(study).expanduser())
    light = ["--light"] if is_light else []
    told = ["-m", "screener.cli.main", "read", "--reader", reader, *light, "--", where]
    return shlex.join([sys.executable, *told])


def serve_room(study: str, reader: str, port: int, *, is_light: bool = False) -> None:
    """Serve a room until interrupted; every browser window is a session of its own.

    Raises
    ------
    StudyError
        When the extra ``web`` is not installed, or the port is taken.
    """
    try:
        from textual_serve.server import Server
    except ImportError as error:
        raise StudyError(
            "--web needs textual-serve. Install it with: pip install 'screener[web]'."
        ) from error
    _refuse_taken(port)
    secret = secrets.token_urlsafe(24)
    server = guarded(Server, secret)(
        room_command(study, reader, is_light=is_light),
        host=HOST,
        port=port,
        title="screener",
    )
    sys.stderr.write(f"Open http://{HOST}:{port}/?key={secret}\nCtrl+C ends it.\n")
    server.serve()


def guarded(server: type[Server], secret: str) -> type[Server]:
    """Return a kind of server that answers only who knows a secret.

    The link's ``key`` is turned into a cookie that other sites cannot have sent.
    """

    class GuardedServer(server):  # type: ignore[misc, valid-type]
        def initialize_logging(self) -> None:
            """Log nothing: what is logged could hold report text."""

        async def on_startup(self, app: Application) -> None:
            """Print nothing; the link was told."""

        async def _make_app(self) -> Application:
            app: Application = await super()._make_app()
            app.middlewares.append(_guard(secret))  # type: ignore[arg-type]
            return app

    return GuardedServer


def _guard(secret: str) -> Callable[[Request, Handler], Awaitable[StreamResponse]]:
    from aiohttp import web

    @web.middleware
    async def guard(request: Request, handler: Handler) -> StreamResponse:
        given = request.query.get("key", "")
        known = request.cookies.get(COOKIE, "")
        if request.path == "/" and hmac.compare_digest(given, secret):
            seen = web.Response(status=302, headers={"Location": "/"})
            seen.set_cookie(COOKIE, secret, httponly=True, samesite="Strict")
            return seen
        if request.host.partition(":")[0] != HOST or not hmac.compare_digest(known, secret):
            return web.Response(status=403, text="Open the link that screener read printed.")
        return await handler(request)

    return guard


def _refuse_taken(port: int) -> None:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HOST, port))
        except OSError as error:
            raise StudyError(f"Port {port} of {HOST} is taken. Give another by --port.") from error
