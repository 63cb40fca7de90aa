"""The reading room in a browser: only on loopback, only by the printed link, any path quoted."""

from __future__ import annotations

import asyncio
import shlex
import socket
import sys
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from textual_serve.server import Server

from screener.errors import StudyError
from screener.tui import serving
from screener.tui.serving import guarded, room_command, serve_room

KEY = "a-key-of-a-test"


@pytest.mark.parametrize(
    "study",
    ["a study", "it's; rm -rf $HOME", "-x", "$(touch here)", 'a"b', "postgresql://u@h/d?a=b&c=d"],
)
def test_a_path_reaches_the_room_as_it_is(study: str) -> None:
    told = shlex.split(room_command(study, "ada"))
    assert told == [
        *(sys.executable, "-m", "screener.cli.main", "read", "--reader", "ada", "--", study)
    ]


def test_only_who_has_the_link_is_answered() -> None:
    async def visit() -> None:
        app = await guarded(Server, KEY)("true", host="127.0.0.1", port=1)._make_app()
        async with TestClient(TestServer(app, host="127.0.0.1")) as client:
            assert (await client.get("/")).status == 403
            assert (await client.get("/ws")).status == 403
            assert (await client.get("/static/css/xterm.css")).status == 403
            assert (await client.get("/?key=wrong")).status == 403
            seen = await client.get(f"/?key={KEY}", allow_redirects=False)
            assert seen.status == 302
            cookie = seen.headers["Set-Cookie"]
            assert "HttpOnly" in cookie
            assert "SameSite=Strict" in cookie
            known = {"Cookie": f"{serving.COOKIE}={KEY}"}
            assert (await client.get("/", headers=known)).status == 200
            elsewhere = {**known, "Host": "evil.example"}
            assert (await client.get("/", headers=elsewhere)).status == 403

    asyncio.run(visit())


def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(StudyError, match=f"Port {port} of 127.0.0.1 is taken"):
            serve_room("study", "ada", port)


def test_without_the_extra_it_is_told_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "textual_serve.server", None)
    with pytest.raises(StudyError, match=r"pip install 'screener\[web\]'"):
        serve_room(str(tmp_path), "ada", 8765)
