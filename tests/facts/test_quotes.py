"""Who said what: marks, clauses, speakers, pronouns, ids, indirect speech; both scripts side by side."""

from __future__ import annotations

import pytest

from chipreel.facts.quotes import find_quotes
from chipreel.model.annotation import Evidence, Mention, Quote


def _told(text: str, **options: object) -> list[tuple[str, str | None]]:
    return [(quote.text, quote.speaker) for quote in find_quotes(text, **options)]  # type: ignore[arg-type]


def _known(text: str, name: str, ident: str) -> Mention:
    places = [at for at in range(len(text)) if text.startswith(name, at)]
    return Mention(ident, 0.9, tuple(Evidence("text", at, at + len(name), name) for at in places))


def _first(quotes: tuple[Quote, ...]) -> Quote:
    assert quotes
    return quotes[0]


@pytest.mark.parametrize(
    ("text", "words", "speaker"),
    [
        ('"We ship in May," said Ann Lee.', "We ship in May,", "Ann Lee"),
        ("“五月出货。”林知遥说。", "五月出货。", "林知遥"),
        ("「五月出貨。」林知遙說。", "五月出貨。", "林知遙"),
        ("Ann Lee said: “We ship in May.”", "We ship in May.", "Ann Lee"),
        ("林知遥说：“五月出货。”", "五月出货。", "林知遥"),
        ("『五月出貨。』林知遙在台北說。", "五月出貨。", "林知遙"),
        ('"We ship," said chip analyst Ann Lee, who covers memory.', "We ship,", "Ann Lee"),
        ("芯屿科技首席执行官山姆·莱恩表示：“五月出货。”", "五月出货。", "山姆·莱恩"),
        ("'We ship in May,' said Ms Lee.", "We ship in May,", "Lee"),
        ("林知遥（Ann Lin）对记者表示，“五月出货”。", "五月出货", "林知遥"),
        ('According to Ann Lee, "the line is full until spring."', "the line is full until spring.", "Ann Lee"),
        ("“五月出货。”——林知遥", "五月出货。", "林知遥"),
        ("''We ship in May,'' said Ann Lee.", "We ship in May,", "Ann Lee"),
        ("\"I told them 'never again' twice,\" Lee said.", "I told them 'never again' twice,", "Lee"),
        ("林知遥说：“他只问了一句‘多少钱’，我没回答。”", "他只问了一句‘多少钱’，我没回答。", "林知遥"),
    ],
)
def test_the_speaker_is_found_on_either_side(text: str, words: str, speaker: str) -> None:
    """Before and behind the words, behind titles and descriptions, in every kind of mark."""
    assert _told(text) == [(words, speaker)]


@pytest.mark.parametrize(
    "text",
    [
        'A so-called "world model" is not the same as a video model.',
        "所谓“世界模型”，各家的定义并不一样。",
        'The film "Paper Harbour" opens on Friday.',
        "短片《白塔》入围了“未来影像”单元。",
        'He never learned to read a "yield curve".',
        "工程师们把这台机器称为“老黄牛”。",
        'The 12" wafer line will open and the 8" line will close, the researchers\' notes say.',
        "海报上印着“全片无实拍”五个大字。",
        "It's the companies' plan, and it isn't Ann's.",
        "号码是“3243931”。",
    ],
)
def test_names_of_things_and_apostrophes_are_no_speech(text: str) -> None:
    """Scare quotes, titles, slogans, inches, possessives, figures."""
    assert [quote for quote in find_quotes(text) if quote.kind == "direct"] == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '"It is late," Ann Lee said, "but not too late."',
            [("It is late,", "Ann Lee"), ("but not too late.", "Ann Lee")],
        ),
        ("“晚了，”林知遥说，“但还来得及。”", [("晚了，", "林知遥"), ("但还来得及。", "林知遥")]),
        ('"It is late," Ann Lee said. "Not too late."', [("It is late,", "Ann Lee"), ("Not too late.", "Ann Lee")]),
        ("“晚了。”林知遥说。“但还来得及补救。”", [("晚了。", "林知遥"), ("但还来得及补救。", "林知遥")]),
        ("“One.\n\n“Two,” said Ann Lee.", [("One.", "Ann Lee"), ("Two,", "Ann Lee")]),
    ],
)
def test_split_and_continued_words_have_one_speaker(text: str, told: list[tuple[str, str]]) -> None:
    """Split by the clause, going on in the next sentence or the next paragraph."""
    assert _told(text) == told


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ('Ann Lee said: "One." He was late. "Two," she said.', "Ann Lee"),
        ("林知遥说：“第一点。”会场很静。“第二点是成本，”她说。", "林知遥"),
    ],
)
def test_a_pronoun_goes_back_to_who_spoke_before(text: str, speaker: str) -> None:
    """In both scripts; the last quotation is hers."""
    assert find_quotes(text)[-1].speaker == speaker


