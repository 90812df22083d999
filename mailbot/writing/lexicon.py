"""What one language's words say about a message: its request, its tone, what may not be repeated.

The lists themselves stand in a module for each language. Letters never print anything from them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Patterns in small letters. A text is made small before it is searched: three times as fast as ignoring case."""

    pattern: re.Pattern[str]

    def search(self, text: str) -> re.Match[str] | None:
        """The first place where one of them stands, in any case."""
        return self.pattern.search(text.lower())


@dataclass(frozen=True, slots=True)
class Detail:
    """A kind of detail: how a question of the directory asks for it, and how a message gives it away."""

    asked: Words
    given: Words


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What to look for in one language. ``asks``: words that carry a request, ``weak`` some that may. ``courtesy``:
    sentences that are only manners. ``pointing``: words that mean nothing without what went before. ``empty``:
    words too common to say what a sentence is about; ``common``: words that prove little of it. ``opens``: how a
    question begins. ``private``: what a sentence that is repeated does not speak of. ``unsaid``: what no letter
    says, not even in quotation, such as a plight of one's own. ``delicate`` and ``urgent`` set the tone. ``details``:
    what questions of the directory ask for, and what shows that it is there. ``general``: a question about the library,
    rather than about something of one's own. ``trouble``: something went wrong; ``remedy``: what an offer says that
    helps with that.
    ``several``: a second matter begins. ``dear``: a close person, as a group, whose death or plight is told; the
    mention of them is all that a quiet letter says, and not even that where ``feared`` is found: what one fears
    somebody may do, or hear of.
    """

    asks: Words
    weak: Words
    courtesy: Words
    pointing: Words
    empty: frozenset[str]
    common: frozenset[str]
    opens: Words
    private: Words
    unsaid: Words
    delicate: Words
    urgent: Words
    details: tuple[Detail, ...]
    general: Words
    trouble: Words
    remedy: Words
    several: Words
    dear: Words
    feared: Words


def any_of(*patterns: str) -> Words:
    """Words or phrases, any of which counts; written in small letters."""
    return Words(re.compile("|".join(patterns)))
