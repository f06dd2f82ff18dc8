"""Why a visit brought nothing, as an exception inside `fetch`; `Fetcher` turns it into the value `Failed`."""

from __future__ import annotations

from chipreel.errors import FetchError


class RefusedError(FetchError):
    """No bytes, or none that may be used.

    `reason` is one of the short classes of `Failed.reason`, the message one sentence for a person.
    """

    def __init__(
        self,
        reason: str,
        message: str,
        *,
        status: int | None = None,
        retry_after_s: int | None = None,
        gone: bool = False,
    ) -> None:
        super().__init__(message)
        self.reason, self.message, self.status = reason, message, status
        self.retry_after_s, self.gone = retry_after_s, gone


def is_passing(reason: str, status: int | None) -> bool:
    """Whether a failure is of the sort that passes by itself: the server or the way to it, not what we ask for."""
    if reason == "http":
        return status is not None and status >= 500
    return reason in ("timeout", "dns", "connect", "proxy", "rate-limited", "busy")
