"""Running Datasette in this process, for as long as the command lasts."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chipreel.browse.guard import Guard, allowed_hosts
from chipreel.browse.tables import metadata
from chipreel.errors import ConfigError
from chipreel.model.profile import SavedSearch

if TYPE_CHECKING:
    from logging import LogRecord

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class BrowseOptions:
    """Where and how to serve."""

    db: Path
    host: str = "127.0.0.1"
    #: 0 = any free port.
    port: int = 8001
    #: True = free SQL also on an address that is not loopback.
    sql: bool = False
    #: Zone of every time shown.
    zone: tzinfo = UTC
    searches: tuple[SavedSearch, ...] = ()


def make_app(options: BrowseOptions, port: int) -> Guard:
    """The guarded ASGI app. Raises StoreError for a database that is not ours."""
    with _signals_held():
        from datasette.app import Datasette
        from datasette.plugins import pm

    from chipreel.browse import plugin
    from chipreel.browse.pages import Pages
    from chipreel.store.database import open_database

    with open_database(options.db, write=False):
        pass
    # With rich installed, Datasette prints a page of variables for every wrong address; bugs are still printed.
    pm.get_plugin("datasette.handle_exception").rich = None
    if not pm.is_registered(plugin):
        pm.register(plugin, name="chipreel")
    is_local = options.host in _LOOPBACK
    datasette = Datasette(
        [str(options.db)],
        metadata=metadata(options.db.stem, options.searches),
        settings={
            "default_allow_sql": is_local or options.sql,
            "allow_download": False,
            "sql_time_limit_ms": 3000,
            "default_page_size": 50,
            "suggest_facets": False,
            "truncate_cells_html": 200,
            "default_facet_size": 10,
        },
    )
    pages = Pages(options.db.stem, options.zone, options.searches)
    setattr(datasette, plugin.PAGES, pages)
    # For pages that Datasette draws without asking its plugins: errors.
    datasette.jinja_env.globals.update(pages.around(None))
    return Guard(datasette.app(), allowed_hosts(options.host, port))


def serve(options: BrowseOptions, *, ready: Callable[[str], None]) -> None:
    """Serve until interrupted; `ready` is called with the address once the server answers.

    Raises ConfigError when the port is taken.
    """
    import asyncio
    import logging

    import uvicorn

    listener = _listen(options)
    port = listener.getsockname()[1]
    host = f"[{options.host}]" if ":" in options.host else options.host
    app = make_app(options, port)
    config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="on")
    server = _announcing(config, lambda: ready(f"http://{host}:{port}/"))
    # The configuration has set up uvicorn's loggers by now.
    logging.getLogger("uvicorn.error").addFilter(_is_worth_telling)
    try:
        asyncio.run(server.serve(sockets=[listener]))
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@contextmanager
def _signals_held() -> Iterator[None]:
    """Whoever asks us to stop within is heard afterwards.

    What Datasette tries to import beside itself (numpy, dask), it gives up at any exception: also at that of a signal.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _is_worth_telling(record: LogRecord) -> bool:
    """Whether what uvicorn logs is a fault: that somebody stops it while it starts or ends is none."""
    from asyncio import CancelledError

    return not (record.exc_info and isinstance(record.exc_info[1], CancelledError))


def _listen(options: BrowseOptions) -> socket.socket:
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((options.host, options.port))
    except OSError as error:
        listener.close()
        hint = "choose another with --port, 0 for any free one"
        raise ConfigError(f"cannot listen on {options.host}:{options.port}: {error.strerror}", hint=hint) from error
    return listener


def _announcing(config: Any, ready: Callable[[], None]) -> Any:
    """A server that tells when it is ready."""
    import uvicorn

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                ready()

    return Announcing(config)
