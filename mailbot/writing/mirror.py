"""A patron's own words, picked and trimmed so that a letter can repeat them.

Owns what is repeated of a message and what never is: numbers, addresses, anything delicate. Where it cannot tell
it repeats nothing. Knows neither templates nor departments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from mailbot.library import Library
from mailbot.mail.understood import Understood
from mailbot.writing.alarm import grave_in
from mailbot.writing.lexicon import Lexicon
from mailbot.writing.lexicons import lexicon

LONGEST = 40  # words of a mirrored request, all in all
_CORE = 30  # words of its main sentence
_NEARLY = 1.5  # points of difference between two questions
_LONGEST_SUBJECT = 8  # words of a subject that is repeated
_ACCOUNT = 10  # words
_BARE = 4  # fewer telling words than this, and a sentence needs the one before it


class Form(StrEnum):
    """How words can be worked into a sentence.

    ``NONE``: they can't. ``QUESTION`` and ``STATEMENT``: between quotation marks. ``WHETHER``: a clause after "You
    asked" ("whether", "how" or "where" and what follows). ``WISH``: a verb phrase after "You".
    """

    NONE = "none"
    QUESTION = "question"
    STATEMENT = "statement"
    WHETHER = "whether"
    WISH = "wish"


@dataclass(frozen=True, slots=True)
class Mirror:
    """Words to repeat, and how."""

    form: Form
    words: str = ""

    def __bool__(self) -> bool:
        return self.form is not Form.NONE


NOTHING = Mirror(Form.NONE)


def delicate(understood: Understood) -> bool:
    """Whether a letter should be quiet: grief, illness, law, fear, a wish that nobody hear of it, or what is grave."""
    words = lexicon(understood.language)
    return bool(words.delicate.search(_head(understood))) or grave(understood)


def grave(understood: Understood) -> bool:
    """Whether somebody must see it at once: harm, a threat, harassment, water or fire, a barrier, a legal notice."""
    return grave_in(_head(understood))


def urgent(understood: Understood) -> bool:
    """Whether hours count, or it is grave."""
    words = lexicon(understood.language)
    return bool(words.urgent.search(_head(understood))) or grave(understood)


def about_whom(understood: Understood) -> str:
    """Whom a patron mourns or worries about, as a word without a name ("brother"), or "". Nobody is named to whom the
    letter may give something away: whose violence or knowledge somebody fears may read it.
    """
    words, head = lexicon(understood.language), _head(understood)
    found = words.dear.search(head)
    return "" if found is None or words.feared.search(head) else next(filter(None, found.groups()), "")


def said_by(understood: Understood, words: tuple[str, ...]) -> tuple[str, ...]:
    """Those of ``words`` that the patron wrote just so and that say something: one or two, fit to be repeated."""
    known = lexicon(understood.language)
    head = _head(understood).lower()
    fit = [
        word
        for word in words
        if len(word) > 3 and word.replace(" ", "").isalpha() and not set(word.lower().split()) & known.empty
        and not any(kept.search(word) for kept in (known.private, known.delicate, known.unsaid, known.courtesy))
        and re.search(rf"\b{re.escape(word.lower())}\b", head)
    ]  # fmt: skip
    return tuple(fit[:2])


def request_of(understood: Understood, library: Library) -> str:  # noqa: ARG001 - the directory may come to help
    """The words that carry the request, fit to be quoted; "" where unsure, delicate or private."""
    if delicate(understood):
        return ""
    return request_in(understood.text, understood.language, understood.subject)


def addition_in(text: str, language: str, before: str) -> str:
    """What ``text`` says that ``before`` did not: all of it where that is short, otherwise its main sentence."""
    words = lexicon(language)
    known = {_plain(sentence) for sentence in sentences(before)}
    told = [sentence for sentence in sentences(text) if _plain(sentence) not in known]
    new = [sentence for sentence in told if not words.courtesy.search(sentence)]
    if not new or any(_PRIVATE.search(sentence) or _URL.search(sentence) for sentence in new):
        return request_in("\n\n".join(new), language)
    whole = " ".join(new)
    return _tidy(whole) if _length(whole) <= LONGEST else request_in("\n\n".join(new), language)


def request_in(text: str, language: str, subject: str = "") -> str:
    """The words of ``text`` that carry its request, as it was written but for quotation marks and shouting.

    ``subject`` goes before words that point to something which only the subject names.
    """
    words = lexicon(language)
    told = [_unlinked(sentence) for sentence in sentences(text)]
    scores = [_score(sentence, place, words) for place, sentence in enumerate(told)]
    if not scores or max(scores) <= 0:
        return ""
    place = _main(told, scores)
    if words.several.search(told[place]) and max(scores[:place], default=1.0) < 0:
        return ""  # the second of two requests, of which the first may not be repeated
    if not _asks(told[place], words):
        return _tidy(_under(subject, _opening(told, scores), words))
    found = _with_context(told, scores, place, subject, words)
    hidden = any(_withheld(one, words) for one in told[:place])
    return "" if hidden and _hangs(found, told[place], words) else _tidy(found)


def is_account(text: str) -> bool:
    """Whether a text is long enough to say by itself what somebody wants."""
    return _length(_plain(text)) >= _ACCOUNT


def asks_more(text: str, language: str, core: str) -> bool:
    """Whether ``text`` asks something besides what ``core`` repeats of it: plainly, or after words that say so."""
    words, said = lexicon(language), _plain(core)
    rest = [
        sentence
        for sentence in sentences(text)
        if not words.courtesy.search(sentence) and not _overlaps(_plain(_tidy(_unlinked(sentence))), said)
    ]
    if any("?" in sentence and _telling(sentence, words) >= _BARE for sentence in rest):
        return True
    wants = any(_asks(sentence, words) or words.weak.search(sentence) for sentence in rest)
    return wants and bool(words.several.search(text[:6000]))


def _overlaps(sentence: str, said: str) -> bool:
    """Whether the beginning of a sentence was said; a long one is repeated only up to a comma."""
    return " ".join(sentence.split()[:_BARE]) in said or said in sentence


def repeated(text: str, before: str) -> bool:
    """Whether most of ``text`` had come before."""
    known = {_plain(sentence) for sentence in sentences(before)}
    told = [_plain(sentence) for sentence in sentences(text)]
    size = sum(map(len, told))
    return size > 0 and 2 * sum(len(sentence) for sentence in told if sentence in known) >= size


def mirrored(request: str, language: str, reader: str) -> Mirror:
    """How a letter in ``reader``'s language can repeat a request written in ``language``."""
    if not request:
        return NOTHING
    if language == reader == "en":
        turned = _turned(request)
        if turned is not None:
            return turned
    asks = "?" in request or (lexicon(language).opens.search(request) and not request.endswith("."))
    mark = " ?" if reader == "fr" else "?"
    ended = request if request.rstrip(")’").endswith(("?", ".", "…", "\u3002")) else request + (mark if asks else ".")
    return Mirror(Form.QUESTION if asks else Form.STATEMENT, ended)


