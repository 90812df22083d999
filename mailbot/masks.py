"""What is private in a text, made unreadable before it is kept to learn from, or logged.

Pure. Nothing is checked for being a real card or phone number where text is kept to learn from: one that was mistyped
is as private. Digits become other digits, so that a model sees the same in a masked text as in the patron's own.
"""

from __future__ import annotations

import hashlib
import re

LONGEST = 12_000
"""Characters that are kept to learn from: the classifier looks at no more (``classify.text.LONGEST_TEXT``)."""

LONGEST_LOGGED = 2_000
MOST_NAMES = 6

_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"']+", re.IGNORECASE)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
_GROUPED = re.compile(r"\d+(?:[ \t\u00a0\u2007\u2009\u202f./()\u2010-\u2015-]{1,3}\d+)*")
_GROUP = re.compile(r"\d+")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_IPV4 = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")

_SOMEONE = "someone@example.invalid"
_SOMEBODY = "…"


def masked(text: str, name: str = "") -> str:
    """A text as it may be kept to learn from, cut to ``LONGEST``: no number of four or more digits, grouped in whatever
    way, no address, nothing of a link behind its path, and not the writer's ``name``. Doing so twice changes nothing.
    """
    text = _URL.sub(lambda url: re.split(r"[?#]", url.group(), maxsplit=1)[0], text[:LONGEST])
    text = _EMAIL.sub(_SOMEONE, text)
    text = _GROUPED.sub(lambda run: _zeros(run.group()) if _tells(run.group()) else run.group(), text)
    if words := re.findall(r"[^\W\d_]{3,}", name)[:MOST_NAMES]:
        text = re.sub(rf"\b(?:{'|'.join(words)})\b", _SOMEBODY, text, flags=re.IGNORECASE)
    return text


def masked_for_log(text: str) -> str:
    """A line of an error as it may be logged: no long number and no account number, and of addresses only the domain.
    What an administrator needs stays: reply codes, ports, the addresses of machines.
    """
    text = _EMAIL.sub(r"***@\1", text[:LONGEST_LOGGED])
    text = _IBAN.sub(lambda account: re.sub(r"[A-Z0-9]", "*", account.group()), text)
    return _GROUPED.sub(lambda run: re.sub(r"\d", "*", run.group()) if _is_long(run.group()) else run.group(), text)


def fingerprint(address: str) -> str:
    """What stands for an address where a label is kept: nobody reads the address from it, but who has the address can
    tell whether it is this one.
    """
    return hashlib.sha256(address.strip().lower().encode("utf-8", "replace")).hexdigest()[:32]


def _tells(run: str) -> bool:
    """Whether these digits may name somebody or something of theirs: a number of four digits, or six in groups."""
    return len(max(_GROUP.findall(run), key=len)) >= 4 or sum(map(str.isdigit, run)) >= 6


def _is_long(run: str) -> bool:
    return len(max(_GROUP.findall(run), key=len)) >= 7 or (sum(map(str.isdigit, run)) >= 9 and not _IPV4.fullmatch(run))


def _zeros(run: str) -> str:
    """The same form: a year stays a year (another one), each other digit becomes a zero."""
    return _GROUP.sub(lambda group: "2000" if _YEAR.fullmatch(group.group()) else "0" * len(group.group()), run)
