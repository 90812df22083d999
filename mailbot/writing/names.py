"""How people are named in letters: as they write themselves, and not at all where no person is named."""

from __future__ import annotations

import re
from functools import lru_cache

from mailbot.mail.message import Address

_NOT_A_PERSON = re.compile(
    r"no.?reply|mailer|daemon|website|web ?form|contact|admin|info|support|customer|patron|user|guest|office|team|"
    r"notification|service|accounts?\b|unknown|undisclosed|\bform\b|scanner|printer|copier|iphone|android",
    re.IGNORECASE,
)
_CLEAN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\"<>|*_`]+")
_BRACKETED = re.compile(r"\s*[(\[][^)\]]*[)\]]?")
_DEGREES = re.compile(r",?\s+(?:ph\.?d|m\.?d|cpa|esq|ms|mls|jd|rn|dds)\.?$", re.IGNORECASE)
_INITIAL_LAST = re.compile(r"^(\w{2,}) \w\.?$")
_LONGEST = 60


def person(address: Address) -> str:
    """The name to speak of somebody by; the address where they give none."""
    return _cleaned(address.name) or address.address


def greeted(address: Address) -> str:
    """The name to greet somebody by, "" where no person's name is given."""
    name = _cleaned(address.name)
    if (
        not name
        or "@" in name
        or not any(map(str.isalpha, name))
        or sum(map(str.isdigit, name)) > 1
        or _NOT_A_PERSON.search(name)
    ):
        return ""
    return _INITIAL_LAST.sub(r"\1", name)


@lru_cache(maxsize=256)
def _cleaned(name: str) -> str:
    name = " ".join(_DEGREES.sub("", _BRACKETED.sub("", _CLEAN.sub(" ", name[:400]))).replace("!", "").split())
    last, comma, first = name.partition(", ")
    if comma and " " not in last.strip() and first and len(first.split()) <= 2:
        name = f"{first} {last}"
    if len(name) > _LONGEST:
        return ""
    if name.isupper() or name.islower():
        name = " ".join(word if "." in word else word.capitalize() for word in name.split())
    return name.strip(" ,;")
