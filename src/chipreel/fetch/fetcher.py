"""The one door to the network: visits sources and fetches articles. One source's fault is a value, not an exception."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import TracebackType

from chipreel.errors import ConfigError
from chipreel.fetch.cache_headers import (
    find_max_age_s,
    find_retry_after_s,
    find_validator,
    is_header_value,
    keeps_validators,
)
from chipreel.fetch.client import Answer
from chipreel.fetch.kinds import Request, get_kind
from chipreel.fetch.memory import Memory
from chipreel.fetch.network import within
from chipreel.fetch.polite_client import Errand, PoliteClient, Trip, host_key
from chipreel.fetch.queue import VisitQueue
from chipreel.fetch.refusal import RefusedError
from chipreel.fetch.threads import iter_results
from chipreel.fetch.walls import find_wall
from chipreel.model import Failed, Fetched, FetchState, NotModified, Settings, Source

Outcome = Fetched | NotModified | Failed
#: Seconds in which a run starts to fetch articles.
ARTICLES_WITHIN_S = 300.0


#: Every so many conditional fetches one without validators: some servers answer 304 for ever.
UNCONDITIONAL_EVERY = 24


class Fetcher:
    """Visits sources. Thread-safe; a context manager that closes its connections.

    `environ` is where secrets named in feeds.yaml are looked up; `memory` what earlier runs learnt, and `memory()`
    gives it back to be kept for the next.

    Measured on loopback, 8 threads and connections, 2 cores: 266 feeds in 0.17 s, 266 answers 304 in 0.15 s.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        environ: Mapping[str, str] | None = None,
        memory: Memory | None = None,
    ) -> None:
        self._settings = settings
        self._environ = environ or {}
        self._client = PoliteClient(settings, self._environ, memory or Memory())

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def memory(self) -> Memory:
        """What the next run should know: robots.txt files, and services that asked for a pause."""
        return self._client.memory()

    def fetch(self, source: Source, state: FetchState, now: datetime) -> Outcome:
        """Visit one source now, in this thread. Whatever goes wrong with it is a `Failed`."""
        return self._guarded(source, state.moved_to or source.url, lambda: self._visit(source, state, now))

    def fetch_request(self, source: Source, request: Request, now: datetime) -> Fetched | Failed:
        """One question of a source's kind outside its rhythm (an older page of an archive), without validators."""
        return self._unconditional(self._errand(source, now, known=True), request)

    def fetch_article(self, source: Source, url: str, now: datetime) -> Fetched | Failed:
        """One article of a source, for its text: robots.txt obeyed, same politeness, no validators."""
        return self._unconditional(Errand(source, "crawler", "html", now, known=True), Request(url))

    def fetch_anything(self, source: Source, url: str, now: datetime) -> Fetched | Failed:
        """Whatever a person's own address holds, page or feed, to find out what it is: walls are named, HTML passes."""
        return self._unconditional(Errand(source, "reader", "", now), Request(url))

    def fetch_many(
        self,
        visits: Iterable[tuple[Source, FetchState]],
        now: datetime,
        *,
        on_idle: Callable[[], None] = lambda: None,
    ) -> Iterator[tuple[Source, Outcome]]:
        """Visit sources on `settings.workers` threads; results as they come, each source exactly once.

        `on_idle` is called, in this thread, when nothing has come for a while. No worker waits at a host while another
        host is free. Ending the iteration early stops the rest.
        """
        todo = [(host_key(state.moved_to or source.url), (source, state)) for source, state in visits]
        waiting = VisitQueue(todo, self._client.gate, self._settings.connections_per_host)

        def visited(pair: tuple[Source, FetchState]) -> tuple[Source, Outcome]:
            return pair[0], self.fetch(*pair, now)

        yield from iter_results(waiting, visited, self._workers_for(todo), on_idle)

    def fetch_articles(
        self,
        articles: Iterable[tuple[Source, str]],
        now: datetime,
        *,
        within_s: float = ARTICLES_WITHIN_S,
        on_idle: Callable[[], None] = lambda: None,
    ) -> Iterator[tuple[Source, str, Fetched | Failed]]:
        """Articles of many sources, as `fetch_many` visits sources: (source, address asked for, outcome).

        What cannot be started `within_s` ends as Failed with the reason "busy": a Crawl-delay of a minute must not hold
        a run for an hour.
        """
        todo = [(host_key(url), (source, url)) for source, url in articles]
        visits = VisitQueue(todo, self._client.gate, self._settings.connections_per_host, within_s=within_s)

        def fetched(pair: tuple[Source, str]) -> tuple[Source, str, Fetched | Failed]:
            source, url = pair
            if visits.is_late:
                return source, url, Failed(source.id, url, "busy", "left for the next run: its host wants it slow")
            return source, url, self.fetch_article(source, url, now)

        yield from iter_results(visits, fetched, self._workers_for(todo), on_idle)

    def _workers_for(self, todo: Sequence[object]) -> int:
        return min(self._settings.workers, max(1, len(todo)))

    def _guarded(self, source: Source, url: str, visit: Callable[[], Fetched | NotModified]) -> Outcome:
        started = time.monotonic()
        try:
            with within(self._settings.timeout_s):
                return visit()
        except ConfigError as error:
            return Failed(source.id, url, "config", str(error))
        except RefusedError as error:
            return Failed(
                source.id,
                url,
                error.reason,
                error.message,
                elapsed_ms=_ms_since(started),
                status=error.status,
                retry_after_s=error.retry_after_s,
                gone=error.gone,
            )

    def _unconditional(self, errand: Errand, request: Request) -> Fetched | Failed:
        source = errand.source
        outcome = self._guarded(source, request.url, lambda: self._asked(errand, request, FetchState(source.id)))
        assert not isinstance(outcome, NotModified), "no validators were sent"
        return outcome

    def _errand(self, source: Source, now: datetime, *, known: bool) -> Errand:
        kind = get_kind(source.kind)
        if kind.needs_contact and not self._settings.contact:
            raise ConfigError(
                f"{kind.name} asks whom it serves", key="settings.contact", hint="write your mail address"
            )
        return Errand(source, kind.robots, kind.expects, now, known, kind.min_delay_s)

    def _visit(self, source: Source, state: FetchState, now: datetime) -> Fetched | NotModified:
        errand = self._errand(source, now, known=state.last_good is not None)
        requests = get_kind(source.kind).requests(source, state, now)
        if len(requests) == 1:
            return self._asked(errand, requests[0], state)
        parts = []
        for request in requests:
            with within(self._settings.timeout_s):
                parts.append(self._asked(errand, request, FetchState(source.id)))
        return _joined([part for part in parts if isinstance(part, Fetched)], state)

    def _asked(self, errand: Errand, request: Request, state: FetchState) -> Fetched | NotModified:
        """The answer to one request, or RefusedError."""
        started = time.monotonic()
        validators = _validators(state) if request.method == "GET" else {}
        headers = {**request.headers, **self._secrets(errand.source, request)}
        trip = self._client.follow(errand, request, headers, validators)
        answer = trip.answer
        if answer.status == 304 and validators:
            return _not_modified(errand, answer, _ms_since(started))
        _check_usable(errand, answer)
        return _fetched(errand, request, trip, state, not validators, _ms_since(started))

    def _secrets(self, source: Source, request: Request) -> dict[str, str]:
        """Headers whose values are in the environment; ConfigError names a variable that is missing."""
        wanted = dict(request.secret_headers)
        for header, variable in source.options.get("secret_headers", {}).items():
            wanted[header] = (variable, "{}")
        missing = [variable for variable, _ in wanted.values() if not self._environ.get(variable)]
        if missing:
            raise ConfigError(f"{missing[0]} is not set", key=source.id, hint="set it there or in chipreel.env")
        for variable, _ in wanted.values():
            if not is_header_value(self._environ[variable]):
                hint = "one line of ASCII, without spaces around it"
                raise ConfigError(f"{variable} holds what no header can hold", key=source.id, hint=hint)
        return {header: form.format(self._environ[variable]) for header, (variable, form) in wanted.items()}


