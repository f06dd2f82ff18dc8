"""The pages beside Datasette's own: addresses, the reader's language, and which template shows what."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chipreel.browse import views
from chipreel.browse.tables import TABLES
from chipreel.browse.words import counted, term, word
from chipreel.digest.figures import day_and_time, dollars, sparkline
from chipreel.errors import ConfigError, NotFoundError
from chipreel.model.profile import SavedSearch
from chipreel.text.addresses import is_web_url

if TYPE_CHECKING:
    import sqlite3

    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

LANGUAGES = ("en", "zh")
_PLACES = {"stories": "story", "companies": "company", "people": "person", "sources": "source", "articles": "article",
           "digests": "digest"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one server."""

    #: Name of the database in Datasette.
    database: str
    zone: tzinfo = UTC
    searches: tuple[SavedSearch, ...] = ()
    #: The clock.
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def routes(self) -> list[tuple[str, Callable[..., Awaitable[Any]]]]:
        """What Datasette's router takes."""
        database = re.escape(self.database)
        shown = [
            (r"^/$", "home", lambda reading, _: views.home(reading)),
            (r"^/find$", "find", self._find),
            (r"^/stories$", "stories", _stories),
            (r"^/story/s?(?P<id>\d{1,15})$", "story", lambda reading, r: views.story(reading, int(r.url_vars["id"]))),
            (r"^/article/(?P<id>\d{1,15})$", "article", _article),
            (r"^/company/(?P<id>[\w.-]+)$", "company", lambda reading, r: views.company(reading, r.url_vars["id"])),
            (r"^/person/(?P<id>[\w.-]+)$", "person", lambda reading, r: views.person(reading, r.url_vars["id"])),
            (r"^/source/(?P<id>[\w.-]+)$", "source", lambda reading, r: views.source(reading, r.url_vars["id"])),
        ]
        found: list[tuple[str, Callable[..., Awaitable[Any]]]] = [
            (pattern, self._page(name, view)) for pattern, name, view in shown
        ]
        rows = rf"^/{database}/(?P<table>{'|'.join(_PLACES)})/(?P<id>[\w.-]+)$"
        styles = (r"^/-/assets/chipreel\.css$", _styles)
        return [*found, styles, (r"^/digest/(?P<id>\d{1,15})$", self._digest), (rows, self._row)]

    def _page(self, name: str, view: Callable[[views.Reading, Any], views.View]) -> Callable[..., Awaitable[Any]]:
        async def answer(datasette: Datasette, request: Request) -> Response:
            lang = language(request)

            def read(db: sqlite3.Connection) -> tuple[views.View, dict[str, str]]:
                reading = views.Reading(db, self.now(), self.zone, lang, self.searches)
                return view(reading, request), views.load_names(reading)

            problem = None
            try:
                found, names = await datasette.get_database(self.database).execute_fn(read)
            except (ConfigError, NotFoundError) as error:
                found, names, problem = {"query": request.args.get("q") or ""}, {}, str(error)
            status = 404 if found is None else 400 if problem else 200
            template = f"chipreel_{name}.html" if status == 200 else "chipreel_problem.html"
            context = (found or {}) | self._context(lang, names, request)
            context["problem"] = problem or word(lang, "not.found")
            return await _response(datasette, request, template, context, status)

        return answer

    def _context(self, lang: str, names: dict[str, str], request: Request) -> dict[str, Any]:
        now = self.now()
        from datasette.utils import path_with_replaced_args

        return self.around(request) | {
            "path_with": lambda given: path_with_replaced_args(request, given),
            "counted": lambda key, number: counted(lang, key, number),
            "term": lambda kind, value: term(lang, kind, value),
            "name": lambda number: names.get(number, number),
            "when": lambda moment: _when(lang, moment, self.zone, now),
            "dollars": lambda usd: dollars(lang, usd),
            "sparkline": sparkline,
            "is_web_url": is_web_url,
            "marked": marked,
        }

    def around(self, request: Request | None) -> dict[str, Any]:
        """What every page says, Datasette's own among them."""
        lang = language(request) if request is not None else "en"
        return {
            "lang": lang,
            "lang_url": _with_language(request, "en" if lang == "zh" else "zh") if request is not None else "",
            "t": lambda key, **values: word(lang, key, **values),
            "database_name": self.database,
            "table_titles": {name: given["title"] for name, given in TABLES.items() if "title" in given},
        }

    def _find(self, reading: views.Reading, request: Request) -> views.View:
        text = (request.args.get("q") or "").replace("\x00", " ")[:500]
        page = request.args.get("page") or "1"
        number = min(int(page), 500) if page.isascii() and page.isdecimal() and page != "0" else 1
        return views.find(reading, text, max(1, number), same=request.args.get("same") == "1")

    async def _digest(self, datasette: Datasette, request: Request) -> Response:
        """A digest as it was delivered: the whole document, which carries its own styles and runs nothing."""
        from datasette.utils.asgi import Response

        from chipreel.digest.frozen import thaw
        from chipreel.digest.html import render_html

        row = await datasette.get_database(self.database).execute_fn(
            lambda db: db.execute("select content from digests where id = ?", (int(request.url_vars["id"]),)).fetchone()
        )
        if row is None:
            lang = language(request)
            context = self._context(lang, {}, request) | {"problem": word(lang, "not.found")}
            return await _response(datasette, request, "chipreel_problem.html", context, 404)
        return Response.html(render_html(thaw(row["content"])))

    async def _row(self, datasette: Datasette, request: Request) -> Response:
        """The page of a row that has one made for it."""
        from datasette.utils.asgi import Response

        table = request.url_vars["table"]
        number = ("s" if table == "stories" else "") + request.url_vars["id"]
        return Response.redirect(datasette.urls.path(f"/{_PLACES[table]}/{number}"))


