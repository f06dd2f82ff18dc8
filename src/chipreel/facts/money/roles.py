"""What a sum is: raised, sought, invested, valued … told by the cue nearest to it within its clause.

A cue belongs to the sum it stands next to: the search never crosses another sum. "none" cues (debt, losses, users'
spending) silence a farther cue rather than let it claim a sum that is something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from chipreel.text.late import late

#: Every role there is; None where the text does not tell.
ROLES = (
    "raised", "seeking", "invested", "valued", "market-value", "revenue", "profit", "price", "capex", "order", "fine",
)  # fmt: skip
_NONE = "none"
#: Between "seeking" and its sum stands at most "a bridge loan of up to".
_SOUGHT_ROOM = 36


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that tells a role: `folded[start:end]`."""

    start: int
    end: int
    role: str


#: Before the sum, both languages; at one place the first that matches wins. English ones begin with a word.
_CUES_BEFORE = {
    "market_value": r"\bmarket[ -](?:value|cap\w*)|总?市值",
    "capex": r"\bcapital (?:expenditures?|spending|outlays?|investments?)|\bcapex|资本开支|资本支出|资本性支出",
    "none": r"\bloss(?:es)?\b|\blost\b|\bwip\w+|\bshed\b|\bpay\b|\bloans?\b|蒸发|缩水|减持|套现|减值|降价|"
    r"\bdebts?\b|\bcash\b|\bdividends?\b|\bbuy-?backs?\b|\bsalar\w+|"
    r"\bpay packages?|"
    r"\bcut\b|\bsav\w+|\bacqui\w+|\bbought\b|\bbuy(?:ing|s)?\b|\bburn\w*|亏损|净亏|负债|债务|现金|分红|股息|回购|薪酬|年薪|"
    r"收购|并购|捐|节省|贷款",
    "valued": r"(?<!deal )(?<!transaction )\bvalu(?:ed|es|ing)\b(?: (?:it|the \w+|[a-z.]+))? at|"
    r"\bvaluations?\b|\bvalu(?:es|"
    r"ing)\b|\b(?:now|company|companies|start-?ups?) worth\b|投前|投后|估值|作价",
    "fine": r"\bfin(?:e|es|ed|ing)\b|\bpenalt\w+|\bsettle\w*|罚款|罚金|处罚|罚没|被罚|罚了|和解",
    "order": r"\borders?\b|\bbacklog\b|\bbookings\b|\bbooked\b|\bcontracts?\b|订单|合同|大单|采购",
    "profit": r"\bprofits?\b|\bnet income\b|\bearnings\b|\bearned\b|\bebitda\b|净利润?|利润|盈利|净赚",
    "revenue": r"\brevenues?\b|\bsales\b|\bturnover\b|\barr\b|营业?收入?|收入|营业额|销售额|营收|年化收入",
    "seeking": r"\bseek(?:s|ing)?\b|\bsought\b|\blooking for\b|\bin talks (?:for|over)\b|寻求|募求|谋求|"
    r"筹措|筹钱|"
    r"索要|开口",
    "raised": r"\brais(?:e|es|ed|ing)\b|\bfund-?rais\w+|\bfinancing\b|\bfunding\b|\bround\b|"
    r"\bsecur(?:ed|es|ing)\b|\bproceeds\b|"
    r"融资|募资|募集|筹集|筹资|筹(?=约?[\d一二两三四五六七八九十])|集资|筹得|募得|获投|获得?(?=.{0,12}投资)|完成(?=.{0,10}轮)",
    "invested": r"\binvest\w*|\bpour(?:s|ed|ing)?\b|\bput(?:s|ting)?\b(?! at)|\bcommit\w*|\bplough\w*|"
    r"\bpledg\w+|投资|注资|投入|入股|砸下?|斥资|豪掷|出资|领投",
    "price": r"\bpric(?:e|es|ed|ing)\b|\bcosts?\b(?! it\b)|\bcharg(?:e|es|ed|ing)\b|"
    r"\bsells?(?: \w+)? (?:for|at)\b|\bsold (?:for|at)\b|\bretail\w*|"
    r"\bclosed\b|\bshares?\b(?= .{0,20}\b(?:at|to)\b)|售价|定价|价格|单价|每股|每月|月费|"
    r"卖|收盘价?|报价|股价|成本|报(?=\d)|发行价|发售价",
}
_CUES = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _CUES_BEFORE.items())
#: The alternatives, a hundred, are only tried at the head of an English word and at a character that one of them holds.
_IN_CUES = "".join(sorted(set(re.findall(r"[^\x00-\x7f]", _CUES))))
_BEFORE = late(rf"(?:\b(?=[a-z])|(?=[{_IN_CUES}]))(?:{_CUES})")
#: Directly behind the sum.
_AFTER = late(
    r"[\"'”’」)]{0,2}(?:-plus|\+)?[ 的]?(?:(?:in|of|as|for) )?(?:(?:a|its|new|annual\w*|recurring|quarterly|"
    r"(?:in )?20\d\d|q[1-4]|\w+-quarter|total|post-money|"
    r"pre-money|series [a-z]|\w+ly|fresh|net|ai|seed|private|cash|equity|record) ){0,3}"
    r"(?:[a-h]\d?\+? ?轮|天使轮?|新一?轮|年度?|年化|巨额|战略|整体|投前|投后)? ?(?:"
    + "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in {
            "market_value": r"market[ -](?:value|cap\w*)|(?:总)?市值",
            "capex": r"capital (?:expenditures?|spending)|capex|资本开支|资本支出",
            "none": r"loss(?:es)?\b|debts?\b|cash\b|dividends?\b|loans?\b|acquisitions?\b|buyout|takeover|亏损|债务|"
            r"现金|贷款|收购",
            "valued": r"valuations?\b|估值",
            "fine": r"fines?\b|penalt(?:y|ies)|settlement|罚款|罚金|罚单",
            "order": r"orders?\b|backlog\b|contracts?\b|bookings\b|[\u4e00-\u9fff]{0,4}?(?:订单|合同|大单)",
            "profit": r"profits?\b|net income\b|净利润?|利润",
            "revenue": r"revenues?\b|arr\b|sales\b|turnover\b|营收|收入|销售额",
            "raised": r"(?:\w+ ){0,2}(?:rounds?|funding|financing)\b|[\u4e00-\u9fff]{0,3}?(?:融资|募资)",
            "invested": r"investments?\b|stake\b|投资|注资|入股|增资",
        }.items()
    )
    + ")"
)
#: Directly behind the sum: for one of what.
_EACH = late(
    r" ?(?:(?:a|an|per|/|every) ?(?:month|share|user|seat|hour|minute|second|unit|piece|token|"
    r"million tokens|gpu|chip)\b"
    r"|apiece\b|each\b|/ ?(?:月|年|股|秒|分钟|次|小时|枚|片|mo\b)"
    r"|(?:一|每)(?:个月|月|股|台|枚|片|次|秒|分钟|小时)|起售?(?=[,。;]|\Z))"
)
#: Between two sums of which the second says the same once more, or goes with the first.
_SAME_AGAIN = late(r" ?[(（] ?(?:约合?|大约|合|折合|相当于|about|or|approximately|roughly|around|nearly)?(?:人民币)? ?")
_ALONGSIDE = late(r",? and |和|与|及| or |或|、")
#: How a text spends on the machinery: behind the sum.
_SPENT_ON = late(
    r"(?: ?\([^)]{0,40}\))?[^,;。]{0,40}\bon (?:[\w-]+ ){0,4}(?:infrastructure|data cent\w+|gpus?|chips|servers|"
    r"compute)\b"
)
_SPENDS = late(r"\bspend(?:s|ing)?\b|\bspent\b|花费|花掉")
#: In the clause before the cue: the money is hoped for and not there yet.
_INTENT = late(
    r"\b(?:seek\w*|sought|plan(?:s|ned|ning)?|aim(?:s|ed|ing)?|want(?:s|ed|ing)?|hop(?:es|ed|ing)|look(?:s|ed|"
    r"ing)|talks?|trying|tried|"
    r"try|intend\w*|consider\w*|weigh\w*|could|may|might|would|will|discuss\w*|in negotiations|negotiat\w+|set|"
    r"prepar\w+|expect\w*|to)\b"
    r"|计划|拟|希望|打算|正在|寻求|谋求|考虑|洽谈|磋商|谈判|有意|准备|号称要|试图|将|欲|要|想|据悉正|或(?=[融筹募])"
)
#: Behind this, another's investment is what was raised: 获红杉20亿美元投资.
_RECEIVED = late(r"获")
#: A round that is planned or under way.
_PLANNED = late(
    r"\b(?:plan\w*|aim\w*|want\w*|hop(?:es|ed|ing)|talks|negotiat\w+|consider\w*|near(?:s|ing))\b"
    r"|计划|拟|洽谈|谋求|考虑|即将|有望|推进|准备"
)
_DONE = late(r"已|完成|成功|累计|总额|共|获|了|\b(?:has|have|had|having)\b")
#: Gathering money is a wish until it is said to be done.
_GATHER = late(r"筹|募集")


