"""The web addresses that stand in running text."""

from __future__ import annotations

import re

MAX_LINKS = 500

_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'\u3000-\u303f\uff00-\uffef\u201c\u201d]{3,2000}", re.I)
# A site and a path without a scheme, as people type it; a lone domain may as well be half of a mail address.
_TYPED = re.compile(
    r"(?<![\w.@/:+-])(?:[a-z0-9][a-z0-9-]{0,62}\.){1,8}[a-z]{2,24}/[^\s<>\"'\u3000-\u303f\uff00-\uffef]{0,2000}", re.I
)
_MOST_CLOSING = 10
_CLOSING = {")": "(", "]": "[", "}": "{"}


def links_in(text: str) -> tuple[str, ...]:
    """Every link, in order, each once, without the punctuation of the sentence around it."""
    if "/" not in text and "www." not in text:
        return ()
    found: dict[int, str] = {match.start(): _trimmed(match.group()) for match in _URL.finditer(text)}
    for match in _TYPED.finditer(text):
        found.setdefault(match.start(), _trimmed(match.group()))
    return tuple(dict.fromkeys(found[at] for at in sorted(found)))[:MAX_LINKS]


def _trimmed(url: str) -> str:
    for _ in range(_MOST_CLOSING):
        url = url.rstrip(".,;:!?*_'’»>|")
        last = url[-1:]
        if last not in _CLOSING or url.count(last) <= url.count(_CLOSING[last]):
            break
        url = url[:-1]
    return url
