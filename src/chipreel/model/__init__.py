"""The nouns of the house, one frozen type per stage.

    Source → Fetched | NotModified | Failed → Item → KnownItem → Annotated → Story → Digest → Delivery

Times are aware and UTC. `published` is what the publisher says, `first_seen` when chipreel first met the item,
`updated` when the item last changed. Types hold values only: no ids of the store but where a field says so, no
behaviour that needs anything outside the standard library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

#: Module → the types it holds.
_MODULES = {
    "annotation": "FIELDS Annotated Annotation Evidence Mention Money Quote Rejection",
    "item": "Item KnownItem",
    "lexicon": "Alias Company Lexicon Person Product",
    "settings": "Feeds Settings",
    "source": "Failed Fetched FetchState NotModified Source",
    "tag_model": "LinearModel TagModel",
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """A type, loaded when it is first asked for: making all of them takes a tenth of a run that brings nothing."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    return found
