"""Subjects: what stands in front of them ("Re:", "Fwd:", "AW:", "转发:"), and what is left."""

from __future__ import annotations

import re
from enum import StrEnum

from mailbot.mail.phrases import FORWARD_PREFIX, REPLY_PREFIX

_TAG = re.compile(r"^\s*(?:\[[^\]\n]{1,60}\]\s*|\([^)\n]{1,30}\)\s*(?=\w{1,15}\s?[:：]))")
_PREFIX = re.compile(
    r"^\s*([^\W\d_][^\s:：\[\]()]{0,20})\s?(?:[\[(]\d{1,3}[\])]|\^\d{1,3}|\*\d{1,3}|\d{1,2})?\s*[:：]\s*"
)
_MOST = 20


class Prefix(StrEnum):
    """What the outermost prefix makes of a subject. "VS:" is a reply in Finnish and a forward in Danish: either."""

    NONE = "none"
    REPLY = "reply"
    FORWARD = "forward"
    EITHER = "either"


def read_subject(subject: str) -> tuple[Prefix, str]:
    """The outermost prefix, and the subject without any; tags in brackets before a prefix go with it."""
    outer = Prefix.NONE
    bare = subject.strip()
    for _ in range(_MOST):
        tag = _TAG.match(bare)
        rest = bare[tag.end() :] if tag else bare
        match = _PREFIX.match(rest)
        kind = _kind(match[1]) if match else Prefix.NONE
        if match is None or kind is Prefix.NONE:
            break
        outer = kind if outer is Prefix.NONE else outer
        bare = rest[match.end() :].strip()
    return outer, bare


def _kind(word: str) -> Prefix:
    word = word.lower()
    if word in REPLY_PREFIX:
        if word in FORWARD_PREFIX:
            return Prefix.EITHER
        return Prefix.REPLY
    return Prefix.FORWARD if word in FORWARD_PREFIX else Prefix.NONE