async def _styles() -> Response:
    from datasette.utils.asgi import Response

    text = (Path(__file__).parent / "plugin" / "static" / "chipreel.css").read_text("utf-8")
    headers = {"cache-control": "max-age=3600"}
    return Response(text, headers=headers, content_type="text/css; charset=utf-8")


def _article(reading: views.Reading, request: Request) -> views.View:
    return views.article(reading, int(request.url_vars["id"]))


def _stories(reading: views.Reading, request: Request) -> views.View:
    return views.stories(reading, company=request.args.get("company"), largest=request.args.get("sort") == "outlets")


def language(request: Request) -> str:
    """The language of the reader: what they chose, else what their browser asks for first."""
    for given in (request.args.get("lang"), request.cookies.get("lang")):
        if given in LANGUAGES:
            return str(given)
    return "zh" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"


def _with_language(request: Request, lang: str) -> str:
    from datasette.utils import path_with_replaced_args

    return str(path_with_replaced_args(request, {"lang": lang}))


async def _response(
    datasette: Datasette, request: Request, template: str, context: dict[str, Any], status: int
) -> Response:
    from datasette.utils.asgi import Response

    response = Response.html(await datasette.render_template(template, context, request=request), status=status)
    if request.args.get("lang") in LANGUAGES:
        response.set_cookie("lang", request.args["lang"], max_age=365 * 24 * 3600, httponly=True, samesite="strict")
    return response


def marked(snippet: str) -> list[tuple[str, bool]]:
    """A snippet in pieces, each with whether it is a word that was looked for."""
    pieces = re.split("([\x02\x03])", snippet)
    found, inside = [], False
    for piece in pieces:
        if piece in ("\x02", "\x03"):
            inside = piece == "\x02"
        elif piece:
            found.append((piece, inside))
    return found


def _when(lang: str, moment: str | datetime | None, zone: tzinfo, now: datetime) -> str:
    if not moment:
        return ""
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return day_and_time(lang, found, zone, today=now)
