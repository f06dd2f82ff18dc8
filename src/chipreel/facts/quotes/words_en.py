"""English words of speech: what announces the words of somebody, and what stands around a speaker."""
# ruff: noqa: E501 - a word list reads better in long lines

from __future__ import annotations

#: Verbs that announce words, stem and forms.
_REGULAR = """
add admit advise agree allege announce answer argue assert assure boast blog caution chant charge claim clarify comment complain
concede conclude confess confide confirm contend continue counter declare demand deny detail disclose emphasize emphasise
estimate exclaim explain express forecast gush hint inform insist interject intone joke lament maintain mention mock
muse note object observe offer opine plead pledge pose post predict proclaim promise protest quip reason recall reckon recount
reflect reiterate relate remark remind repeat reply report respond retort reveal scoff shout shrug sigh signal snap
speculate state stress suggest summarize summarise surmise testify text theorize theorise threaten tweet urge venture vow
wager warn whisper wonder worry yell ask bark boom cheer quote email e-mail
""".split()
_IRREGULAR = """
say says said saying tell tells told telling write writes wrote written writing
think thinks thought thinking believe believes believed believing feel feels felt hope hopes hoped hoping find finds found finding
read reads reading put puts putting hold holds held cry cries cried crying reply replies replied replying deny denies denied
testify testifies testified testifying worry worries worried admit admits admitted admitting quip quips quipped quipping
snap snaps snapped recall show shows showed
""".split()
#: Verbs that name or judge rather than announce: they carry a few words, seldom a sentence.
_NAMING = """
call calls called calling describe describes described describing dub dubs dubbed label labels labeled labelled brand branded
criticize criticizes criticized criticizing criticise criticised slam slams slammed praise praises praised praising
accuse accuses accused accusing blame blames blamed blast blasts blasted hail hails hailed cite cites cited citing
refer refers referred referring characterize characterizes characterized talk talks talked talking use uses used using
compare compares compared defend defends defended dismiss dismisses dismissed dismissing want wants wanted deem deemed
""".split()


def _forms(stem: str) -> list[str]:
    if stem.endswith("e"):
        return [stem, stem + "s", stem + "d", stem[:-1] + "ing"]
    if stem.endswith("y") and stem[-2] not in "aeiou":
        return [stem, stem[:-1] + "ies", stem[:-1] + "ied", stem + "ing"]
    ending = "es" if stem.endswith(("s", "sh", "ch", "x")) else "s"
    return [stem, stem + ending, stem + "ed", stem + "ing"]


#: Words of speech that may stand alone beside a quotation.
SPEECH_VERBS: frozenset[str] = frozenset([form for stem in _REGULAR for form in _forms(stem)] + _IRREGULAR)
NAMING_VERBS: frozenset[str] = frozenset(_NAMING)
#: Clear enough for indirect speech: announced by "that" or by a comma.
REPORTING_VERBS: frozenset[str] = frozenset(
    """said says told tells added adds argued argues announced announces claimed claims confirmed confirms noted notes
    explained explains insisted insists predicted predicts suggested suggests stated states warned warns wrote writes
    believes acknowledged acknowledges reiterated emphasized emphasised stressed revealed reveals conceded concedes""".split()
)

#: Small words between a subject and its verb.
ADVERBS = (
    r"(?:also|then|later|once|again|even|just|now|still|often|always|never|previously|further|had|has|have|was|were|is|are|"
    r"would|will|could|did|does|do|may|might|can|should|must|been|be|went\s+on\s+to|goes\s+on\s+to|going\s+on\s+to|both|all|"
    r"not|n't|immediately|[a-z]+ly|to)"
)
PRONOUNS: frozenset[str] = frozenset("he she they it i we you one who".split())
PERSONAL: frozenset[str] = frozenset(("he", "she"))
TITLES: frozenset[str] = frozenset(
    """mr mrs ms dr prof professor sir lord lady sen senator rep representative gov governor president vice chairman chairwoman
    chair chief executive officer ceo cto cfo coo founder co-founder cofounder director minister secretary analyst
    spokesman spokeswoman spokesperson judge justice general gen lt col capt captain former then-president prime deputy head
    editor author researcher scientist engineer attorney lawyer mayor congressman congresswoman commissioner ambassador""".split()
)
#: Words that begin with a capital at the head of a sentence and are no name.
NO_NAME: frozenset[str] = frozenset(
    """the a an but and so yet or in on at by for from with of to as if when while after before since during though although because
    however still instead meanwhile then now later earlier recently here there this that these those what who why how where
    he she they it i we you his her their its our my your one some many most all both no not asked according also
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december today yesterday tomorrow last next another other even just once despite under over between
    yes let more such until unless about against among""".split()
)
#: Words that open a phrase in front of the subject; the subject follows the comma.
OPENERS: frozenset[str] = frozenset(
    """in on at by for from with of to as if when while after before since during though although because despite under over
    according asked unlike like upon amid following given speaking reflecting responding writing citing earlier
    later recently last yesterday today monday tuesday wednesday thursday friday saturday sunday once among between
    however meanwhile instead still then now hours days weeks months years quite here there""".split()
)
