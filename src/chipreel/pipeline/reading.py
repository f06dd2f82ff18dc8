"""What a visit brought → items, by the reader that the kind of source names."""

from __future__ import annotations