def sentences(text: str) -> list[str]:
    """The sentences of a text, without salutation and signature lines."""
    found: list[str] = []
    spaced = _UNSPACED.sub(" ", text[:6000].strip()).translate(_NARROW)
    for paragraph in _PARAGRAPH.split(spaced):
        if _VALEDICTION.match(paragraph.strip()):
            break
        joined = " ".join(line.strip() for line in paragraph.splitlines() if not _NO_PROSE.match(line.strip()))
        found += [piece for piece in (part.strip() for part in _split(joined)) if piece]
    return found


# --- which sentence ------------------------------------------------------------------------------------------------

_PARAGRAPH = re.compile(r"\n\s*\n|\n(?=[-–•*\d][.)]? )")
_NO_PROSE = re.compile(
    r"^(?:(?:dear|hi|hello|hey|hola|estimad[oa]s?|bonjour|hallo|guten tag|liebe[rs]?|sehr geehrte[rs]?|"
    r"buen[oa]?s? (?:d[ií]as?|tardes|noches))\b[^.?!]{0,40}[,:!]?"
    r"|[-_=*~]{2,}.*|>.*|sent from my .*|enviado desde .*"
    r"|(?:name|e-?mail|phone|branch|message|subject|nombre|route)\s*:\s*[^.?!]{0,60})$",
    re.IGNORECASE,
)
_VALEDICTION = re.compile(
    r"^(?:(?:kind|best|warm|with kind|with best|many)? ?regards|yours(?: \w+)?|sincerely|cheers|love|"
    r"thanks|thank you|thx|"
    r"saludos|atentamente|gracias|cordialement|mit freundlichen|viele gr|in him)\b[^.?!]{0,40}$",
    re.IGNORECASE,
)
_SALUTATION = re.compile(
    r"^(?:(?:bonjour|bonsoir|guten (?:tag|morgen|abend)|hallo|hola|buen[oa]?s? (?:d[ií]as?|tardes|noches)|hi|hello|hey|"
    r"good (?:morning|afternoon|evening|day)|dear|estimad[oa]s?|sehr geehrte[rs]?|liebe[rs]?|ch[eè]re?s?|madame|"
    r"monsieur)(?: \w+\.?){0,4}[,:!]\s+)+(?=[\w¿])",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|st|sr|jr|prof|rev|no|vol|pp?|ed|eds|e\.g|i\.e|a\.m|p\.m|etc|wm|co|inc|dept|vs|sra?|op|cit|al|"
    r"ud|uds|dra|núm|pág|págs|ca|bzw|nr|z\.b|d\.h|u\.a|jg|bd|hrsg|str|inkl|ggf|evtl|od|bzgl|mme|mlle)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
# Chinese sets no space after a sentence, and has marks of its own: the full stop is kept, the others get narrow.
_UNSPACED = re.compile(r"(?<=[\u3002\uff01\uff1f])(?=[\w(\"“「])|(?<=[\u4e00-\u9fff][?!])(?=[\w(\"“「])")
_SPACED = re.compile(r"(?<=[\u3002?!])\s(?=[\u4e00-\u9fff])")
_NARROW = str.maketrans({"\uff01": "!", "\uff1f": "?"})
_END = re.compile(r"(?<!\()[.!?…\u3002]+[\"”'’)»]*(?=\s)|$")
_URL = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|gov|edu|example)/\S*", re.IGNORECASE)
_PRIVATE = re.compile(r"\bDOB\b|\bSSN\b|\S+@\S+\.\S+|(?:\d[ -]?){7,}|\(?\d{3}\)?[ .-]?\d{3}[ .-]\d{4}|\$ ?\d{5,}")
_LONG_AGO = re.compile(r"\b1[6-9]\d\d\b|\bgreat-|\b(?:bis)?abuel", re.IGNORECASE)
_WORD = re.compile(r"[\u4e00-\u9fff]{1,2}|[^\W_](?:[\w'’-]*[^\W_])?")


