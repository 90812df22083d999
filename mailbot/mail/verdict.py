"""What a patron replies when asked whether an answer helped: one word, yes or no. Anything longer is more than that."""

from __future__ import annotations

import re

_YES = frozenset({"yes", "yep", "yeah", "si", "sí", "oui", "ja"})
_NO = frozenset({"no", "nope", "non", "nein"})
_THANKS = frozenset({"thanks", "thank", "you", "gracias", "merci", "danke", "vielen", "dank", "muchas"})


def verdict_in(text: str, name: str) -> bool | None:
    """Whether the reply says yes (True) or no (False) and nothing else; None where it says more, or something else.

    ``name`` is the writer's own, which may stand below. Thanks may follow a yes; "no, thanks" can mean anything.
    """
    first, *rest = re.findall(r"\w+", text.casefold()) or [""]
    others = set(rest) - set(re.findall(r"\w+", name.casefold()))
    if first in _YES and others <= _THANKS:
        return True
    return False if first in _NO and not others else None
