"""What a patron replies when asked whether an answer helped: yes or no, and hardly more than that."""

from __future__ import annotations

import re

from mailbot.mail.thanks import went_wrong

_YES = frozenset({"yes", "yep", "yeah", "yup", "si", "sí", "oui", "ja"})
_NO = frozenset({"no", "nope", "non", "nein", "nö", "nee"})
_THANKS = frozenset("thanks thank gracias merci danke dank".split())
_PRAISE = frozenset("good great fine perfect solved settled bien perfecto parfait gut super prima perfekt".split())
_GLAD = _PRAISE | frozenset(
    "you so much very vielen muchas beaucoup sehr "
    "it did that this was is has helped helps helpful me all everything worked works exactly what i needed a lot "
    "sirvió mucho muy todo cela ça c est m aidé tout das es hat war mir geholfen alles genau".split()
)
_NOT_A_NO = frozenset("problem worries need more further other questions question hay tengo más plus autre".split())


def verdict_in(text: str, name: str) -> bool | None:
    """Whether the reply says yes (True), with thanks and praise perhaps, or no (False), whatever may follow; None
    where it asks, or says something else.

    ``name`` is the writer's own, which may stand below. "No, thanks", "no, all good", "no problem" can mean anything;
    with thanks a no stays one where something went wrong.
    """
    first, *rest = re.findall(r"\w+", text.casefold()) or [""]
    others = set(rest) - set(re.findall(r"\w+", name.casefold()))
    if "?" in text:
        return None
    if first in _YES and others <= _THANKS | _GLAD:
        return True
    refused = first in _NO and not set(rest[:1]) & _NOT_A_NO
    plain = not others & (_THANKS | _PRAISE) or went_wrong(text)
    return False if refused and plain else None
