"""Every word that chipreel itself writes in a digest, in both languages. Headlines and quotes stay in theirs."""

from __future__ import annotations

LABELS: dict[str, dict[str, str]] = {
    "en": {
        "title": "chipreel digest",
        "top": "Top stories",
        "company.none": "Others",
        "outlets.one": "1 outlet",
        "outlets.many": "{n} outlets",
        "new": "new",
        "update": "update",
        "updated": "updated",
        "also": "also",
        "nothing": "Nothing new since the last digest.",
        "covers": "{stories} stories from {articles} articles of {sources} sources",
        "covers.one": "1 story from {articles} articles of {sources} sources",
        "left_out": "{n} more left out; `chipreel stories` shows all",
        "troubles": "Sources that need attention",
        "said": "said",
        "undated": "undated",
        "via": "via",
        "reason.outlets": "{n} outlets report it",
        "reason.official": "official: {n}",
        "reason.sum": "a sum of {n}",
        "reason.more": "{n} more outlets",
        "reason.revised": "headline or text changed",
        "reason.fresh": "just in",
    },
    "zh": {
        "title": "chipreel 简报",
        "top": "要闻",
        "company.none": "其他",
        "outlets.one": "1 家媒体",
        "outlets.many": "{n} 家媒体",
        "new": "新",
        "update": "后续",
        "updated": "已更新",
        "also": "另见",
        "nothing": "自上期简报以来没有新内容。",
        "covers": "{stories} 个事件，{articles} 篇文章，{sources} 个来源",
        "covers.one": "1 个事件，{articles} 篇文章，{sources} 个来源",
        "left_out": "另有 {n} 条未列出；用 `chipreel stories` 查看全部",
        "troubles": "需要关注的来源",
        "said": "说",
        "undated": "日期不明",
        "via": "经由",
        "reason.outlets": "{n} 家媒体报道",
        "reason.official": "官方发布：{n}",
        "reason.sum": "涉及金额 {n}",
        "reason.more": "新增 {n} 家媒体",
        "reason.revised": "标题或正文有改动",
        "reason.fresh": "刚刚发布",
    },
}


def label(lang: str, key: str, **values: object) -> str:
    """A label in a language, with its values put in. Both languages have the same keys."""
    return LABELS[lang][key].format(**values)


def outlets(lang: str, number: int) -> str:
    """The number of outlets, in words."""
    return label(lang, "outlets.one" if number == 1 else "outlets.many", n=number)
