"""The nouns of the house, one frozen type per stage.

    Source → Fetched | NotModified | Failed → Item → KnownItem → Annotated → Story → Digest → Delivery

Times are aware and UTC. `published` is what the publisher says, `first_seen` when chipreel first met the item,
`updated` when the item last changed. Types hold values only: no ids of the store but where a field says so, no
behaviour
that needs anything outside the standard library.
"""

from chipreel.model.annotation import (
    FIELDS,
    Annotated,
    Annotation,
    Evidence,
    Mention,
    Money,
    Quote,
    Rejection,
)
from chipreel.model.item import Item, KnownItem
from chipreel.model.lexicon import Alias, Company, Lexicon, Person, Product
from chipreel.model.settings import Feeds, Settings
from chipreel.model.source import Failed, Fetched, FetchState, NotModified, Source
from chipreel.model.tag_model import LinearModel, TagModel

__all__ = [
    "FIELDS",
    "Alias",
    "Annotated",
    "Annotation",
    "Company",
    "Evidence",
    "Failed",
    "Feeds",
    "FetchState",
    "Fetched",
    "Item",
    "KnownItem",
    "Lexicon",
    "LinearModel",
    "Mention",
    "Money",
    "NotModified",
    "Person",
    "Product",
    "Quote",
    "Rejection",
    "Settings",
    "Source",
    "TagModel",
]
