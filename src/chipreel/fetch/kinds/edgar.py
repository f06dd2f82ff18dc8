"""Filings of one company at the SEC, one question per form type, for without a type insiders' forms bury the news.

The SEC serves programs that say who they are: `settings.contact` must be set. robots.txt bars crawlers from the path
that the SEC itself gives for these feeds, so its documented rules hold instead (at most ten requests a second).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from chipreel.errors import ConfigError
from chipreel.fetch.kinds._kind import Kind, Past, Request, Seek, page_offset, require_strings, with_query
from chipreel.model.source import FetchState, Source

PAGE_SIZE = 40
_CIK = re.compile(r"\d{10}")


def _requests(source: Source, state: FetchState, now: datetime) -> tuple[Request, ...]:
    del state, now
    return tuple(_request(source, form, 0) for form in source.options["forms"])


def _request(source: Source, form: str, start: int, before: datetime | None = None) -> Request:
    return Request(
        with_query(
            source.url,
            action="getcompany",
            CIK=source.options["cik"],
            type=form,
            dateb=f"{before:%Y%m%d}" if before else None,
            owner="include",
            count=PAGE_SIZE,
            start=start or None,
            output="atom",
        )
    )


def _seek(source: Source, seek: Seek) -> Request | None:
    """The parts are the forms."""
    return _request(source, source.options["forms"][seek.part], page_offset(seek, PAGE_SIZE), seek.until)


def _legs(source: Source, since: datetime, until: datetime) -> tuple[Seek, ...]:
    # A day more: the SEC names the last day, not a moment.
    last = until + timedelta(days=1)
    return tuple(Seek(since=since, until=last, part=part) for part in range(len(source.options["forms"])))


def _check(source: Source) -> None:
    cik = source.options.get("cik")
    if not isinstance(cik, str) or not _CIK.fullmatch(cik):
        raise ConfigError(f"{cik!r} is no CIK", key="cik", hint='ten digits in quotes: "0001045810"')
    forms = require_strings(source.options.get("forms"), "forms", hint="[8-K] or, for foreign issuers, [6-K]")
    dead = [form for form in forms if form.startswith("SC 13")]
    if dead:
        raise ConfigError(f"{dead[0]!r} is no longer filed", key="forms", hint="SCHEDULE 13D or SCHEDULE 13G")


KIND = Kind(
    name="edgar",
    parser="edgar",
    interval_s=60 * 60,
    requests=_requests,
    check=_check,
    options=frozenset({"cik", "forms"}),
    robots="api",
    expects="xml",
    past=(Past("search", _seek, legs=_legs),),
    needs_contact=True,
)
