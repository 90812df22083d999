"""Which offer and which questions of the directory fit a message, if any does.

A wrong offer is worse than none, and a word that stands anywhere in a letter proves little. So the patterns are
evidence that is weighed: a word in the request counts most, the subject less, the rest hardly; an everyday word proves
less than a rare one, and a long letter needs more of it than a line does. And where the classifier can tell what the
message and its request are about, an offer or a question that is about something else does not come into question:
``about`` names those that do, None where nothing tells.

Who writes that something went wrong is not helped by the page where it goes right for others. Who asks something in
general is asked nothing of their own, and nobody is asked for a detail of a kind that stands in the message.

Knows the directory's patterns and a message's text; nothing of templates.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from mailbot.library import Ask, Department, Offer, advice_name
from mailbot.mail.understood import Understood
from mailbot.writing.lexicons import lexicon

_MOST_ASKS = 2
_RARE, _NEAR, _SUBJECT, _FAR = 3.0, 2.0, 1.0, 0.5
_MOST_SEEN = 20_000  # characters
_SHORT, _MIDDLING = 12, 40  # words of a text


@dataclass(frozen=True, slots=True)
class _Asks:
    ask: Ask
    when: tuple[re.Pattern[str], ...]
    present: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class _Offers:
    offer: Offer
    about: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class _Evidence:
    """A message as it is weighed: the words that carry the request, the subject, everything new; and all that the
    patron has seen, what the message quotes too.
    """

    core: str
    subject: str
    whole: str
    seen: str
    common: frozenset[str]
    enough: float

    @classmethod
    def of(cls, understood: Understood, core: str, *, quiet: bool = False) -> _Evidence:
        size = len(understood.text.split())
        enough = 2.0 if quiet or size <= _SHORT else 4.0 if size <= _MIDDLING else 5.0
        whole = "\n".join((understood.subject, understood.text, *understood.links))
        near = f"{core or understood.text}\n{' '.join(understood.links)}"
        seen = f"{whole}\n{understood.message.text[:_MOST_SEEN]}"
        return cls(near, understood.subject, whole, seen, lexicon(understood.language).common, enough)

    def fit(self, patterns: tuple[re.Pattern[str], ...]) -> float:
        """How much speaks for it, 0 where that is not enough."""
        near, subject = _found(patterns, self.core), _found(patterns, self.subject)
        if not near:
            return 0.0
        far = _found(patterns, self.whole) - near - subject
        score = (
            sum(_NEAR if word in self.common else _RARE for word in near) + _SUBJECT * len(subject) + _FAR * len(far)
        )
        return score if score >= self.enough else 0.0


class Advice:
    """What one department offers and asks, its patterns compiled once."""

    def __init__(self, department: Department) -> None:
        self.department = department
        self._asks = tuple(_Asks(ask, _compiled(ask.when), _compiled(ask.present)) for ask in department.asks)
        self._offers = tuple(
            _Offers(offer, _compiled(offer.about)) for offer in department.meanwhile if _specific(offer)
        )

    def asks(
        self, understood: Understood, core: str, language: str, about: Collection[str] | None = None
    ) -> tuple[Ask, ...]:
        """The first one or two questions that apply and that the message does not answer."""
        evidence = _Evidence.of(understood, core)
        words = lexicon(understood.language)
        if words.general.search(evidence.core):
            return ()
        known = [one.asked for one in words.details if one.given.search(evidence.whole)]
        fit = [
            entry.ask
            for entry in self._asks
            if language in entry.ask.ask
            and (about is None or advice_name(self.department, entry.ask) in about)
            and (not entry.when or evidence.fit(entry.when))
            and not any(pattern.search(evidence.whole) for pattern in entry.present)
            and not any(asked.search(entry.ask.ask[language]) for asked in known)
        ]
        return tuple(fit[:_MOST_ASKS])

    def offer(
        self,
        understood: Understood,
        core: str,
        language: str,
        about: Collection[str] | None = None,
        *,
        quiet: bool = False,
    ) -> Offer | None:
        """The offer that fits best, or None. ``quiet``: only people to call, as befits a delicate message; these are
        offered at a word.
        """
        evidence = _Evidence.of(understood, core, quiet=quiet)
        trouble = bool(lexicon(understood.language).trouble.search(evidence.whole))
        best: tuple[float, Offer] = (0.0, Offer((), {}, "", ""))
        for entry in self._offers:
            if not quiet and about is not None and advice_name(self.department, entry.offer) not in about:
                continue
            if self._may(entry.offer, language, evidence, trouble=trouble, quiet=quiet):
                fit = evidence.fit(entry.about)
                best = (fit, entry.offer) if fit > best[0] else best
        return best[1] if best[0] else None

    def _may(self, offer: Offer, language: str, evidence: _Evidence, *, trouble: bool, quiet: bool) -> bool:
        """Whether an offer comes into question at all."""
        if language not in offer.offer or (offer.link and _bare(offer.link) in evidence.seen.lower()):
            return False
        if quiet:
            return bool(offer.phone) and not offer.link and offer.phone != self.department.phone
        helps = bool(offer.phone) or bool(lexicon(language).remedy.search(offer.offer[language]))
        return not trouble or helps


def _found(patterns: tuple[re.Pattern[str], ...], text: str) -> set[str]:
    return {found[0].lower() for pattern in patterns for found in pattern.finditer(text)}


def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE | re.DOTALL) for pattern in patterns)


def _specific(offer: Offer) -> bool:
    """Whether it is for something, rather than for everything."""
    return bool(offer.about) and not any(re.search(pattern, "zqx", re.IGNORECASE) for pattern in offer.about)


def _bare(link: str) -> str:
    return link.lower().removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
