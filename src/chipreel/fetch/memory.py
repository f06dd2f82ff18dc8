"""What runs of fetching tell each other: robots.txt files, and services that asked for a pause. Pure.

Cron starts a run every quarter of an hour: without this every run would ask every host for robots.txt again, and forget
that a service wanted to be left alone until tomorrow.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from chipreel.fetch.robots import RobotsRecord


@dataclass(frozen=True, slots=True)
class Memory:
    """Kept between runs as text; whatever of it is old or damaged is simply not remembered."""

    robots: tuple[RobotsRecord, ...] = ()
    #: (service, until when it must be left alone)
    pauses: tuple[tuple[str, datetime], ...] = ()

    def to_json(self, now: datetime) -> str:
        """The part of it that still holds at `now`."""
        return json.dumps(
            {
                "robots": [
                    [record.origin, record.fetched_at.isoformat(), record.status, record.text]
                    for record in self.robots
                    if record.is_fresh(now)
                ],
                "pauses": [[service, until.isoformat()] for service, until in self.pauses if until > now],
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str | None) -> Memory:
        """What `to_json` wrote; nothing when there is none or it cannot be read."""
        try:
            raw = json.loads(text or "{}")
            return cls(
                tuple(RobotsRecord(str(o), _moment(at), int(status), str(t)) for o, at, status, t in raw["robots"]),
                tuple((str(service), _moment(until)) for service, until in raw["pauses"]),
            )
        except (ValueError, TypeError, KeyError, RecursionError):
            return cls()


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
