"""Names that keep turning up and are in no lexicon."""

import pytest

from chipreel.tag.unknown import Seen, iter_names, suggest_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Nvidia invests in Lambda Labs, says vLLM maker", ["Lambda Labs", "vLLM"]),
        ("The company said on Monday that it would hire", []),
        ("初创公司光合元研完成融资，对手曦智科技同日宣布", ["曦智科技", "光合元研"]),
        ("这家公司发布了新产品", []),
    ],
)
def test_names_are_told_from_words(text: str, names: list[str]) -> None:
    """A capital at the start of a sentence proves nothing; a Chinese name says itself that it is one."""
    assert sorted(iter_names(text)) == sorted(names)


def test_only_what_keeps_turning_up_beside_tracked_companies_is_suggested() -> None:
    """In enough articles, in none of the lexicon's names, with whom it was seen."""
    articles = [
        Seen(f"Lambda Labs rents Nvidia GPUs, part {n}", "", frozenset({"Nvidia"}), ("nvidia",)) for n in range(3)
    ]
    articles += [Seen("Lambda Labs paints its office", "", frozenset(), ())] * 5
    articles += [Seen("曦智科技与华为合作", "", frozenset({"华为"}), ("huawei",))] * 2

    found = suggest_names(articles, least=2)

    assert [(one.name, one.articles, one.beside) for one in found] == [
        ("Lambda Labs", 3, {"nvidia": 3}),
        ("曦智科技", 2, {"huawei": 2}),
    ]