def _split(text: str) -> list[str]:
    """Prose into sentences; an abbreviation does not end one."""
    pieces: list[str] = []
    start = 0
    for end in _END.finditer(text):
        stop = end.end()
        if stop < len(text) and end[0] == "." and _ABBREVIATED.search(text[max(start, stop - 8) : stop]):
            continue
        if end[0].endswith(")") and text[stop:].lstrip()[:1].islower():
            continue
        pieces.append(text[start:stop])
        start = stop
    return pieces


def _plain(sentence: str) -> str:
    return " ".join(_WORD.findall(sentence.lower()))


def _telling(sentence: str, words: Lexicon) -> int:
    """How many of its words say what it is about."""
    return sum(word.lower() not in words.empty for word in _WORD.findall(sentence))


def _asks(sentence: str, words: Lexicon) -> bool:
    return "?" in sentence or bool(words.asks.search(sentence))


def _unlinked(sentence: str) -> str:
    """The sentence without a salutation, or a link at either end; a link in the middle leaves a gap that is seen."""
    bare = _URL.sub("…", sentence).strip()
    greeted = _SALUTATION.sub("", bare)
    if greeted != bare:
        bare = re.sub(r"\w", lambda first: first[0].upper(), greeted, count=1)
    if "…" not in bare:
        return bare
    cut = re.sub(r"^…\s*[—–-]?\s*|\s*…$", "", bare)
    return cut[:1].upper() + cut[1:] if bare.startswith("…") else cut


def _main(told: list[str], scores: list[float]) -> int:
    """Which sentence it is: the likeliest, or a question before it that is nearly so: people begin with theirs."""
    best = max(range(len(scores)), key=lambda at: scores[at])
    near = (at for at in range(best) if "?" in told[at] and scores[at] >= max(scores[best] - _NEARLY, 2.5))
    return next(near, best) if "?" in told[best] else best


def _hangs(found: str, core: str, words: Lexicon) -> bool:
    """Whether what is to be repeated means little without what may not be."""
    pointing = words.pointing.search(" ".join(core.split()[: 2 * _BARE]))
    return _points(found, words) or bool(pointing) or _telling(found, words) < _BARE


