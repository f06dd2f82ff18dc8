"""Currencies: every sign, code and word that names one, and what "$" and "元" mean in a given text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

Kind = Literal["sign", "code", "word", "han"]


@dataclass(frozen=True, slots=True)
class Unit:
    """What one spelling says. Spellings are folded: lower case, half width, Simplified."""

    kind: Kind
    #: ISO 4217, BTC and ETH besides; None = the text must tell ("riyals").
    currency: str | None
    #: Of the major unit: 0.01 for cents.
    factor: float = 1.0
    #: May stand before the number, behind it.
    before: bool = False
    behind: bool = True
    #: A common word or a classifier as well: only with a large or scaled number ("won"), or where nothing follows (块).
    shy: bool = False
    #: The text decides: "$", "¥", "元".
    open: bool = False


_SIGNS = {
    "us$": "USD", "u.s.$": "USD", "us $": "USD", "usd$": "USD", "hk$": "HKD", "hk $": "HKD", "hkd$": "HKD",
    "nt$": "TWD", "nt $": "TWD", "twd$": "TWD", "au$": "AUD", "aud$": "AUD", "a$": "AUD", "ca$": "CAD", "cad$": "CAD",
    "c$": "CAD", "cdn$": "CAD", "can$": "CAD", "c $": "CAD", "canadian $": "CAD", "aus$": "AUD",
    "australian $": "AUD",
    "s$": "SGD", "sg$": "SGD", "sgd$": "SGD", "nz$": "NZD", "r$": "BRL", "mx$": "MXN",
    "mop$": "MOP", "€": "EUR", "£": "GBP", "₩": "KRW", "₹": "INR", "₽": "RUB", "₺": "TRY", "₪": "ILS", "฿": "THB",
    "₫": "VND", "₱": "PHP", "₦": "NGN", "₴": "UAH", "₿": "BTC", "rmb¥": "CNY", "cn¥": "CNY", "jp¥": "JPY", "¥": "JPY",
    "円": "JPY", "$": "USD", "rm": "MYR", "£e": "EGP", "£l": "LBP", "rs": "INR", "rs.": "INR", "￥": "JPY",
    "￡": "GBP", "￦": "KRW",
}  # fmt: skip
#: Codes that are no word and no company (AMD is also the Armenian dram, ALL the Albanian lek: not here).
_CODES = (
    "usd cny cnh eur gbp jpy krw twd hkd inr sgd chf cad aud nzd ils aed sar sek nok dkk rub brl mxn zar thb vnd idr "
    "myr php pln qar kwd uah czk huf ngn egp kzt mop btc eth clp ars pkr bdt lkr kes ghs bgn hrk isk jod lbp omr bhd "
    "iqd azn byn rsd tnd dzd ugx tzs etb pyg uyu crc dop jmd ttd bnd khr mmk npr mnt itl dem frf esp"
).split()
_ALIASES = {"rmb": "CNY", "ntd": "TWD", "nis": "ILS", "usdt": "USD", "dm": "DEM", "sfr": "CHF"}
#: Units written as words, singular; the plural in s is added.
_WORDS = {
    "dollar": "USD", "buck": "USD", "greenback": "USD", "euro": "EUR", "pound": "GBP", "quid": "GBP", "rupee": "INR",
    "franc": "CHF", "rouble": "RUB", "ruble": "RUB", "shekel": "ILS", "dirham": "AED", "guilder": "NLG",
    "deutschmark": "DEM", "deutsche mark": "DEM", "d-mark": "DEM", "zloty": "PLN", "forint": "HUF", "hryvnia": "UAH",
    "ringgit": "MYR", "rupiah": "IDR", "tugrik": "MNT", "naira": "NGN", "bitcoin": "BTC", "krona": "SEK",
    "krone": "NOK", "koruna": "CZK", "kuna": "HRK", "lari": "GEL", "manat": "AZN", "taka": "BDT", "kyat": "MMK",
    "riel": "KHR", "kwacha": "ZMW", "cedi": "GHS", "birr": "ETB", "pula": "BWP", "metical": "MZN", "dalasi": "GMD",
    "ariary": "MGA", "afghani": "AFN", "somoni": "TJS", "kwanza": "AOA", "lempira": "HNL", "quetzal": "GTQ",
    "gourde": "HTG", "guarani": "PYG", "bolivar": "VES", "boliviano": "BOB", "cordoba": "NIO", "balboa": "PAB",
    "peso": "MXN", "lira": "TRY", "peseta": "ESP", "escudo": "PTE", "drachma": "GRD", "markka": "FIM",
    "schilling": "ATS", "florin": "AWG", "shilling": "KES", "renminbi": "CNY", "kuai": "CNY", "tenge": "KZT",
    "riyal": None, "rial": None, "dinar": None, "ether": "ETH", "nuevo sol": "PEN",
}  # fmt: skip
_PLURALS = {
    "pound sterling": "GBP", "pounds sterling": "GBP", "yuan": "CNY", "yen": "JPY", "kronor": "SEK", "kronur": "ISK",
    "kroner": "NOK", "reais": "BRL", "lire": "ITL", "leva": "BGN", "soles": "PEN", "dlr": "USD", "dlrs": "USD",
    "stg": "GBP", "baht": "THB", "dong": "VND", "rand": "ZAR", "drachmas": "GRD",
}  # fmt: skip
_SHY = {
    "won": "KRW", "marks": "DEM", "lei": "RON", "lev": "BGN", "lek": "ALL",
    "real": "BRL", "kip": "LAK",
}  # fmt: skip
_MINOR = {
    "cent": "USD", "cents": "USD", "pence": "GBP", "¢": "USD", "penny": "USD", "pennies": "USD",
}  # fmt: skip
_HAN = {
    "美元": "USD", "美金": "USD", "美刀": "USD", "欧元": "EUR", "英镑": "GBP", "镑": "GBP", "日元": "JPY",
    "日圆": "JPY",
    "日币": "JPY", "韩元": "KRW", "韩圜": "KRW", "韩圆": "KRW", "韩币": "KRW", "港元": "HKD", "港币": "HKD",
    "港纸": "HKD",
    "港圆": "HKD", "新台币": "TWD", "台币": "TWD", "台元": "TWD", "人民币": "CNY", "人民币元": "CNY", "卢比": "INR",
    "法郎": "CHF", "瑞士法郎": "CHF", "瑞郎": "CHF", "卢布": "RUB", "加元": "CAD", "加拿大元": "CAD", "加币": "CAD",
    "澳元": "AUD", "澳大利亚元": "AUD", "澳币": "AUD", "新元": "SGD", "新加坡元": "SGD", "新币": "SGD", "坡币": "SGD",
    "纽元": "NZD", "新西兰元": "NZD", "泰铢": "THB", "铢": "THB", "越南盾": "VND", "印尼盾": "IDR", "印尼卢比": "IDR",
    "林吉特": "MYR", "令吉": "MYR", "马币": "MYR", "比索": "PHP", "雷亚尔": "BRL", "里亚尔": "SAR",
    "沙特里亚尔": "SAR",
    "迪拉姆": "AED", "阿联酋迪拉姆": "AED", "谢克尔": "ILS", "新谢克尔": "ILS", "奈拉": "NGN", "兰特": "ZAR",
    "里拉": "TRY",
    "土耳其里拉": "TRY", "克朗": "SEK", "瑞典克朗": "SEK", "挪威克朗": "NOK", "丹麦克朗": "DKK", "马克": "DEM",
    "兹罗提": "PLN", "格里夫纳": "UAH", "坚戈": "KZT", "澳门元": "MOP", "澳门币": "MOP", "比特币": "BTC",
    "个比特币": "BTC",
    "枚比特币": "BTC", "以太币": "ETH", "枚以太币": "ETH", "块钱": "CNY", "块人民币": "CNY", "块美金": "USD",
    "大洋": None, "蚊": "HKD",
}  # fmt: skip
_HAN_MINOR = {
    "美分": ("USD", 0.01), "欧分": ("EUR", 0.01), "便士": ("GBP", 0.01), "毛钱": ("CNY", 0.1), "角钱": ("CNY", 0.1),
    "分钱": ("CNY", 0.01),
}  # fmt: skip
_HAN_MINOR_SHY = {"毛": ("CNY", 0.1), "毫": ("HKD", 0.1)}
#: Chinese names that also stand before the number (人民币3亿元).
_HAN_BEFORE = frozenset("人民币 港币 新台币 台币 美金 日币 韩币 澳币 加币 新币 马币 澳门币".split())

#: An adjective before dollars, pounds, pesos …: which country's.
COUNTRIES = {
    "us": "US", "u.s.": "US", "american": "US", "canadian": "CA", "australian": "AU", "aussie": "AU",
    "hong kong": "HK",
    "singapore": "SG", "singaporean": "SG", "new zealand": "NZ", "taiwan": "TW", "new taiwan": "TW",
    "taiwanese": "TW",
    "british": "GB", "sterling": "GB", "egyptian": "EG", "lebanese": "LB", "syrian": "SY", "sudanese": "SD",
    "swiss": "CH", "french": "FR", "belgian": "BE", "mexican": "MX", "philippine": "PH", "argentine": "AR",
    "chilean": "CL", "colombian": "CO", "indian": "IN", "pakistani": "PK", "pakistan": "PK", "sri lankan": "LK",
    "indonesian": "ID", "swedish": "SE", "norwegian": "NO", "danish": "DK", "kuwaiti": "KW", "jordanian": "JO",
    "iraqi": "IQ", "saudi": "SA", "qatari": "QA", "iranian": "IR", "omani": "OM", "south korean": "KR",
    "korean": "KR",
    "chinese": "CN", "japanese": "JP", "malaysian": "MY", "malaysia": "MY", "south african": "ZA", "brazilian": "BR",
    "thai": "TH", "turkish": "TR", "italian": "IT", "israeli": "IL", "new israeli": "IL", "uae": "AE",
    "jamaican": "JM", "bermuda": "BM", "bahamian": "BS", "barbados": "BB", "belize": "BZ", "cayman": "KY",
    "fijian": "FJ", "fiji": "FJ", "guyanese": "GY", "liberian": "LR", "namibian": "NA", "zimbabwe": "ZW",
    "zimbabwean": "ZW", "brunei": "BN", "trinidad": "TT", "irish": "IE", "scottish": "GB", "cuban": "CU",
    "dominican": "DO", "uruguayan": "UY", "nepalese": "NP", "nepali": "NP", "icelandic": "IS", "czech": "CZ",
    "slovak": "SK", "bahraini": "BH", "tunisian": "TN", "algerian": "DZ", "libyan": "LY", "serbian": "RS",
    "moroccan": "MA", "yemeni": "YE", "kenyan": "KE", "ugandan": "UG", "tanzanian": "TZ", "finnish": "FI",
    "spanish": "ES", "dutch": "NL", "maltese": "MT", "cfa": "XO", "luxembourg": "LU", "emirati": "AE",
    "german": "DE", "west german": "DE", "russian": "RU", "new": "IL",
}  # fmt: skip
_BY_COUNTRY = {
    "dollar": "US USD CA CAD AU AUD HK HKD SG SGD NZ NZD TW TWD JM JMD BM BMD BS BSD BB BBD BZ BZD KY KYD FJ FJD "
    "GY GYD LR LRD NA NAD ZW ZWL BN BND TT TTD",
    "pound": "GB GBP EG EGP LB LBP SY SYP SD SDG IE IEP",
    "franc": "CH CHF FR FRF BE BEF LU LUF XO XOF",
    "peso": "MX MXN PH PHP AR ARS CL CLP CO COP CU CUP DO DOP UY UYU",
    "rupee": "IN INR PK PKR LK LKR NP NPR",
    "kron": "SE SEK NO NOK DK DKK IS ISK",
    "koruna": "CZ CZK SK SKK",
    "dinar": "KW KWD JO JOD IQ IQD BH BHD TN TND DZ DZD LY LYD RS RSD",
    "dirham": "AE AED MA MAD",
    "riyal": "SA SAR QA QAR IR IRR OM OMR YE YER",
    "rial": "IR IRR OM OMR SA SAR QA QAR YE YER",
    "lir": "TR TRY IT ITL MT MTL",
    "shilling": "KE KES UG UGX TZ TZS",
    "mark": "DE DEM FI FIM",
    "cent": "US USD CA CAD AU AUD HK HKD SG SGD NZ NZD",
}


@cache
def get_units() -> dict[str, Unit]:
    """Every spelling of a currency and what it says."""
    units = {sign: Unit("sign", code, before=True) for sign, code in _SIGNS.items()}
    units |= {sign: Unit("sign", _SIGNS[sign], before=True, open=True) for sign in ("$", "¥", "￥")}
    units["円"] = Unit("han", "JPY")
    units |= {code: Unit("code", code.upper().replace("CNH", "CNY"), before=True) for code in _CODES}
    units |= {code: Unit("code", currency, before=True) for code, currency in _ALIASES.items()}
    for word, currency in _WORDS.items():
        units |= {word: Unit("word", currency), f"{word}s": Unit("word", currency)}
    units |= {word: Unit("word", currency) for word, currency in _PLURALS.items()}
    units |= {word: Unit("word", "MYR", before=True) for word in ("ringgit", "ringgits")}
    units["yen"] = Unit("word", "JPY", before=True)
    units["renminbi"] = Unit("word", "CNY", before=True)
    units |= {word: Unit("word", currency, shy=True) for word, currency in _SHY.items()}
    units |= {word: Unit("word", currency, 0.01) for word, currency in _MINOR.items()}
    units["¢"] = Unit("sign", "USD", 0.01)
    units |= {word: Unit("han", currency, before=word in _HAN_BEFORE) for word, currency in _HAN.items()}
    units |= {word: Unit("han", currency, factor) for word, (currency, factor) in _HAN_MINOR.items()}
    units |= {word: Unit("han", currency, factor, shy=True) for word, (currency, factor) in _HAN_MINOR_SHY.items()}
    units |= {"元": Unit("han", "CNY", open=True), "圆": Unit("han", "CNY", open=True)}
    units["块"] = Unit("han", "CNY", shy=True)
    return units


def currency_of_country(word: str, country: str) -> str | None:
    """Whose dollars: ("dollars", "hong kong") → "HKD"; None where the two do not go together."""
    for stem, by_country in _BY_COUNTRY.items():
        if word.startswith(stem):
            pairs = by_country.split()
            return dict(zip(pairs[::2], pairs[1::2], strict=True)).get(COUNTRIES[country])
    return get_units()[word].currency if country != "new" or word.startswith("shekel") else None
