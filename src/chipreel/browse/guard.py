"""Who may ask, and what pages and tables may do.

A page on the web could make a reader's browser ask this server under a name of its own (DNS rebinding) and read the
whole database: so only the names under which the server was started are answered.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from chipreel.browse.spreadsheet import without_formulas

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

#: No script at all but files of this server, nothing from outside, no frame around us. Styles stand in elements too: a
#: digest carries its own.
POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; script-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


def allowed_hosts(host: str, port: int) -> frozenset[str]:
    """The Host headers that name a server bound to `host` and `port`."""
    names = {host, f"[{host}]"} if ":" in host else {host}
    if host in ("127.0.0.1", "::1", "localhost"):
        names |= {"127.0.0.1", "localhost", "[::1]"}
    bare = names if port == 80 else set()
    return frozenset({f"{name}:{port}" for name in names} | bare)


class Guard:
    """An ASGI app around another: refuses foreign Host headers, keeps pages harmless and CSV free of formulas.

    `hosts` None = any Host is answered (the server was told to be public).
    """

    def __init__(self, app: App, hosts: frozenset[str] | None) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = [value.decode("latin-1").lower() for name, value in scope["headers"] if name == b"host"]
        if self._hosts is not None and (len(given) != 1 or given[0] not in self._hosts):
            await _refuse(send)
            return

        is_csv = False

        async def send_guarded(message: MutableMapping[str, Any]) -> None:
            nonlocal is_csv
            if message["type"] == "http.response.start":
                names = {name for name, _ in _HEADERS}
                kept = [pair for pair in message.get("headers", []) if pair[0].lower() not in names]
                message["headers"] = [*kept, *_HEADERS]
                is_csv = _is_table(scope, kept)
            elif is_csv:
                # Datasette sends every row by itself, without a length before.
                message["body"] = without_formulas(message.get("body", b"").decode()).encode()
            await send(message)

        await self._app(scope, receive, send_guarded)


def _is_table(scope: Scope, headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether an answer is CSV, which Datasette calls plain text where it is not to be saved as a file."""
    kind = next((value for name, value in headers if name.lower() == b"content-type"), b"")
    wanted = scope["path"].endswith(".csv") or b"_format=csv" in scope["query_string"]
    return kind.startswith(b"text/csv") or (wanted and kind.startswith(b"text/plain"))


async def _refuse(send: Send) -> None:
    body = b"This server answers only under the address it was started with.\n"
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 421, "headers": headers})
    await send({"type": "http.response.body", "body": body})