def _score(sentence: str, place: int, words: Lexicon) -> float:
    """How likely a sentence carries the request; one that may not be repeated is never likely."""
    if not _repeatable(sentence, words):
        return -9.0
    score = 0.3 * min(_telling(sentence, words), 6) - 0.15 * place
    if "?" in sentence:
        score += 2.5
    if words.asks.search(sentence):
        score += 2.5
    elif words.weak.search(sentence):
        score += 1.0
    if words.courtesy.search(sentence):
        score -= 4.0
    if words.several.search(sentence):
        score -= 3.0
    if _is_private(sentence, words):
        score -= 2.0
    return score - 1.5 if "…" in sentence else score


def _is_private(sentence: str, words: Lexicon) -> bool:
    """Whether it speaks of grief, illness or law in a way that is not long ago."""
    return bool(words.private.search(sentence)) and not _LONG_AGO.search(sentence)


def _repeatable(sentence: str, words: Lexicon) -> bool:
    enough = len(_WORD.findall(sentence)) > 1 or "?" in sentence
    return enough and not _PRIVATE.search(sentence) and not words.unsaid.search(sentence)


def _withheld(sentence: str, words: Lexicon) -> bool:
    """Whether something in it keeps it from being repeated."""
    return bool(_PRIVATE.search(sentence) or words.unsaid.search(sentence)) or _is_private(sentence, words)


def _opening(told: list[str], scores: list[float]) -> str:
    """Where nothing asks outright: the text from its first sentence on, as far as it goes."""
    fit = [sentence for sentence, score in zip(told, scores, strict=True) if score > 0]
    kept = [_trimmed(fit[0], _CORE)]
    for sentence in fit[1:]:
        if _size([*kept, sentence]) > LONGEST or kept[-1].endswith("…"):
            break
        kept.append(sentence)
    return " ".join(kept)


def _with_context(told: list[str], scores: list[float], place: int, subject: str, words: Lexicon) -> str:
    """The sentence with its neighbours that ask too, and with what went before where it means little alone."""
    first, last = place, place
    while (
        first > 0
        and scores[first - 1] > 2.5
        and _asks(told[first - 1], words)
        and _size(told[first - 1 : last + 1]) <= _CORE
    ):
        first -= 1
    while (
        last + 1 < len(told)
        and scores[last + 1] > 2.5
        and "?" in told[last + 1]
        and _size(told[first : last + 2]) <= _CORE
    ):
        last += 1
    core = " ".join(told[first : last + 1]) if first < last else _trimmed(told[place], _CORE)
    before = [at for at in range(first) if scores[at] > 0 and _explains(told[at], words)]
    wanted = any(words.asks.search(told[at]) for at in before)
    if (first < last or core == told[place]) and not wanted and not _needs_context(core, words):
        return core
    if before:
        found = _after(told, before, first, core, words)
        return _under(subject, found, words) if _telling(found, words) < _BARE + 2 else found
    after = told[last + 1] if last + 1 < len(told) and scores[last + 1] > 0 else ""
    if after and _goes_on(core, words) and _size([core, after]) <= LONGEST:
        return _under(subject, f"{core} {after}", words)
    return _under(subject, core, words)


def _under(subject: str, core: str, words: Lexicon) -> str:
    """``core`` after the subject where it points to what only the subject names."""
    bare = _telling(core, words) < _BARE - 1 or _points(core, words)
    named = any(word.lower() not in words.empty for word in _WORD.findall(subject))
    if not bare or not named or len(subject.split()) > _LONGEST_SUBJECT or _said_in(subject, core):
        return core
    if _withheld(subject, words):
        return core
    return f"{subject[:1].upper()}{subject[1:].rstrip(' .:!')}: {core}"


def _said_in(subject: str, core: str) -> bool:
    """Whether ``core`` names what the subject does; in Chinese, half of its characters."""
    signs = _HAN.findall(subject)
    return _plain(subject) in _plain(core) or (bool(signs) and 2 * sum(sign in core for sign in signs) >= len(signs))


def _explains(sentence: str, words: Lexicon) -> bool:
    return not words.courtesy.search(sentence) and not _is_private(sentence, words)


