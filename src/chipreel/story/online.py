"""New articles → stories, one batch after another, against the articles of the last days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import cached_property, lru_cache
from itertools import combinations, product

from chipreel.model.story import WINDOW_DAYS, Assignment, Edge, StoryItem, StoryKnowledge
from chipreel.story.batch import age, strongest_ties
from chipreel.story.comparison import Comparison
from chipreel.story.fingerprint import Fingerprint, FingerprintMaker
from chipreel.story.grouping import Pair, group
from chipreel.story.neighbours import find_neighbours
from chipreel.story.profile import Profile
from chipreel.story.rarity import Rarity
from chipreel.story.window import Window

#: A story that nobody reported on for this long is over: a like report is a new story.
WINDOW = timedelta(days=WINDOW_DAYS)
#: Most articles that a new one is compared with.
CANDIDATES = 6
#: A story is represented by so many of its articles: the oldest and the newest ones.
REPRESENTATIVES = 3
#: Log-odds that a new article must have with both of two stories before they are compared with each other.
BRIDGE = 0.0
#: Most articles that are kept; the first that came go first.
CAPACITY = 20_000
#: Articles that are kept ready for comparing.
PROFILES = 5_000
#: Articles that are recalled at once to let go of them: two thousand are 20 MB.
_RECALLED = 200
#: Prefix of the names of existing stories among the nodes; sorts before every id of an article.
_STORY = "\x00"


class StoryIndex:
    """The articles of a window with their stories, and the place of new ones among them.

    It lives in memory for one run and is filled with `add` from what the store remembers. Cost per article depends on
    the window of at most `capacity` articles, not on the archive. `recall` gives the fingerprint of an article that was
    let in, as it was then; without it all of them are kept here. Not thread-safe.
    """

    def __init__(
        self, knowledge: StoryKnowledge, capacity: int = CAPACITY, recall: Callable[[str], Fingerprint] | None = None
    ) -> None:
        self._capacity = capacity
        self._knowledge = knowledge
        self._window = Window()
        self._rarity = Rarity(knowledge.background, knowledge.background_size, self._window)
        self._comparison = Comparison(knowledge, self._rarity)
        self._kept: dict[str, Fingerprint] = {}
        self._is_keeping = recall is None
        self._recall = recall or self._kept.__getitem__
        self._profile = lru_cache(PROFILES)(self._make_profile)
        #: The articles that are being placed.
        self._at_hand: dict[str, Fingerprint] = {}
        self._story: dict[str, str] = {}
        self._members: dict[str, list[str]] = defaultdict(list)

    @cached_property
    def maker(self) -> FingerprintMaker:
        """What makes fingerprints of articles that come without."""
        return FingerprintMaker(self._knowledge.concepts)

    def __len__(self) -> int:
        return len(self._window)

    def add(self, article: Fingerprint | StoryItem, story: str) -> None:
        """Let in an article whose story is known; the oldest article of a story first."""
        fingerprint = self._fingerprint(article)
        self._let_in([fingerprint])
        self._place(fingerprint.id, story)

    def assign(
        self, items: Iterable[Fingerprint | StoryItem], name: Callable[[str], str] = str
    ) -> tuple[Assignment, ...]:
        """The story of each new item, in the order of `items`, then of each article whose story became part of another.

        A new story is called `name(id of its oldest item)`. The order within a batch does not matter. An item that is
        known already is placed anew.
        """
        prints = [self._fingerprint(item) for item in items]
        fresh = sorted({fingerprint.id: fingerprint for fingerprint in prints}.values(), key=age)
        self.remove([fingerprint.id for fingerprint in fresh])
        self._let_in(fresh)
        self._rarity.refresh()
        self._at_hand = {fingerprint.id: fingerprint for fingerprint in fresh}
        links = self._find_links(fresh)
        groups = group(links.nodes, links.sums, links.best, self._comparison.how)
        moved, owner = self._merge(groups)
        new = self._settle(fresh, groups, owner, name)
        found = tuple(
            Assignment(one.id, self._story[one.id], one.id in new, self._tie(one.id, links)) for one in prints
        )
        self._at_hand = {}
        self._keep_to_capacity()
        return (*found, *moved)

    def remove(self, ids: Iterable[str]) -> None:
        """Let go of articles: deleted, revised, or older than the window. Unknown ids are left out."""
        gone = [id for id in dict.fromkeys(ids) if id in self._window]
        if not gone:
            return
        for low in range(0, len(gone), _RECALLED):
            self._window.remove([self._recall(id) for id in gone[low : low + _RECALLED]])
        self._rarity.refresh()
        self._profile.cache_clear()
        for id in gone:
            self._kept.pop(id, None)
            story = self._story.pop(id)
            self._members[story].remove(id)
            if not self._members[story]:
                del self._members[story]

    def forget_before(self, day: float) -> None:
        """Let go of the articles of before `day` (days since 1970)."""
        past = [id for id in self._story if (at := self._recall(id).day) is not None and at < day]
        self.remove(past)

    def _keep_to_capacity(self) -> None:
        """Let go of the oldest when a tenth too many are kept, so that it costs little per article."""
        if len(self) > 1.1 * self._capacity:
            self.remove(self._window.oldest(len(self) - self._capacity))

    def explain(self, ids: Sequence[str]) -> tuple[Edge, ...]:
        """What holds articles together: for each but the oldest its strongest tie to an older one.

        Raises KeyError for an article that is not in the window.
        """
        if unknown := [id for id in ids if id not in self._window]:
            raise KeyError(unknown[0])
        return strongest_ties([self._recall(id) for id in ids], self._comparison, self._profile)

    def _fingerprint(self, article: Fingerprint | StoryItem) -> Fingerprint:
        return article if isinstance(article, Fingerprint) else self.maker.make(article)

    def _let_in(self, prints: Sequence[Fingerprint]) -> None:
        for fingerprint in prints:
            self._window.add(fingerprint)
            if self._is_keeping:
                self._kept[fingerprint.id] = fingerprint

    def _place(self, id: str, story: str) -> None:
        self._story[id] = story
        self._members[story].append(id)

    def _make_profile(self, id: str) -> Profile:
        return Profile(self._at_hand.get(id) or self._recall(id), self._rarity)

    def _find_links(self, fresh: Sequence[Fingerprint]) -> _Links:
        """Log-odds between the new articles and what is near them."""
        links = _Links({fingerprint.id: 1 for fingerprint in fresh})
        for fingerprint in fresh:
            mine = self._profile(fingerprint.id)
            known: dict[str, float] = {}
            for other in find_neighbours(fingerprint, CANDIDATES, self._window, self._rarity):
                value = self._comparison.compare(mine, self._profile(other))
                if other in self._story:
                    known[other] = value
                else:
                    links.put(fingerprint.id, other, value, value)
            if known:
                log_odds, other = min((-value, other) for other, value in known.items())
                links.nearest[fingerprint.id] = Edge(other, fingerprint.id, -log_odds)
            self._link_stories(mine, known, links)
        return links

    def _link_stories(self, mine: Profile, known: dict[str, float], links: _Links) -> None:
        """Links of one new article to the stories of its near ones, and of stories that it bridges to each other."""
        threshold = self._comparison.how.threshold
        near = sorted({self._story[other] for other, value in known.items() if value > threshold})
        for story in near:
            values = {other: value for other, value in known.items() if self._story[other] == story}
            for other in self._represent(story):
                if len(values) < REPRESENTATIVES and other not in values:
                    values[other] = self._comparison.compare(mine, self._profile(other))
            self._put_story(mine.id, story, list(values.values()), 1, links)
        bridged = sorted({self._story[other] for other, value in known.items() if value > BRIDGE})
        for one, other in combinations(bridged, 2):
            if not links.has(_STORY + one, _STORY + other):
                pairs = product(self._represent(one), self._represent(other))
                between = [self._comparison.compare(self._profile(a), self._profile(b)) for a, b in pairs]
                self._put_story(_STORY + one, other, between, self._weight(one), links)

    def _put_story(self, node: str, story: str, values: list[float], weight: int, links: _Links) -> None:
        links.nodes[_STORY + story] = self._weight(story)
        links.put(node, _STORY + story, sum(values) / len(values) * weight * self._weight(story), max(values))

    def _represent(self, story: str) -> list[str]:
        members = self._members[story]
        return members if len(members) <= REPRESENTATIVES else [members[0], *members[1 - REPRESENTATIVES :]]

    def _weight(self, story: str) -> int:
        return min(len(self._members[story]), REPRESENTATIVES)

    def _merge(self, groups: dict[str, str]) -> tuple[list[Assignment], dict[str, str]]:
        """Join known stories that ended in one group: the articles that moved, and the story that owns each group.

        The story with most articles keeps its name, of equals the one whose name sorts first.
        """
        together: dict[str, list[str]] = defaultdict(list)
        for node, found in groups.items():
            if node.startswith(_STORY):
                together[found].append(node[len(_STORY) :])
        moved, owner = [], {}
        for found, stories in together.items():
            kept, *others = sorted(stories, key=lambda story: (-len(self._members[story]), story))
            owner[found] = kept
            for story in sorted(others):
                for id in self._members.pop(story):
                    self._place(id, kept)
                    moved.append(Assignment(id, kept, moved_from=story))
        return moved, owner

    def _settle(
        self, fresh: Sequence[Fingerprint], groups: dict[str, str], owner: dict[str, str], name: Callable[[str], str]
    ) -> set[str]:
        """Place the new articles; the ids of those whose story is new."""
        new = set()
        known = set(owner)
        for fingerprint in fresh:
            found = groups[fingerprint.id]
            if found not in known:
                new.add(fingerprint.id)
            if found not in owner:
                owner[found] = name(fingerprint.id)
            self._place(fingerprint.id, owner[found])
        return new

    def _tie(self, id: str, links: _Links) -> Edge | None:
        """The tie of a new article to the nearest known one, if they are in one story."""
        edge = links.nearest.get(id)
        return edge if edge and self._story[edge.a] == self._story[id] else None


class _Links:
    """What `group` is asked: nodes with their sizes, and the links between them."""

    def __init__(self, nodes: dict[str, int]) -> None:
        self.nodes = nodes
        self.sums: dict[Pair, float] = {}
        self.best: dict[Pair, float] = {}
        #: New article → its tie to the known article it is most like.
        self.nearest: dict[str, Edge] = {}

    def has(self, a: str, b: str) -> bool:
        return ((a, b) if a < b else (b, a)) in self.sums

    def put(self, a: str, b: str, total: float, best: float) -> None:
        pair = (a, b) if a < b else (b, a)
        self.sums[pair], self.best[pair] = total, best
