"""A colleague's answer as the patron is to read it: their own words, without what is the library's business alone.

Owns what of a reply stays inside: the note it answers, `route:` lines, signed links, quotes of anything that is not the
patron's. Pure; whether an answer is sent on is decided in ``colleagues``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mailbot.correction import LINK, ROUTE_LINE, TOKEN
from mailbot.mail.markup import render
from mailbot.mail.ours import ABOVE_ORIGINAL
from mailbot.mail.quoting import attribution_end, is_quoted, unquoted
from mailbot.mail.reply import new_text
from mailbot.mail.understood import Understood

_INTERNAL = re.compile(r"x-mailbot-|%5b[\w-]{8,32}\.|<[^<>\s]+\.mailbot@", re.IGNORECASE)
_DELIMITER = re.compile(r"^-- ?$")
_ENOUGH = 4  # words of a line that can be told to be somebody else's


def words_for_patron(message: Understood, note: str, asked: Sequence[str]) -> str:
    """What the colleague wrote, signature included; "" where that is nothing. ``note`` is the text of the letter that
    they answer, ``asked`` what the patron has written.
    """
    if not message.text:
        return ""
    inside, theirs = _Known([note]), _Known(asked)
    kept: list[str] = []
    says = False
    for line in _unattributed(new_text(_text(message)).signed.split("\n")):
        if line.strip() == ABOVE_ORIGINAL:
            break
        if _DELIMITER.match(line):
            if not says:
                return ""
            kept.append("")
        elif not _is_internal(line, inside, theirs):
            says = says or (not is_quoted(line) and any(map(str.isalnum, line)) and line not in theirs)
            kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip() if says else ""


def _text(message: Understood) -> str:
    """The body; where only HTML was sent, with the addresses behind its links."""
    mail = message.message
    if mail.html and "text/plain" not in mail.content_types:
        return render(mail.html, spelled_out=True)[0]
    return mail.text


def _unattributed(lines: list[str]) -> Iterator[str]:
    """The lines without "On Monday Pat wrote:", which stands there still where nothing but a quote was sent."""
    at = 0
    while at < len(lines):
        end = attribution_end(lines, at)
        if end == at:
            yield lines[at]
        at = max(end, at + 1)


def _is_internal(line: str, inside: _Known, theirs: _Known) -> bool:
    bare = unquoted(line)
    if ROUTE_LINE.match(bare) or TOKEN.search(bare) or LINK.search(bare) or _INTERNAL.search(bare):
        return True
    if is_quoted(line):
        return bool(bare.strip()) and bare not in theirs
    return bare in inside


class _Known:
    """Texts whose lines are recognised however they were wrapped: longer ones anywhere, short ones as a whole line."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._whole = " ".join(f" {_plain(text)} " for text in texts)
        self._lines = {_plain(line) for text in texts for line in text.splitlines()} - {""}

    def __contains__(self, line: str) -> bool:
        plain = _plain(line)
        return plain in self._lines or (len(plain.split()) >= _ENOUGH and f" {plain} " in self._whole)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
