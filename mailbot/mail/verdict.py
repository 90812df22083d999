"""What a patron replies when asked whether an answer helped: yes or no, and hardly more than that."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from mailbot.mail.thanks import went_wrong

_YES = frozenset({"yes", "yep", "yeah", "yup", "si", "sí", "oui", "ja"})
_NO = frozenset({"no", "nope", "non", "nein", "nö", "nee"})
_YES_ALONE = frozenset("是 是的 对 對 对的 對的 有 有的 有帮助 有幫助".split())
_NO_ALONE = frozenset("没有 沒有 没 沒 不是 否 不 没有帮助 沒有幫助".split())
_THANKS = frozenset("thanks thank gracias merci danke dank".split())
_PRAISE = frozenset("good great fine perfect solved settled bien perfecto parfait gut super prima perfekt".split())
_GLAD = _PRAISE | frozenset(
    "you so much very vielen muchas beaucoup sehr "
    "it did that this was is has helped helps helpful me all everything worked works exactly what i needed a lot "
    "sirvió mucho muy todo cela ça c est m aidé tout das es hat war mir geholfen alles genau".split()
)
_NOT_A_NO = frozenset(
    "problem problems worries need needed more further other questions question complaint complaints longer doubt "
    "hay tengo más plus autre trabajo queja quejas".split()
)
_ALL_WELL = re.compile(
    r"\ball(?:['’]s| is)? (?:well|fine|ok(?:ay)?)\b|\btodo (?:está )?(?:bien|en orden)\b|\btout va bien\b|"
    r"\balles (?:ist )?(?:in ordnung|ok(?:ay)?)\b"
)


def verdict_in(text: str, name: str) -> bool | None:
    """Whether the reply says yes (True), with thanks and praise perhaps, or no (False), whatever may follow; None
    where it asks, or says something else.

    ``name`` is the writer's own, which may stand below. "No, thanks", "no, all good", "no problem" can mean anything;
    with thanks a no stays one where something went wrong. Chinese words are read only where one is all that is said.
    """
    first, *rest = re.findall(r"\w+", text.casefold()) or [""]
    others = set(rest) - set(re.findall(r"\w+", name.casefold()))
    if "?" in text or "？" in text:
        return None
    if (first in _YES and others <= _THANKS | _GLAD) or (first in _YES_ALONE and not others):
        return True
    if first in _NO_ALONE and not others:
        return False
    return False if first in _NO and _refuses(rest) and _is_plain(text, others) else None


def _refuses(rest: Sequence[str]) -> bool:
    """Whether the words after a no leave it one: "no complaints" and "no longer at this address" are none."""
    following = next((word for word in rest if word not in _NO), "")
    return following not in _NOT_A_NO


def _is_plain(text: str, others: Collection[str]) -> bool:
    """Whether nothing that is said with a no takes it back; with thanks or praise something must have gone wrong."""
    glad = not (_THANKS | _PRAISE).isdisjoint(others) or _ALL_WELL.search(text.casefold())
    return not glad or went_wrong(text)