def _validators(state: FetchState) -> dict[str, str]:
    """What makes a request conditional: exactly what the server gave, and nothing every now and then."""
    if state.conditional_run >= UNCONDITIONAL_EVERY:
        return {}
    given = {
        "if-none-match": find_validator(state.etag),
        "if-modified-since": find_validator(state.last_modified),
    }
    return {name: value for name, value in given.items() if value}


def _check_usable(errand: Errand, answer: Answer) -> None:
    """Raise RefusedError unless the answer is what the visit came for."""
    status, body = answer.status, answer.body
    wall = find_wall(answer.headers, body, errand.expects, status) if status == 200 or status >= 400 else None
    retry = find_retry_after_s(answer.headers.get("retry-after"), errand.now)
    is_challenge = wall is not None and not wall.startswith("HTML where")
    if status == 410:
        raise RefusedError("http", "gone for good (410)", status=status, gone=True)
    if status == 429 or (status == 503 and retry is not None and not wall):
        raise RefusedError("rate-limited", f"asked to come back later ({status})", status=status, retry_after_s=retry)
    if wall and (status < 400 or is_challenge):
        raise RefusedError("blocked", wall, status=status, retry_after_s=retry)
    if status == 403 and errand.known:
        message = "refused with 403 though it used to answer: most likely a limit"
        raise RefusedError("rate-limited", message, status=status, retry_after_s=retry)
    if status != 200 and not (200 < status < 300 and body):
        raise RefusedError("http", f"answered {status}", status=status, retry_after_s=retry)
    if not body.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise RefusedError("http", "answered 200 with an empty body", status=status)


def _fetched(
    errand: Errand, request: Request, trip: Trip, state: FetchState, unconditional: bool, elapsed_ms: int
) -> Fetched:
    answer = trip.answer
    body_hash = hashlib.sha256(answer.body).hexdigest()
    keeps = keeps_validators(answer.headers)
    return Fetched(
        errand.source.id,
        request.url,
        answer.url,
        answer.status,
        answer.body,
        body_hash,
        answer.headers.get("content-type"),
        find_validator(answer.headers.get("etag")) if keeps else None,
        find_validator(answer.headers.get("last-modified")) if keeps else None,
        elapsed_ms,
        max_age_s=find_max_age_s(answer.headers, errand.now),
        moved_to=trip.moved_to,
        unchanged=body_hash == state.body_hash,
        unconditional=unconditional,
    )


def _not_modified(errand: Errand, answer: Answer, elapsed_ms: int) -> NotModified:
    headers = answer.headers
    return NotModified(
        errand.source.id,
        answer.url,
        elapsed_ms,
        find_validator(headers.get("etag")),
        find_validator(headers.get("last-modified")),
        find_max_age_s(headers, errand.now),
    )


def _joined(parts: Sequence[Fetched], state: FetchState) -> Fetched:
    """Several answers as one visit: the hash is of all bodies, and nothing of it can be conditional."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(bytes.fromhex(part.body_hash))
    body_hash = digest.hexdigest()
    return replace(
        parts[0],
        body_hash=body_hash,
        etag=None,
        last_modified=None,
        moved_to=None,
        elapsed_ms=sum(part.elapsed_ms for part in parts),
        unchanged=body_hash == state.body_hash,
        more=tuple(part.body for part in parts[1:]),
    )


def _ms_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
