"""What is handed to a channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a delivery."""

    #: The same whenever the same message is sent again: "default-12-1".
    key: str
    title: str
    #: In the format of the channel; the plain part where there is `html` too.
    body: str
    html: str | None = None
    #: Which of how many.
    part: int = 1
    parts: int = 1
    #: When the edition was made; None = a test.
    made_at: datetime | None = None