def find_role(folded: str, low: int, start: int, end: int, high: int) -> tuple[str, Cue] | None:
    """The role of the sum at `folded[start:end]`, and the cue that told it.

    `low` and `high` bound the search: the clause, or the sums next to this one.
    """
    before = _last_cue(folded, low, start)
    after = _AFTER.match(folded, end, min(high, end + 60))
    if after is not None:
        name = after.lastgroup or _NONE
        return _settle(folded, low, start, before, Cue(after.start(name), after.end(name), name.replace("_", "-")))
    if before is not None and before.role == "seeking" and start - before.end > _SOUGHT_ROOM:
        return None  # it seeks something else, and this is a detail of it
    if before is not None and before.role not in (_NONE, "price"):
        return _sought(folded, low, before), before
    each = _EACH.match(folded, end, min(high, end + 24))
    if each is not None:
        return "price", Cue(each.start(), each.end(), "price")
    spends = _SPENDS.search(folded, low, start)
    if spends and _SPENT_ON.match(folded, end, end + 160):
        return "capex", Cue(spends.start(), spends.end(), "capex")
    return ("price", before) if before and before.role == "price" else None


def is_same_again(gap: str) -> bool:
    """Whether a sum behind `gap` repeats the one before it in other money: "380 billion yuan ($53 billion)"."""
    return _SAME_AGAIN.fullmatch(gap) is not None


