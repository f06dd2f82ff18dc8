"""Ids: the source's own, else the address, else a digest; unique in the document, the same at every visit."""

from __future__ import annotations

from chipreel.model import Item
from chipreel.parse import parse_feed
from chipreel.parse.identity import identified


def rss(*items: str) -> bytes:
    return f"<rss version='2.0'><channel>{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>".encode()


def ids(*items: str) -> list[str]:
    return [item.id for item in parse_feed(rss(*items)).items]


def test_the_guid_then_the_link_then_a_digest() -> None:
    """Each fallback is used only where the one before is missing."""
    found = ids(
        "<guid>g-1</guid><link>http://example.com/1</link><title>一</title>",
        "<link>http://example.com/2</link><title>二</title>",
        "<title>三</title><pubDate>2024-02-21</pubDate>",
    )
    assert found[:2] == ["g-1", "http://example.com/2"]
    assert len(found[2]) == 16


def test_a_digest_does_not_depend_on_the_body() -> None:
    """An edited text is the same item; another title is another."""
    one, two, three = (
        ids(f"<title>{title}</title><pubDate>2024-02-21</pubDate><description>{text}</description>")[0]
        for title, text in (("可灵", "a"), ("可灵", "b"), ("Sora", "a"))
    )
    assert one == two != three


def test_a_repeated_guid_leaves_the_first_its_id() -> None:
    """A slip in one entry does not rename its neighbour, and the order of the others does not matter."""
    pair = ("<guid>g</guid><title>一</title>", "<guid>g</guid><title>二</title>")
    first, second = ids(*pair)
    assert first == "g"
    assert second.startswith("g#")
    assert ids(*pair, "<guid>h</guid><title>三</title>") == [first, second, "h"]


def test_a_guid_that_names_nothing_is_not_passed_on() -> None:
    """Where every entry has the site's address as guid, a new entry must not take over the id of an old one."""
    entries = [f"<guid>https://example.com/</guid><title>第{n}篇</title>" for n in range(5)]
    before, after = ids(*entries), ids("<guid>https://example.com/</guid><title>新</title>", *entries)
    assert len(set(before)) == 5
    assert after[1:] == before


def test_the_same_entry_twice_is_one() -> None:
    """Feeds repeat whole entries; one is kept."""
    assert ids("<guid>g</guid><title>一</title>", "<guid>g</guid><title>一</title>") == ["g"]


def test_an_entry_that_says_nothing_is_left_out() -> None:
    """Neither title nor text nor address: nothing to read."""
    assert ids("", "<guid>x</guid>", "<title>一</title>")[1:] == []


def test_ids_are_unique_whatever_comes() -> None:
    """Also when an id looks like one that was made."""
    items = [Item(id="a", title=str(n)) for n in range(3)]
    made = identified(items)[1].id
    again = identified([*items, Item(id=made, title="x"), Item(id=made, title="y")])
    assert len({item.id for item in again}) == len(again) == 5
