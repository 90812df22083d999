"""Which case a message belongs to. Pure: looks at what the store found, opens nothing, merges nothing in doubt.

Signs count in this order: a Message-ID of the case in In-Reply-To or References, or a colleague's signed link; the
case's signed address; the sender, the subject and the time together. The sender must match each time: what names
another patron's case is a doubt, and a doubt is told to staff and merges nothing. Whoever a colleague writes to counts
as the sender, where the library's own server vouches for the colleague.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailbot.case import Case
from mailbot.classify.reasons import function_words
from mailbot.mail.addresses import is_everybodys
from mailbot.mail.subjects import Prefix, comparable, may_answer, read_subject, says_nothing, was_shortened
from mailbot.mail.understood import Kind, Understood

OLD_AFTER = timedelta(days=90)
"""A reply to a case in which nothing has happened for so long opens a new one that refers to it."""

FOLLOWS_WITHIN = timedelta(days=30)
"""How long sender and subject may tie an answer to a case where a program keeps nothing else."""

REPEATED_WITHIN = timedelta(days=3)
"""How long the same words, sent once more, are the same question."""

_RUN = 5  # words in a row of a letter of ours that a quote repeats
_QUOTED = 0.6  # the share of a letter's runs that make a quote of it
_APART = 0.1  # by how much one letter must be quoted better than another
_LONGEST = 50_000  # characters of a mail in which a quote is looked for
_NEW_THREAD = 22  # octets of the Thread-Index of a conversation's first mail; each answer adds five (MS-OXOMSG 2.2.1.3)
_TEXT_SPOKEN_OF = 0.2  # the share of a text's words that the thread must know for it to go on
_SUBJECT_SPOKEN_OF = 0.3  # and of a subject's; where function words are not known, one in four may be such
_EVERYWHERE = frozenset({"librar", "biblio", "bucher", "mediat", "questi", "frage", "pregun", "domand", "demand"})
_STEM = 6  # characters that two forms of one word share
_SHORTEST = 4
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that a message may belong to: when it last moved, the new texts and Message-IDs of its messages, and the
    subjects and texts of letters to its patron.
    """

    case: Case
    touched: datetime
    texts: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Traces:
    """What ties a message to the past.

    ``named`` are the cases that Message-IDs, a signed link or the signed address name, surest first. ``recent`` are
    the writer's own cases, newest first. ``colleague``: one of the staff wrote it; ``addressed`` are then the cases of
    those whom it is written to, and ``vouched`` says whether the library's own server vouches for the writer.
    """

    named: tuple[Candidate, ...] = ()
    recent: tuple[Candidate, ...] = ()
    colleague: bool = False
    addressed: tuple[Candidate, ...] = ()
    vouched: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a message belongs: to ``case``; or into a new one that follows ``earlier``, a very old one; or into a new
    one that ``maybe`` belongs to another. At most one of them is set.
    """

    case: Case | None = None
    earlier: Case | None = None
    maybe: Case | None = None


def thread_of(message: Understood, traces: Traces, now: datetime) -> Thread:
    """Whose thread a message is. Doubt never merges, and a number in a subject opens nothing."""
    key = message.writer.key if message.writer else ""
    own = next((one for one in traces.named if key and one.case.patron.key == key), None)
    if traces.named and (traces.colleague or message.kind is not Kind.INQUIRY):
        return Thread(case=(own or traces.named[0]).case)  # staff prove themselves elsewhere, the others open no case
    if own is not None:
        return _answered(message, own, now)
    if traces.named:
        return Thread(maybe=traces.named[0].case)
    to_patron = _by_subject(message, traces.addressed, now)
    if to_patron != Thread():
        return to_patron if traces.vouched or to_patron.case is None else Thread(maybe=to_patron.case)
    return _by_subject(message, traces.recent, now)


def neighbours(message: Understood) -> str:
    """The domain whose other patrons may have asked what this message answers, "" where nobody can tell."""
    domain = message.writer.domain if message.writer else ""
    subject = message.message.subject
    if message.kind is not Kind.INQUIRY or not may_answer(subject) or says_nothing(subject) or is_everybodys(domain):
        return ""
    return domain


def neighbour_of(message: Understood, cases: Iterable[Case]) -> Case | None:
    """The first of other patrons' cases that has the subject of this answer."""
    subject = comparable(message.subject)
    key = message.writer.key if message.writer else ""
    return next((case for case in cases if case.patron.key != key and comparable(case.subject) == subject), None)


def _answered(message: Understood, named: Candidate, now: datetime) -> Thread:
    """The patron answers: in the case, or, where that is very old or the talk is of something else, in a new one."""
    if now - named.touched > OLD_AFTER:
        return Thread(earlier=named.case)
    return Thread(maybe=named.case) if _begins_anew(message, named) else Thread(case=named.case)


