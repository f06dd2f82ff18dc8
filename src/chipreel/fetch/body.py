"""The body of an answer: decompressed while it streams, never more than the limit in memory.

httpx's own decoders inflate a whole network chunk at once and stack (`gzip, gzip`), so 64 KB on the wire can become
gigabytes before anybody counts. Here zlib is told how much it may give.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from chipreel.fetch.refusal import RefusedError

#: What we say we can read: the encodings of the standard library.
ACCEPT_ENCODING = "gzip, deflate"
_STEP = 64 * 1024


def read_body(chunks: Iterable[bytes], encoding: str | None, max_bytes: int) -> bytes:
    """The decoded body. Raises RefusedError: too-large past `max_bytes`, encoding when it cannot be decoded."""
    name = (encoding or "identity").strip().lower()
    parts = chunks if name in ("", "identity") else _inflated(chunks, name, max_bytes)
    body = bytearray()
    for part in parts:
        body += part
        if len(body) > max_bytes:
            raise RefusedError("too-large", f"more than max_bytes = {max_bytes:,} bytes")
    return bytes(body)


def _inflated(chunks: Iterable[bytes], name: str, max_bytes: int) -> Iterable[bytes]:
    if name not in ("gzip", "x-gzip", "deflate"):
        raise RefusedError("encoding", f"the server compresses with {name[:40]!r}, which was not asked for")
    decoder = None
    for chunk in chunks:
        if decoder is None and chunk:
            decoder = zlib.decompressobj(_window(name, chunk))
        while chunk and decoder is not None:
            try:
                yield decoder.decompress(chunk, min(_STEP, max_bytes + 1))
            except zlib.error as error:
                raise RefusedError("encoding", "the compressed body is damaged") from error
            chunk = decoder.unconsumed_tail
            if decoder.eof and decoder.unused_data and name != "deflate":
                # A gzip file may have several members; zlib stops after each.
                chunk, decoder = decoder.unused_data.lstrip(b"\0"), zlib.decompressobj(_window(name, b""))
    if decoder is not None and not decoder.eof:
        yield decoder.flush(_STEP)


def _window(name: str, first: bytes) -> int:
    """zlib's wbits: gzip, zlib, or raw deflate, which some servers send under the name of zlib."""
    if name != "deflate":
        return 16 + zlib.MAX_WBITS
    is_zlib = len(first) > 1 and first[0] & 0x0F == 8 and (first[0] << 8 | first[1]) % 31 == 0
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS
