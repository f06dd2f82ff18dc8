"""HTML page → article: main text, title, author, date, language."""

from chipreel.parse.page.page import Page, page_row, parse_page

__all__ = ["Page", "page_row", "parse_page"]
