"""Text and lexicon → mentions with their evidence → companies, people, products, beats, relevance, topics. Pure."""

from chipreel.tag.tagger import Tagger

__all__ = ["Tagger"]