def is_alongside(gap: str) -> bool:
    """Whether a sum behind `gap` goes with the one before it: 分别投资50亿美元和100亿美元."""
    return _ALONGSIDE.fullmatch(gap) is not None


def _settle(folded: str, low: int, start: int, before: Cue | None, after: Cue) -> tuple[str, Cue] | None:
    """The noun behind the sum says what it is; the verb before it whether it is there yet."""
    if after.role == _NONE:
        return None
    if after.role == "invested" and _RECEIVED.search(folded, max(low, start - 24), start):
        return "raised", after
    if before is not None and before.role == _NONE and start - before.end < 24:
        return None
    if before is None and after.role == "raised" and _PLANNED.search(folded, max(low, start - 32), start):
        return "seeking", after
    if before is None or after.role not in ("raised", "invested"):
        return after.role, after
    if before.role in ("seeking", "raised", "invested") and start - before.end < 40:
        role = before.role if before.role != "invested" or after.role == "invested" else after.role
        return (_sought(folded, low, Cue(before.start, before.end, role)), before)
    return after.role, after


def _last_cue(folded: str, low: int, start: int) -> Cue | None:
    found = None
    for match in _BEFORE.finditer(folded, low, start):
        name = match.lastgroup or _NONE
        found = Cue(match.start(), match.end(), name.replace("_", "-"))
    return found


def _sought(folded: str, low: int, cue: Cue) -> str:
    if cue.role != "raised":
        return cue.role
    lead = folded[low : cue.start]
    if re.search("即将|有望", lead):
        return "seeking"
    word = folded[cue.start : cue.end]
    if _GATHER.match(word) and not _DONE.search(lead) and not folded.startswith(("了", "到"), cue.end):
        return "seeking"
    if _INTENT.search(lead[-40:]) and not _DONE.search(lead[-12:]) and word not in ("raised", "secured", "proceeds"):
        return "seeking"
    return "raised"
