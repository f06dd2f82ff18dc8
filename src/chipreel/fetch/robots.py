"""robots.txt by RFC 9309: may this address be fetched, and how slowly.

Which rules count depends on what is fetched. A page, an article or a sitemap is crawling: every rule for our agent or
for `*` holds, 4xx means allowed, 5xx and unreachable mean wait. A feed is published to be polled by its readers'
programs, and blanket rules against crawlers (`Disallow: /feed`) are there to keep it out of search engines: there only
a group that names us holds, besides Crawl-delay, which always does. A documented API has terms instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from protego import Protego

#: The product token that robots.txt may name.
AGENT = "chipreel"
#: Longest that an answer is believed (RFC 9309, 2.4).
MAX_AGE = timedelta(hours=24)
#: How long a server that could not answer is left before robots.txt is asked for again.
RETRY_AFTER = timedelta(hours=1)
#: RFC 9309 wants at least 500 KiB to be read.
MAX_BYTES = 512 * 1024
#: A Crawl-delay beyond this is served by the interval between visits, not by holding a connection.
MAX_DELAY_S = 60.0

Scope = Literal["crawler", "reader", "api"]


@dataclass(frozen=True, slots=True)
class RobotsRecord:
    """What a server said when it was asked for robots.txt; kept between runs."""

    #: Scheme, host and port: https://example.com
    origin: str
    fetched_at: datetime
    #: HTTP status; 0 = could not be reached.
    status: int
    text: str = ""

    def is_fresh(self, now: datetime) -> bool:
        """Whether the server need not be asked again."""
        return now - self.fetched_at < (RETRY_AFTER if self.is_unknown else MAX_AGE)

    @property
    def is_unknown(self) -> bool:
        """The server could not say: whoever crawls must wait."""
        return self.status == 0 or self.status >= 500 or self.status == 429


@dataclass(frozen=True, slots=True)
class Verdict:
    """May the address be fetched; seconds between two requests where the server asks for that."""

    allowed: bool
    delay_s: float | None = None
    #: Why not, for a person; None when allowed.
    reason: str | None = None


class Robots:
    """Answers for addresses out of records; missing and old ones are asked for."""

    def __init__(self, records: Iterable[RobotsRecord] = ()) -> None:
        self._records = {record.origin: record for record in records}
        self._parsed: dict[str, tuple[RobotsRecord, Protego]] = {}

    def get_verdict(
        self, url: str, origin: str, scope: Scope, now: datetime, ask: Callable[[], RobotsRecord]
    ) -> Verdict:
        """What robots.txt of `origin` says about `url`, fetched in this scope; `ask` fetches the file."""
        if scope == "api":
            return Verdict(True)
        record = self._records.get(origin)
        if record is None or not record.is_fresh(now):
            record = self._records[origin] = ask()
        if record.is_unknown:
            return Verdict(
                scope == "reader", None, None if scope == "reader" else "robots.txt could not be read: waiting"
            )
        if record.status != 200 or not record.text.strip():
            return Verdict(True)
        rules = self._rules(record)
        delay = rules.crawl_delay(AGENT)
        counts = scope == "crawler" or names_agent(record.text)
        allowed = not counts or bool(rules.can_fetch(url, AGENT))
        return Verdict(
            allowed,
            min(float(delay), MAX_DELAY_S) if delay else None,
            None if allowed else "robots.txt of the site does not allow it",
        )

    def records(self) -> tuple[RobotsRecord, ...]:
        """All that is known now, to be kept for the next run."""
        return tuple(self._records.values())

    def _rules(self, record: RobotsRecord) -> Protego:
        from protego import Protego

        known = self._parsed.get(record.origin)
        if known is None or known[0] is not record:
            known = self._parsed[record.origin] = (record, Protego.parse(record.text))
        return known[1]


def names_agent(text: str) -> bool:
    """Whether a robots.txt has a group for us by name."""
    return re.search(rf"^[ \t]*user-agent[ \t]*:[ \t]*{AGENT}\b", text, re.IGNORECASE | re.MULTILINE) is not None
