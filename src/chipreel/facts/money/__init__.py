"""Sums of money in a text: how much, in which currency, whose, and what for.

    text → amounts (currency signs and words, the number beside each) → ranges → currencies → bounds, role, owner

Vague sums (数十亿元, "billions of dollars") are left out: a number nobody named is a guess.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from chipreel.facts.money.amounts import Amount, iter_amounts
from chipreel.facts.money.bounds import Bound, find_bound
from chipreel.facts.money.clauses import find_clause
from chipreel.facts.money.context import Defaults, resolve_currencies
from chipreel.facts.money.owners import Span, find_owner
from chipreel.facts.money.ranges import join_parts
from chipreel.facts.money.roles import ROLES, find_role, is_alongside, is_same_again
from chipreel.model import Money
from chipreel.text.fold import fold

__all__ = ["ROLES", "find_money"]


def find_money(
    text: str,
    *,
    field: str = "text",
    lang: str | None = None,
    companies: Iterable[Span] = (),
    people: Iterable[Span] = (),
) -> tuple[Money, ...]:
    """Every sum in `text`, in order.

    `companies` and `people` are names already found in it, as (id, start, end); they make owners, and without them
    `owner` is None. `lang` is the language of the text where it is known ("zh" makes "¥" yuan).
    """
    folded = _fold(text)
    amounts = [amount for amount in join_parts(iter_amounts(text, folded), folded) if _is_finite(amount)]
    if not amounts:
        return ()
    currencies = resolve_currencies(amounts, folded, Defaults(text, folded, lang))
    spans = sorted([*companies, *people], key=lambda span: span[1:])
    found: list[Money] = []
    for place, currency in enumerate(currencies):
        money = _describe(text, folded, field, amounts, place, currency, spans)
        found.append(_with_neighbour(found[-1], money, folded) if found else money)
    return tuple(found)


def _with_neighbour(before: Money, money: Money, folded: str) -> Money:
    """The same sum in other money, or the next of several, is what the one before it is."""
    gap = folded[before.end : money.start]
    if is_same_again(gap) or (money.role is None and is_alongside(gap)):
        return replace(money, role=before.role, owner=before.owner)
    return money


def _fold(text: str) -> str:
    """The folded text; a full-width comma between clauses must not become one between digits (涨了5，100元)."""
    return fold(text.replace("，", "；") if "，" in text else text)


def _is_finite(amount: Amount) -> bool:
    return 0 < amount.value < math.inf and (amount.high is None or amount.value < amount.high < math.inf)


def _describe(
    text: str,
    folded: str,
    field: str,
    amounts: Sequence[Amount],
    place: int,
    currency: str | None,
    spans: Sequence[Span],
) -> Money:
    amount = amounts[place]
    start, end = amount.start, amount.end
    clause = find_clause(folded, start, end)
    low = max(clause.start, amounts[place - 1].end if place else 0)
    high = min(clause.end, amounts[place + 1].start if place + 1 < len(amounts) else clause.end)
    told = find_role(folded, low, start, end, high)
    bound: Bound | None = find_bound(folded, start, end)
    if bound is None and amount.number.bound in ("over", "about"):
        bound = "over" if amount.number.bound == "over" else "about"
    return Money(
        field=field,
        start=start,
        end=end,
        surface=text[start:end],
        amount=amount.value,
        currency=currency,
        amount_high=amount.high,
        bound=bound,
        owner=find_owner(folded, clause, start, end, told[1] if told else None, spans) if spans else None,
        role=told[0] if told else None,
    )
