"""Grouping: new articles against a window, beside the nearest-duplicate search that people would use instead."""

from __future__ import annotations

import gc
import time

from bench.stages.newsroom import Newsroom
from bench.stages.rates import Rate
from chipreel.config.glossary import load_story_knowledge
from chipreel.model.story import StoryItem
from chipreel.story import StoryIndex
from chipreel.story.words import TOKEN, is_cjk
from chipreel.text.fold import fold

NEW = 600
BATCH = 50


def measure_grouping(window: int) -> list[Rate]:
    """Articles a second that find their story among so many, in batches of fifty, and as fingerprints are made."""
    from importlib.metadata import version

    knowledge = load_story_knowledge()
    newsroom = Newsroom(knowledge.concepts)
    past, fresh = list(newsroom.iter_items(window, 6.5)), list(newsroom.iter_items(NEW, 0.4, first=window))
    index = StoryIndex(knowledge)
    for item, event in zip(past, newsroom.told, strict=False):
        index.add(item, event)
    gc.freeze()  # as the pipeline does: the window is not garbage
    made_s = _seconds(lambda: [index.maker.make(item) for item in fresh])
    prints = [index.maker.make(item) for item in fresh]
    assigned_s = _seconds(lambda: [index.assign(prints[low : low + BATCH]) for low in range(0, NEW, BATCH)])
    peer, theirs = f"datasketch {version('datasketch')}, MinHash LSH of shingles", _with_datasketch(past, fresh)
    of = f"{NEW} headlines with leads against {window:,}"
    return [
        Rate("stories: find the place", NEW / assigned_s, "articles/s", peer, theirs, of),
        Rate("stories: fingerprint", NEW / made_s, "articles/s", peer, theirs, of),
    ]


def _with_datasketch(past: list[StoryItem], fresh: list[StoryItem]) -> float:
    """Articles a second that are hashed, looked up and let in."""
    from datasketch import MinHash, MinHashLSH

    lsh = MinHashLSH(threshold=0.5, num_perm=128)

    def sketch(item: StoryItem) -> MinHash:
        made = MinHash(num_perm=128)
        made.update_batch([shingle.encode() for shingle in shingles(item)])
        return made

    for item in past:
        lsh.insert(item.id, sketch(item))

    def let_in() -> None:
        for item in fresh:
            made = sketch(item)
            lsh.query(made)
            lsh.insert(item.id, made)

    return len(fresh) / _seconds(let_in)


def shingles(item: StoryItem) -> set[str]:
    """Latin words and pairs of Han characters of title and lead."""
    found: set[str] = set()
    for match in TOKEN.finditer(fold(f"{item.title} {item.lead}")):
        token = match[0]
        found.update([token[at : at + 2] for at in range(len(token) - 1)] if is_cjk(token) else [token])
    return found


def _seconds(work: object) -> float:
    started = time.process_time()
    work()  # type: ignore[operator]
    return time.process_time() - started
