"""Mailboxes out of header fields (RFC 5322 section 3.4) as senders really write them.

Owns what an address is. Knows nothing of messages. Never raises, and reads each character a bounded number
of times: a header with a hundred thousand recipients costs what its length costs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailbot.mail.charsets import decode_words

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,128}@(?:[^\W_](?:[\w-]{0,62})\.){0,12}[^\W_][\w-]{0,62}")
"""An addr-spec in running text: what may be clicked on, not everything that RFC 5322 allows."""

_EVERYBODYS = re.compile(
    r"^(aol|gmail|googlemail|gmx|hotmail|icloud|live|mail|me|msn|outlook|proton|protonmail|qq|163|web|yahoo|yandex)"
    r"\.(com|net|org|me|de|fr|es|it|at|ch|ca|ru|co\.uk|com\.br|com\.mx)$"
)
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"?|<([^<>]*)>?|\(([^()]*)\)|([,;])|([^",;<>()]+)|.', re.S)
_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox (RFC 5322 section 3.4): display name and addr-spec, both as written, decoded."""

    name: str
    address: str

    @property
    def key(self) -> str:
        """The address in lower case: what two addresses are compared by."""
        return self.address.lower()

    @property
    def domain(self) -> str:
        """The part after the last ``@``, in lower case."""
        return self.key.rpartition("@")[2]


def parse_addresses(value: str) -> tuple[Address, ...]:
    """Every mailbox of an address list, encoded words not yet decoded; groups are flattened."""
    found = _parsed(value)
    if '"' in value and not any("@" in address.address for address in found):
        found = _parsed(value.replace('"', ""))  # a quote that was never closed has swallowed the address
    return tuple(found)


def _parsed(value: str) -> list[Address]:
    found: list[Address] = []
    words: list[str] = []
    angle: str | None = None
    comment = ""
    for match in _TOKEN.finditer(value):
        quoted, route, note, separator, word = match.groups()
        if separator:
            _add(found, words, angle, comment)
            words, angle, comment = [], None, ""
        elif route is not None:
            angle = route if angle is None or "@" not in angle else angle
        elif note is not None:
            comment = note
        elif quoted is not None:
            words.append(quoted.replace("\\", ""))
        elif word is not None:
            words.append(word)
    _add(found, words, angle, comment)
    return found


def first_address(value: str) -> Address | None:
    """The first mailbox that has an address, or None."""
    return next((address for address in parse_addresses(value) if address.address), None)


def address_in(text: str) -> str:
    """The first addr-spec in running text, or ""."""
    match = ADDRESS.search(text) if "@" in text else None
    return match.group().strip("'`*").removeprefix("mailto:") if match else ""


def unplussed(address: str) -> str:
    """An address without what stands behind a plus (RFC 5233): "ask+summer@..." is "ask@..."."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def is_everybodys(domain: str) -> bool:
    """Whether anybody can have an address in this domain (lower case): two who do have nothing else in common."""
    return _EVERYBODYS.match(domain) is not None


def clean_name(name: str) -> str:
    """A display name without the quotes, brackets and blanks that programs leave around it.

    Encoded words can hold line ends and control characters; none of them may reach a header that we write.
    """
    return _CONTROL.sub(" ", name).strip(" \t\"'*<>[](),;")


def _add(found: list[Address], words: list[str], angle: str | None, comment: str) -> None:
    text = " ".join(words).strip()
    if angle is None:
        name, spec = _bare(text)
        name = name or comment
    else:
        # A group's name stands before the first member: "Friends: Pat <p@example.org>".
        head, colon, tail = text.partition(":")
        name, spec = (tail if colon and "@" not in head and "=?" not in head else text), angle
    spec = _CONTROL.sub("", decode_words(spec)).removeprefix("mailto:")
    if spec.startswith("@") or ("@" in spec and ":" in spec.partition("@")[0]):
        spec = spec.rpartition(":")[2]  # a source route (RFC 5322 section 4.4)
    if spec:
        found.append(Address(clean_name(decode_words(name)), spec))


def _bare(text: str) -> tuple[str, str]:
    """(name, addr-spec) where there are no angle brackets."""
    if "@" not in text:
        return ("", "") if ":" in text or " " in text else ("", text)
    if " " not in text:
        return "", text.rpartition(":")[2] if ":" in text else text
    spec = address_in(text)
    return (text.replace(spec, " ", 1), spec) if spec else ("", "")
