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

_HAN_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0}

_ZONES: dict[float, str] = {
    -10: "hst",
    -9: "akst",
    -8: "pst akdt",
    -7: "mst pdt",
    -6: "cst mdt",
    -5: "est cdt",
    -4: "ast edt",
    -3.5: "nst",
    -3: "adt brt",
    -2.5: "ndt",
    0: "z ut utc gmt wet 格林尼治时间 世界标准时间",
    1: "west bst cet met mez",
    2: "cest mest mesz eet sast",
    3: "eest msk",
    4: "msd gst",
    5: "pkt",
    7: "ict wib",
    8: "hkt sgt myt pht awst bjt 北京时间 北京時間 台北时间 台北時間 香港时间 香港時間",
    9: "jst kst 日本時間 东京时间 東京時間 한국시간",
    9.5: "acst",
    10: "aest",
    10.5: "acdt",
    11: "aedt",
    12: "nzst",
    13: "nzdt",
}
#: Hours east of Greenwich by name. CST is Central Standard Time as RFC 822 says, unless the source's zone is
#: called the same.
ZONE_HOURS: dict[str, float] = {name: hours for hours, names in _ZONES.items() for name in names.split()}
#: Names that mean one zone in America and another in Asia.
TWO_ZONES = frozenset({"cst"})

#: Words of the time of day: True = the afternoon's twelve hours are added.
AFTERNOON: dict[str, bool] = {
    **dict.fromkeys("am a.m. 上午 凌晨 早上 早晨 清晨 午前 오전".split(), False),
    **dict.fromkeys("pm p.m. 下午 晚上 傍晚 中午 午後 夜 晚 오후".split(), True),
}

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
    r"[(（\[]?(?:星期|礼拜|禮拜|周|週)[一二三四五六日天][)）\]]?[,，]?"
    r"|[(（](?:[一二三四五六日天月火水木金土]|[월화수목금토일](?:요일)?)[)）]"
    r"|[月火水木金土日]曜日|[월화수목금토일]요일"
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
