"""A small lexicon written for these tests, with a name of every kind in both scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chipreel.config.weights import load_tag_model
from chipreel.model import Alias, Company, Item, Lexicon, Person, Product
from chipreel.tag import Tagger
from chipreel.tag.tagger import Tags


def _names(*texts: str, ambiguous: tuple[str, ...] = (), tickers: tuple[str, ...] = ()) -> tuple[Alias, ...]:
    short = [text for text in (*texts, *ambiguous) if text.isascii() and (len(text) <= 4 or text.isupper())]
    aliases = [Alias(text, case=text in short) for text in texts]
    aliases += [Alias(text, case=text in short, ambiguous=True) for text in ambiguous]
    return (*aliases, *(Alias(text, kind="ticker", case=True) for text in tickers))


def _product(
    id_: str,
    company: str,
    *texts: str,
    ambiguous: tuple[str, ...] = (),
    beat: str | None = None,
    family: bool = True,
    against: tuple[str, ...] = (),
) -> Product:
    name = texts[0] if texts else ambiguous[0]
    return Product(id_, name, company, _names(*texts, ambiguous=ambiguous), beat, family, context_against=against)


COMPANIES = (
    Company("openai", "OpenAI", "OpenAI", "lab", _names("OpenAI", "オープンAI", "오픈AI"),
            (_product("sora", "openai", ambiguous=("Sora",), beat="video"), _product("gpt", "openai", "GPT", "GPT-4"),
             _product("chatgpt", "openai", "ChatGPT"))),
    Company("google", "Google", "谷歌", "lab", _names("Google", "谷歌", "DeepMind", ambiguous=("狗家",)),
            (_product("gemini", "google", ambiguous=("Gemini",), against=("zodiac", "horoscope")),
             _product("veo", "google", "Veo", beat="video"))),
    Company("meta", "Meta", "Meta", "lab", _names("Facebook", ambiguous=("Meta",), tickers=("META",))),
    Company("apple", "Apple", "苹果", "lab", _names(ambiguous=("Apple", "苹果"), tickers=("AAPL",)),
            (_product("iphone", "apple", "iPhone"),), context_against=("pie", "orchard", "juice", "果园", "斤", "水果"),
            context_for=("Tim Cook", "Siri", "库克")),
    Company("amazon", "Amazon", "亚马逊", "lab", _names("AWS", ambiguous=("Amazon", "亚马逊"))),
    Company("kuaishou", "Kuaishou", "快手", "lab", _names("Kuaishou", "快手"),
            (_product("kling", "kuaishou", "可灵", "Kling", beat="video"),)),
    Company("tencent", "Tencent", "腾讯", "lab", _names("Tencent", "腾讯", "鹅厂")),
    Company("nvidia", "Nvidia", "英伟达", "chip", _names("Nvidia", "英伟达", "辉达", tickers=("NVDA",)),
            (_product("h100", "nvidia", "H100", beat="chips"),)),
    Company("amd", "AMD", "超威", "chip", _names("AMD"), (_product("mi300", "amd", "MI300X", beat="chips"),)),
    Company("arm", "Arm", "Arm", "chip", _names(ambiguous=("Arm",), tickers=("ARM",))),
    Company("graphcore", "Graphcore", "Graphcore", "chip", _names("Graphcore"), owners=(("softbank", 2024, None),)),
    Company("softbank", "SoftBank", "软银", "chip", _names("SoftBank", "软银")),
    Company("tsmc", "TSMC", "台积电", "chip", _names("TSMC", "台积电")),
    Company("micron", "Micron", "美光", "chip", _names("Micron Technology", "美光", tickers=("MU",))),
    Company("smic", "SMIC", "中芯国际", "chip", _names("SMIC", "中芯国际", tickers=("0981.HK", "688981"))),
    Company("huawei", "Huawei", "华为", "chip", _names("Huawei", "华为", "菊厂"),
            (_product("ascend", "huawei", "昇腾", ambiguous=("Ascend",), beat="chips"),)),
    Company("oracle", "Oracle", "甲骨文", "compute", _names(ambiguous=("Oracle", "甲骨文"))),
)  # fmt: skip

PEOPLE = (
    Person("sam-altman", "Sam Altman", "山姆·奥特曼", _names("Sam Altman", "山姆·奥特曼", ambiguous=("奥特曼",)),
           (("openai", 2019, None),)),
    Person("jensen-huang", "Jensen Huang", "黄仁勋", _names("Jensen Huang", "黄仁勋"), (("nvidia", 1993, None),)),
    Person("jia-yangqing", "Jia Yangqing", "贾扬清", _names("Jia Yangqing", "贾扬清"),
           (("nvidia", 2025, None), ("alibaba", 2019, 2023))),
)  # fmt: skip

NOT_NAMES = ("甲骨文字", "阿里山", "亚马逊雨林", "Amazon rainforest", "可灵活", "Big Apple", "arms race")


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return Lexicon("test", COMPANIES, PEOPLE, NOT_NAMES)


@pytest.fixture(scope="session")
def tagger(lexicon: Lexicon) -> Tagger:
    return Tagger(lexicon, load_tag_model())


@pytest.fixture(scope="session")
def tag(tagger: Tagger) -> Callable[..., Tags]:
    """Tags of a text, or of a title and a text."""

    def tag(text: str | None = None, **fields: object) -> Tags:
        return tagger.tag(Item(id="t", text=text, **fields))  # type: ignore[arg-type]

    return tag