def test_a_pronoun_without_anybody_stays_a_pronoun() -> None:
    """Nothing is made up."""
    assert _told('"We ship in May," she said.') == [("We ship in May,", "she")]
    assert _told("“五月出货。”她说。") == [("五月出货。", "她")]


def test_a_known_person_gives_the_id_and_the_full_name() -> None:
    """A surname stands for the one full name before it, and has its id."""
    text = 'Ann Lee runs the lab. "We ship in May," Lee said.'
    quote = _first(find_quotes(text, people=(_known(text, "Ann Lee", "ann-lee"),)))
    assert (quote.speaker, quote.speaker_id, quote.cue) == ("Ann Lee", "ann-lee", "said")
    text = "实验室由林知遥负责。“五月出货。”她说。"
    quote = _first(find_quotes(text, people=(_known(text, "林知遥", "lin-zhiyao"),)))
    assert (quote.speaker, quote.speaker_id, quote.cue) == ("林知遥", "lin-zhiyao", "说")


def test_an_organisation_speaks_under_its_id() -> None:
    """By its name, or as "the company" where it is the only one."""
    text = "Kestrel Logic had a good year. The company said that demand was well ahead of supply."
    quote = _first(find_quotes(text, companies=(_known(text, "Kestrel Logic", "kestrel"),)))
    assert (quote.kind, quote.speaker, quote.speaker_id) == ("indirect", "The company", "kestrel")
    text = "芯屿科技方面表示，首批样片将于九月送测。"
    quote = _first(find_quotes(text, companies=(_known(text, "芯屿科技", "xinyu"),)))
    assert (quote.kind, quote.speaker, quote.speaker_id) == ("indirect", "芯屿科技方面", "xinyu")
    text = "芯屿科技首席执行官林知遥表示，首批样片将于九月送测。"
    quote = _first(find_quotes(text, companies=(_known(text, "芯屿科技", "xinyu"),)))
    assert (quote.kind, quote.speaker) == ("indirect", "林知遥")


@pytest.mark.parametrize(
    ("text", "words", "speaker"),
    [
        ("Ann Lee said that the plant would open in May.", "the plant would open in May", "Ann Lee"),
        ("林知遥表示，工厂将于五月投产。", "工厂将于五月投产", "林知遥"),
        ("Ann Lee believes small models will win on phones.", "small models will win on phones", "Ann Lee"),
        ("在林知遥看来，小模型会在手机上胜出。", "小模型会在手机上胜出", "林知遥"),
        ("据《南岸晚报》报道，星澜影业正在洽谈融资。", "星澜影业正在洽谈融资", "《南岸晚报》"),
        ("董事長林知遙指出，工廠將於五月投產。", "工廠將於五月投產", "林知遙"),
    ],
)
def test_indirect_speech_is_kept_where_the_speaker_is_named(text: str, words: str, speaker: str) -> None:
    """With a clear word of speech and a speaker named in full."""
    quote = _first(find_quotes(text))
    assert (quote.kind, quote.text, quote.speaker) == ("indirect", words, speaker)


@pytest.mark.parametrize(
    "text", ["She said that it was late and cold.", "The company said it was late.", "他表示，时间已经不早了。"]
)
def test_indirect_speech_of_nobody_in_particular_is_left(text: str) -> None:
    """A pronoun or a company that the text does not name."""
    assert find_quotes(text) == ()


def test_a_post_is_the_words_of_its_author() -> None:
    """Whole, where it quotes nobody; "I" is the author."""
    assert _told("  Video models are not world models.\n", author="Ann Lee", is_post=True) == [
        ("Video models are not world models.", "Ann Lee")
    ]
    assert _told("视频模型不是世界模型。", author="林知遥", is_post=True) == [("视频模型不是世界模型。", "林知遥")]
    assert _told('"It is late," I said.', author="Ann Lee", is_post=True) == [("It is late,", "Ann Lee")]
    assert _told("Video models are not world models.", author="Ann Lee") == []


def test_the_word_of_speech_is_as_written() -> None:
    """Traditional characters stay Traditional."""
    assert _first(find_quotes("「五月出貨。」林知遙說。")).cue == "說"
    assert _first(find_quotes("林知遙說，工廠將於五月投產。")).cue == "說"


def test_offsets_count_in_the_field_that_is_named() -> None:
    """Emoji and full width before the words do not move them."""
    text = "🎬🎬 ２０２６ “We ship in May,” said Ann Lee."
    quote = _first(find_quotes(text, field="title"))
    assert (quote.field, text[quote.start : quote.end]) == ("title", "We ship in May,")
