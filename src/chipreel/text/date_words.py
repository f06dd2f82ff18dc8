"""The words of dates: months, days, times of day and zones in the languages that feeds are written in. Pure."""

from __future__ import annotations

import re
from datetime import timedelta, timezone

_MONTHS = (
    "jan january janvier januar januari enero gennaio jänner janv",
    "feb february février februar febrero febbraio fev fév févr",
    "mar march mars märz marzo mär mrz maart",
    "apr april avril abril aprile avr abr",
    "may mai mayo maggio mei maj mag",
    "jun june juin juni junio giugno giu",
    "jul july juillet juli julio luglio lug juil",
    "aug august août agosto ago augustus",
    "sep september septembre septiembre settembre sept set",
    "oct october octobre oktober octubre ottobre okt ott",
    "nov november novembre noviembre",
    "dec december décembre dezember diciembre dicembre dez dic déc desember",
)
#: Month names in lower case → 1 to 12.
MONTHS: dict[str, int] = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}

_HAN_DIGITS = {
    char: value
    for value, chars in enumerate(("〇零", "一", "二", "三", "四", "五", "六", "七", "八", "九"))
    for char in chars
}

#: Hours east of Greenwich by name. CST is Central Standard Time as RFC 822 says, unless the source's zone says otherwise.
ZONE_HOURS: dict[str, float] = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "met": 1, "mest": 2,
    "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "msd": 4, "sast": 2, "gst": 4, "pkt": 5, "ict": 7, "wib": 7,
    "hkt": 8, "sgt": 8, "myt": 8, "pht": 8, "awst": 8, "bjt": 8, "jst": 9, "kst": 9, "acst": 9.5, "acdt": 10.5,
    "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "nst": -3.5, "ndt": -2.5, "ast": -4, "adt": -3, "brt": -3, "est": -5, "edt": -4,
    "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10,
    "北京时间": 8, "北京時間": 8, "台北时间": 8, "台北時間": 8, "香港时间": 8, "香港時間": 8, "日本時間": 9, "东京时间": 9, "東京時間": 9,
    "한국시간": 9, "格林尼治时间": 0, "世界标准时间": 0,
}  # fmt: skip
#: Names that mean one zone in America and another in Asia.
TWO_ZONES = frozenset({"cst"})

#: Words of the time of day: True = the afternoon's twelve hours are added.
AFTERNOON: dict[str, bool] = {
    "am": False, "a.m.": False, "上午": False, "凌晨": False, "早上": False, "早晨": False, "清晨": False, "午前": False, "오전": False,
    "pm": True, "p.m.": True, "下午": True, "晚上": True, "傍晚": True, "中午": True, "午後": True, "夜": True, "晚": True, "오후": True,
}  # fmt: skip

#: Seconds of the units in "4小时前", "4 hours ago".
UNIT_SECONDS: dict[str, int] = {
    **dict.fromkeys(("秒", "秒钟", "秒鐘", "초", "second", "sec", "s"), 1),
    **dict.fromkeys(("分", "分钟", "分鐘", "분", "minute", "min", "m"), 60),
    **dict.fromkeys(("小时", "小時", "个小时", "個小時", "个钟头", "时", "時間", "시간", "hour", "hr", "h"), 3600),
    **dict.fromkeys(("天", "日", "일", "day", "d"), 86400),
    **dict.fromkeys(("周", "週", "星期", "个星期", "個星期", "週間", "주", "week", "wk", "w"), 7 * 86400),
    **dict.fromkeys(("月", "个月", "個月", "ヶ月", "か月", "개월", "달", "month", "mo"), 30 * 86400),
    **dict.fromkeys(("年", "년", "year", "yr", "y"), 365 * 86400),
}
#: Days before today.
DAY_WORDS: dict[str, int] = {
    **dict.fromkeys(("今天", "今日", "今早", "今晚", "오늘", "today"), 0),
    **dict.fromkeys(("昨天", "昨日", "昨晚", "어제", "yesterday"), 1),
    **dict.fromkeys(("前天", "前日", "一昨日", "그저께"), 2),
}
#: What means this very moment.
NOW_WORDS = frozenset({"刚刚", "剛剛", "刚才", "剛才", "たった今", "방금", "just now", "now", "moments ago"})

_HAN_NUMBER = re.compile(r"[〇零一二三四五六七八九十两兩]+(?=\s*[年月日号號时時点點分个個小天周週星秒])")
_WEEKDAY = re.compile(
    r"[(（\[]?(?:星期|礼拜|禮拜|周|週)[一二三四五六日天][)）\]]?[,，]?|[(（](?:[一二三四五六日月火水木金土월화수목금토일]|[월화수목금토일]요일)[)）]|[一-鿿]曜日|[월화수목금토일]요일"
)


def without_weekday(text: str) -> str:
    """`text` without Chinese, Japanese and Korean names of days."""
    return _WEEKDAY.sub(" ", text)


def with_digits(text: str) -> str:
    """`text` with Chinese numerals before units as digits: 二〇二四年二月二十一日 → 2024年2月21日."""
    return _HAN_NUMBER.sub(lambda match: str(_han_number(match[0])), text)


def _han_number(numeral: str) -> int:
    numeral = numeral.replace("两", "二").replace("兩", "二")
    if "十" not in numeral:
        return int("".join(str(_HAN_DIGITS[char]) for char in numeral[:4]))
    tens, _, ones = numeral.partition("十")
    return 10 * (_HAN_DIGITS.get(tens[-1:], 1) if tens else 1) + _HAN_DIGITS.get(ones[:1], 0)


def zone_of_hours(hours: float) -> timezone:
    """A fixed zone, hours east of Greenwich."""
    return timezone(timedelta(hours=hours))