def _after(told: list[str], before: list[int], first: int, core: str, words: Lexicon) -> str:
    """``core`` with all that went before where that is short, otherwise with the sentence that tells most."""
    room = LONGEST - _length(core)
    whole = [told[at] for at in before]
    if before[-1] == first - 1 and len(before) == first and _size(whole) <= room:
        return " ".join((*whole, core))
    best = max(before, key=lambda at: _lights(told[at], at, first, words))
    lead = _trimmed(told[best], room)
    if lead == told[best]:
        return f"{lead}{' ' if best == first - 1 else ' … '}{core}"
    return f"{lead.rstrip(' …?')} … {core}" if room > _BARE else core


def _lights(sentence: str, at: int, first: int, words: Lexicon) -> float:
    """How well a sentence explains a later one: it names something, opens the letter, or stands next to it."""
    named = (2.0 if re.search(r"[\"“«‘]\w", sentence) else 0.0) + (1.0 if words.asks.search(sentence) else 0.0)
    place = (1.6 if at == 0 else 0.0) + (1.0 if at == first - 1 else 0.0)
    unclear = 1.0 if _points(sentence, words) or words.several.search(sentence) else 0.0
    return 0.3 * min(_telling(sentence, words), 8) + named + place - unclear


def _points(text: str, words: Lexicon) -> bool:
    """Whether it begins with a word that means nothing without what went before."""
    return bool(words.pointing.search(" ".join(text.split()[:4])))


def _size(told: list[str]) -> int:
    return sum(map(_length, told))


def _length(text: str) -> int:
    """Its words; two characters of Chinese, which sets none apart, count as one."""
    return len(text.split()) + len(_HAN.findall(text)) // 2


def _needs_context(sentence: str, words: Lexicon) -> bool:
    """Whether it is plainer with what went before."""
    telling = _telling(sentence, words)
    pointing = words.pointing.search(" ".join(sentence.split()[:16]))
    return telling < _BARE or (telling < 3 * _BARE and bool(pointing)) or (telling < 6 and "?" not in sentence)


def _goes_on(sentence: str, words: Lexicon) -> bool:
    """Whether it is plainer with what follows."""
    telling = _telling(sentence, words)
    pointing = words.pointing.search(" ".join(sentence.split()[:10]))
    return telling < _BARE or (telling < 2 * _BARE and bool(pointing)) or (telling < 6 and "?" not in sentence)


