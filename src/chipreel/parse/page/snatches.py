"""The lines that stand around articles everywhere: known by what they say, in English and Chinese."""

from __future__ import annotations

import re

from chipreel.text.late import late

_LINES = (
    # advertisements and calls to act
    r"advert(?:isement)?s?(?:\s*-?\s*continue\s+reading.*)?|sponsored(?:\s+content)?|广告|廣告",
    r"(?:story|article)\s+continues\s+below.*|end\s+of\s+article|scroll\s+down\b.{0,40}",
    r"(?:sign\s+up|subscribe|follow\s+us|click\s+here|don'?t\s+miss)\b.{0,80}",
    r"(?:点击|點擊)(?:查看|进入|阅读|這裡|这里|下载).{0,30}|(?:微信)?(?:扫码|扫一扫|长按|長按|掃碼).{0,40}",
    r"关注(?:我们|公众号|微信).{0,40}",
    # sharing and comments
    r"share(?:\s+(?:this|on|via)\b.{0,40})?|tweet|(?:leave|post|add)\s+a\s+(?:comment|reply)|\d*\s*comments?",
    r"分享(?:到|至|本文|此文)?.{0,30}|(?:打印|关闭|收藏|字号|评论|我要评论|网友评论|跟贴|举报).{0,40}",
    # other articles
    r"(?:read\s+(?:more|next|also)|see\s+also)\b.{0,90}|more\s+(?:from|on|in|stories)\b.{0,40}",
    r"related(?:\s+(?:stories|articles|news|posts|topics|content))?[:\s]*|recommended(?:\s+for\s+you)?",
    r"trending(?:\s+now)?",
    r"(?:相关|相關)(?:报道|阅读|新闻|文章|链接|专题|推荐|資訊|報道|閱讀|新聞|連結).{0,6}|延伸(?:阅读|閱讀).{0,4}",
    r"(?:更多|推荐|推薦)(?:阅读|閱讀|内容|新闻|精彩|文章).{0,30}|(?:上一篇|下一篇|返回).{0,40}",
    # who made it, when, whose it is
    r"(?:first\s+published|last\s+updated|published|updated)\s*(?:on|at|:)\s.{0,60}",
    r"(?:image|photo)\s+credits?\b.{0,80}|all\s+rights\s+reserved.*|(?:copyright|©|\(c\))\s.{0,160}",
    r"(?:责任编辑|责编|编辑|責任編輯|責編|编校|责任编校)\s*[:：\s].{0,30}",
    r"(?:来源|來源|作者|出处|稿源|记者|記者|文)[:：/／].{0,40}|本文(?:来源|來源|首发|系.{0,12}转载)[:：]?.{0,40}",
    r"(?:免责|免責|版权|版權|特别)?(?:声明|聲明)[:：].*",
    r"(?:您|你)?(?:的|所在|当前|现在){0,3}(?:位置|位於)[:：].*",
    # what a page says of itself
    r"loading\b.{0,30}|please\s+enable\s+javascript.*|this\s+slideshow\s+requires\s+javascript.*",
    r".{0,12}(?:浏览器|瀏覽器).{0,8}(?:无法|不支持|暂不).{0,20}",
)
_SNATCH = re.compile(rf"[\W_]{{0,9}}(?:{'|'.join(_LINES)})[\W_]{{0,9}}$", re.IGNORECASE)
#: None of these lines is longer.
_MAX_SNATCH = 200
_MARKUP = late(r"<(?:img|iframe|script|div|span|a|p)\b|\s*[{\[][^\u4e00-\u9fff]{200,}$")
#: A caption is no longer than this and ends with who made the picture.
_CAPTION = 60
_CREDITS = (
    r"[(（\[]\s*(?:image|photo|picture|pic|photograph|credit|graphic|screenshot|file|foto|bild|via)s?\b"
    r"[^()（）]{0,80}[)）\]]\s*$",
    r"[(（]\s*(?:图|圖|图片|圖片|摄影|攝影)[^()（）]{0,40}[)）]\s*$",
    r"(?:getty\s+images|shutterstock|视觉中国|東方ic|东方ic)\W{0,9}$",
)
_CREDIT = re.compile("|".join(_CREDITS), re.IGNORECASE)


#: Headings of what follows an article: readers' comments, notices of rights, the author's life.
#: Not lists of other articles: those stand in the midst of articles as well.
_TAIL = re.compile(
    r"[\W_]{0,4}(?:(?:热门|熱門|最新|网友|網友|全部|精彩|读者|讀者)(?:评论|評論|跟贴|留言)|评论列表|(?:反侵权|版权|版權)(?:公告|声明|聲明)"
    r"|(?:免责|免責)(?:声明|聲明)|(?:作者|记者)(?:简介|簡介|介绍)|(?:本文)?通告引用.{0,20}"
    r"|(?:top\s+rated\s+|reader\s+|latest\s+)?comments|about\s+the\s+authors?)"
    r"[\W_]{0,4}$",
    re.IGNORECASE,
)


def opens_tail(text: str) -> bool:
    """Whether a block is the heading of what follows an article."""
    return len(text) <= 40 and _TAIL.match(text) is not None


def is_snatch(text: str, tokens: int) -> bool:
    """Whether a block is such a line, a caption with its credit, or markup shown as text. `tokens`: its words."""
    if len(text) <= _MAX_SNATCH and _SNATCH.match(text):
        return True
    if tokens <= _CAPTION and _CREDIT.search(text[-_MAX_SNATCH:]):
        return True
    return bool(_MARKUP.match(text[:2000]))
