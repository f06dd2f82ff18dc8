"""Text → quotes: the words of somebody, verbatim, with the speaker where the text tells."""

from chipreel.facts.quotes.find import find_quotes

__all__ = ["find_quotes"]