def _trimmed(sentence: str, most: int) -> str:
    """At most so many words, cut where a clause ends; a question stays one."""
    if _length(sentence) <= most:
        return sentence
    tokens = sentence.split()
    if len(tokens) <= most:  # Chinese
        clauses = re.split(r"[,\uff0c]", sentence[: 2 * most])
        return ", ".join(clauses[:-1] or clauses) + " …"
    end = " …?" if sentence.rstrip('"”’)').endswith("?") else " …"
    kept = tokens[:most]
    for at in range(len(kept), most // 3, -1):
        if kept[at - 1].endswith((",", ";", ":", "–", "—")):
            return " ".join(kept[:at]).rstrip(",;:–— ") + end
    for at in range(len(kept) - 1, most // 2, -1):
        if kept[at].lower() in {"and", "but", "because", "that", "y", "que", "et", "und"}:
            return " ".join(kept[:at]) + end
    return " ".join(kept) + end


# --- fit to be repeated --------------------------------------------------------------------------------------------

_QUOTES = str.maketrans({"“": "‘", "”": "’", "„": "‘", "«": "‘", "»": "’", "!": ".", "¡": None})
_PAIRED = re.compile(r"\"([^\"]*)\"")
_SHOUT = re.compile(r"\b[A-Z]{5,}\b")
_LEAD = re.compile(
    r"^(?:(?:(?:oh|so|well|and|but|also|ok|okay|um|yes|no)\b,|"
    r"(?:hi|hey|hello|yo|hola|buen[oa]?s? (?:d[ií]as?|tardes|noches))\b,?|(?:oh|and|but)\b)\s+)+(?=\w)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(my (?:husband|wife|partner|brother|sister|son|daughter|mother|father|friend|neighbor|nephew|niece|"
    r"grandson|granddaughter))(?:,? [A-Z][a-z]+)+(?: \(\d+\))?"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]+")


def _tidy(quoted: str) -> str:
    """Quotation marks inside a quotation, no shouting, no names of the family, nothing that is not text."""
    plain = _CONTROL.sub(" ", re.sub(r"\s?\(!+\)|\s*!+(?=[)\"”’?])", "", quoted))
    plain = re.sub(r"\s+(?=[!»])|(?<=«)\s+", "", plain)  # as French sets them
    plain = _SPACED.sub("", plain)
    plain = _PAIRED.sub(r"‘\1’", plain).replace('"', "").translate(_QUOTES)
    letters = [character for character in plain if character.isalpha()]
    if len(letters) > 8 and sum(map(str.isupper, letters)) > 0.6 * len(letters):
        plain = re.sub(r"(?:^|[.?]\s+)\w", lambda found: found[0].upper(), plain.lower())
    else:
        plain = _SHOUT.sub(lambda found: found[0].capitalize(), plain)
    plain = _NAMED.sub(r"\1", " ".join(plain.split()))
    bare = _LEAD.sub("", plain)
    return bare[:1].upper() + bare[1:] if bare != plain and plain[:1].isupper() else bare


# --- turned into a clause (English) --------------------------------------------------------------------------------

_TURNS: tuple[tuple[re.Pattern[str], Form, str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), form, head)
    for pattern, form, head in (
        (r"^(could|can|would) you (?:please |possibly |maybe |kindly )?(?=\w)", Form.WHETHER, "whether we {0} "),
        (r"^do you have (?!to )", Form.WHETHER, "whether we have "),
        (r"^have you any ", Form.WHETHER, "whether we have any "),
        (r"^(is|are) there ", Form.WHETHER, "whether there {0} "),
        (r"^(can|could|may|should) (?:i|we) ", Form.WHETHER, "whether you {0} "),
        (r"^how do (?:i|we) ", Form.WHETHER, "how to "),
        (r"^how (can|could) (?:i|we) ", Form.WHETHER, "how you {0} "),
        (r"^where (can|could) (?:i|we) ", Form.WHETHER, "where you {0} "),
        (r"^where do (?:i|we) ", Form.WHETHER, "where to "),
        (r"^(?:i|we) (?:would|'d|’d) like ", Form.WISH, "would like "),
        (r"^(?:i|we)(?:'d|’d) like ", Form.WISH, "would like "),
        (r"^(?:i(?:'m| am|’m)|we(?:'re| are|’re)) looking for ", Form.WISH, "are looking for "),
        (r"^(?:i|we) (need|want) ", Form.WISH, "{0} "),
    )
)
_OTHERS = re.compile(
    r"\b(?:you|u|i'm|i’m|i've|i’ve|i'd|i’d|i'll|i’ll|we're|we’re|we've|we’ve|we'd|we’d|yours|you're|you’re|you've)\b",
    re.IGNORECASE,
)
_PERSONS = {
    "i": "you",
    "me": "you",
    "my": "your",
    "mine": "yours",
    "myself": "yourself",
    "we": "you",
    "us": "you",
    "our": "your",
    "ours": "yours",
    "ourselves": "yourselves",
    "your": "our",
}
_PERSON = re.compile(r"\b(?:" + "|".join(_PERSONS) + r")\b(?![.’'])", re.IGNORECASE)
_BE = re.compile(r"\b(i|we) (am|was|were|are)\b", re.IGNORECASE)
_UNTURNABLE = re.compile(
    r"[;:()…‘]|[.?] |, (?:and |or )?(?:is|are|do|does|did|can|could|will|would|may|what|how|i)\b|"
    r"\byour (?:system|experts)",
    re.IGNORECASE,
)


def _turned(request: str) -> Mirror | None:
    """A request that opens in one of a few plain ways, said of the second person; None where that is not safe.

    Only carefully written sentences are turned: what is misspelled is better quoted than adopted.
    """
    if (
        not request[:1].isupper()
        or request[-1:] not in ".?"
        or _UNTURNABLE.search(request)
        or len(request.split()) > 22
    ):
        return None
    for pattern, form, head in _TURNS:
        found = pattern.match(request)
        if found is None:
            continue
        rest = request[found.end() :].rstrip(".?").strip()
        if not rest or _OTHERS.search(rest):
            return None
        opening = head.format(*(group.lower() for group in found.groups()))
        return Mirror(form, opening + _second_person(rest))
    return None


def _second_person(clause: str) -> str:
    clause = _BE.sub(lambda found: "you were" if found[2].lower() in {"was", "were"} else "you are", clause)
    return _PERSON.sub(lambda found: _PERSONS[found[0].lower()], clause)


def _head(understood: Understood) -> str:
    """What tone is judged by: subject and new text, of any length a person writes."""
    return f"{understood.subject}\n{understood.text[:6000]}"
