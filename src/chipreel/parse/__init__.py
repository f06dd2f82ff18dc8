"""Bytes → items. One format per module; pure: no file, no network, no clock."""

from chipreel.parse.feed import parse_feed
from chipreel.parse.parsed import ParsedFeed
from chipreel.parse.readers import READERS, parse_answer
from chipreel.parse.rows import feed_rows, item_row

__all__ = ["READERS", "ParsedFeed", "feed_rows", "item_row", "parse_answer", "parse_feed"]
