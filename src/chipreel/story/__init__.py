"""Articles → stories: one entry for one event, across sources and languages. Pure.

`cluster` groups a batch at once, `StoryIndex` article by article against a window; both ask the same question of two
articles (`comparison`): do they tell of one event? `keep_names` lets stories keep their names when a grouping is made
again, `describe` tells what a story is as a whole (and `extend` what a very large one is), `explain` what holds it
together.
"""

from chipreel.story.batch import cluster, explain
from chipreel.story.describe import describe, extend
from chipreel.story.evidence import story_item
from chipreel.story.fingerprint import Fingerprint, FingerprintMaker
from chipreel.story.identity import keep_names
from chipreel.story.online import StoryIndex
from chipreel.story.packing import pack_fingerprint, unpack_fingerprint

__all__ = [
    "Fingerprint",
    "FingerprintMaker",
    "StoryIndex",
    "cluster",
    "describe",
    "explain",
    "extend",
    "keep_names",
    "pack_fingerprint",
    "story_item",
    "unpack_fingerprint",
]