def _begins_anew(message: Understood, named: Candidate) -> bool:
    """Whether an old mail was only taken to write a new one: another subject was typed, and next to nothing in it or
    in the text is about what the thread spoke of (docs/decisions/0009).
    """
    written = message.message.subject
    typed = bool(comparable(written)) and read_subject(written)[0] is Prefix.NONE and not may_answer(written)
    if not typed or _same_subject(message, named):
        return False
    before = _words(" ".join((named.case.subject, named.case.request, *named.texts)))
    subject, text = _words(message.subject), _words(message.text)
    if not before or not text or len(before & subject) > len(subject) * _SUBJECT_SPOKEN_OF:
        return False
    return len(before & text) < len(text) * _TEXT_SPOKEN_OF


def _by_subject(message: Understood, recent: Sequence[Candidate], now: datetime) -> Thread:
    """Where a program keeps nothing: sender, subject and time must agree, and only one case with them."""
    same = [one for one in recent if _same_subject(message, one)]
    fresh = [one for one in recent if now - one.touched <= FOLLOWS_WITHIN]
    answers = _is_answer(message) or message.kind is Kind.THANKS
    if answers and comparable(message.subject) and (found := _only(message, [one for one in fresh if one in same])):
        return Thread(case=found.case)
    if quoted := _quoted(message, fresh):
        return Thread(maybe=quoted.case) if _begins_anew(message, quoted) else Thread(case=quoted.case)
    name = message.message.message_id
    copies = [one for one in recent if one in same or (name and name in one.names)]  # a list changes the subject
    if repeated := next((one for one in copies if _is_repeated(message, one, now)), None):
        return Thread(case=repeated.case)
    if same and (answers or not says_nothing(message.subject)):
        return Thread(maybe=same[0].case)
    return Thread()


def _only(message: Understood, same: Sequence[Candidate]) -> Candidate | None:
    """The one case of these that is answered; of several the one whose whole subject it is, or that is quoted."""
    exact = [one for one in same if comparable(message.subject) in _subjects(one)] or same
    return exact[0] if len(exact) == 1 else _quoted(message, exact)


def _is_answer(message: Understood) -> bool:
    """Whether the mail answers another, by its subject or by what its program noted."""
    sent = message.message
    if may_answer(sent.subject):
        return True
    if read_subject(sent.subject)[0] is Prefix.FORWARD:
        return False
    return bool(sent.in_reply_to or sent.references) or _is_later(sent.header("thread-index"))


def _is_later(thread_index: str) -> bool:
    try:
        return len(base64.b64decode("".join(thread_index.split())[:4096], validate=True)) > _NEW_THREAD
    except (binascii.Error, ValueError):
        return False


def _same_subject(message: Understood, one: Candidate) -> bool:
    """Whether the message has a subject of the case, or what is left of it when a program cuts it short."""
    if comparable(message.subject) in _subjects(one):
        return True
    return any(was_shortened(message.subject, subject) for subject in (one.case.subject, *one.subjects))


def _subjects(one: Candidate) -> set[str]:
    return {comparable(subject) for subject in (one.case.subject, *one.subjects)}


def _is_repeated(message: Understood, one: Candidate, now: datetime) -> bool:
    """Whether the same words were sent once more, perhaps with a line above, or as a forward."""
    forward = read_subject(message.message.subject)[0] is Prefix.FORWARD
    text = message.message.text if forward else message.text
    return now - one.touched <= REPEATED_WITHIN and any(_repeats(text, before) for before in one.texts)


def _repeats(text: str, earlier: str) -> bool:
    before = _plain(earlier)
    return len(before) >= 20 and before in _plain(text)


def _quoted(message: Understood, among: Sequence[Candidate]) -> Candidate | None:
    """The case of which a letter is quoted; None where that could be said of two."""
    runs = _runs(message.message.text[:_LONGEST]) if among else frozenset()
    shares = sorted(
        (
            (max((_share(_runs(letter), runs) for letter in one.letters), default=0.0), at)
            for at, one in enumerate(among)
        ),
        reverse=True,
    )
    if not shares or shares[0][0] < _QUOTED or (len(shares) > 1 and shares[0][0] - shares[1][0] < _APART):
        return None
    return among[shares[0][1]]


def _share(letter: frozenset[str], runs: frozenset[str]) -> float:
    return len(letter & runs) / len(letter) if letter else 0.0


def _runs(text: str) -> frozenset[str]:
    words = _plain(text).split()
    return frozenset(" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))


def _words(text: str) -> frozenset[str]:
    """What a text speaks of: the stems of its longer words, and pairs of characters where none are set apart."""
    found: set[str] = set()
    spelt = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    for word in _WORD.findall(spelt):
        if _UNSPACED.search(word):
            found |= {word[at : at + 2] for at in range(len(word) - 1)}
        elif len(word) >= _SHORTEST and word not in function_words():
            found.add(word[:_STEM])
    return frozenset(found - _EVERYWHERE)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
