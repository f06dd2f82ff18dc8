"""Articles → stories: one entry for one event, across sources and languages. Pure.

`cluster` groups a batch at once, `StoryIndex` article by article against a window; both ask the same question of two
articles: do they tell of one event?
"""

from chipreel.story.batch import cluster
from chipreel.story.evidence import story_item
from chipreel.story.online import StoryIndex

__all__ = ["StoryIndex", "cluster", "story_item"]
