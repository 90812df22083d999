"""What is new in a text: without quotes, signature, disclaimer and "Sent from my phone".

Owns the reading of replies. When in doubt it keeps more: a sentence too many costs a reader a second, a sentence
lost is a patron who was not heard.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from mailbot.mail.phrases import CLOSING, DEVICE, DISCLAIMER, GRATITUDE, SENT_FROM
from mailbot.mail.quoting import attribution_end, find_block, is_quoted, leads_to_original

_DELIMITER = re.compile(r"^(?:--|—|__+)\s*$")
_BY_NAME = re.compile(r"^[/~][^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3}\s*$")
_CONTACT = re.compile(
    r"\S@\S+\.\S|https?://|www\.|(?:\+|\(|\b)\d[\d ().-]{6,}\d|\b(?:tel|phone|ph|fax|mobile|cell|t|f|m)[.:]",
    re.I,
)
_NAME = re.compile(r"^\W*[^\W\d_][\w.'’-]*(?:,? [^\W\d_][\w.'’-]*){0,5}\W*$")
_DRAWN = re.compile(r"^[-_=*~]{3,}\s*$")
_MOST_SIGNATURE = 14
_MOST_AFTER_CLOSING = 9
_SHORT_QUOTE = 3
_MOST_ENDINGS = 8


@dataclass(frozen=True, slots=True)
class Reply:
    """``text`` is what is new; ``signed`` the same with its signature; ``quoted`` whether something was left out."""

    text: str
    signed: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Lines that belong together: all quoted, or all new."""

    quoted: bool
    lines: list[str]

    def says(self) -> bool:
        return any(line.strip() for line in self.lines)


def new_text(text: str) -> Reply:
    """What is new in a body."""
    lines = text.split("\n")
    kept = _without_history(lines)
    stretches = _stretches(kept)
    while stretches:
        last = stretches[-1]
        if not last.quoted and last.says() and not (len(stretches) > 1 and _is_signature(last.lines)):
            break
        stretches.pop()
    if not any(not stretch.quoted and stretch.says() for stretch in stretches):
        # Nothing but quotes: somebody who sends only these means them.
        stretches = [_Stretch(False, lines)]
    signed = _joined(stretches)
    bare = signed
    for _ in range(_MOST_ENDINGS):
        shorter = _without_ending(bare)
        if len(shorter) == len(bare) or not any(line.strip() for line in shorter):
            break
        bare = shorter
    return Reply(_tidy(bare), _tidy(signed), len(signed) < len(lines))


def _without_history(lines: list[str]) -> list[str]:
    """The lines up to an unquoted history, without attributions of quoted ones."""
    kept: list[str] = []
    block = find_block(lines) if any(":" in line or "：" in line for line in lines) else None
    at = 0
    while at < len(lines):
        if block is not None and at == block.top:
            if not block.quoted and _says(kept):
                return kept
            kept += lines[at : block.end] if not block.quoted else [_as_quoted(line) for line in lines[at : block.end]]
            at, block = block.end, find_block(lines, block.end)
            continue
        line = lines[at]
        if leads_to_original(line) and _says(kept):
            return kept
        end = attribution_end(lines, at) if line.strip() and not is_quoted(line) else at
        if end > at:
            if not _quote_follows(lines, end) and _says(kept):
                return kept
            at = end
            continue
        kept.append(line)
        at += 1
    return kept


def _as_quoted(line: str) -> str:
    return line if is_quoted(line) else f"> {line}"


def _says(lines: list[str]) -> bool:
    return any(line.strip() and not is_quoted(line) for line in lines)


def _quote_follows(lines: list[str], at: int) -> bool:
    for line in lines[at : at + 6]:
        if line.strip():
            return is_quoted(line)
    return False


def _stretches(lines: list[str]) -> list[_Stretch]:
    found: list[_Stretch] = []
    for line in lines:
        quoted = is_quoted(line) or (not line.strip() and bool(found) and found[-1].quoted)
        if found and found[-1].quoted == quoted:
            found[-1].lines.append(line)
        else:
            found.append(_Stretch(quoted, [line]))
    return found


def _joined(stretches: list[_Stretch]) -> list[str]:
    """The new lines; where they answer quoted ones in between, with the lines that they answer."""
    answers = sum(before.quoted and after.says() and not after.quoted for before, after in pairwise(stretches))
    lines: list[str] = []
    for place, stretch in enumerate(stretches):
        if not stretch.quoted:
            lines += stretch.lines
            continue
        said = [line for line in stretch.lines if line.strip("> \t")]
        if answers > 1 or (answers == 1 and len(said) <= _SHORT_QUOTE and place > 0):
            lines += stretch.lines
    return lines


def _is_signature(lines: list[str]) -> bool:
    """Whether a stretch below a quote is nothing but a signature."""
    said = [line for line in lines if line.strip()]
    return bool(_DELIMITER.match(said[0])) and len(said) <= _MOST_SIGNATURE


def _without_ending(lines: list[str]) -> list[str]:
    """The lines without the outermost thing that ends them and is not part of what was said."""
    said = [at for at, line in enumerate(lines) if line.strip()]
    if len(said) < 2:
        return lines
    for find in (_delimiter, _disclaimer, _sent_from, _closing, _contacts, _name):
        at = find(lines, said)
        if at >= 0:
            return lines[:at]
    return lines[: said[-1] + 1]


def _delimiter(lines: list[str], said: list[int]) -> int:
    """Where a signature is set off by a line of its own."""
    tail = said[-_MOST_SIGNATURE - 1 :]
    for at in tail:
        below = [lines[place] for place in tail if place > at]
        if at == said[0]:
            continue
        if _DELIMITER.match(lines[at]) or (_DRAWN.match(lines[at]) and below and _are_contacts(below)):
            return at
    return -1


def _disclaimer(lines: list[str], said: list[int]) -> int:
    return next((at for at in said[1:] if DISCLAIMER.match(lines[at][:400].lower())), -1)


def _sent_from(lines: list[str], said: list[int]) -> int:
    for at in said[-_MOST_SIGNATURE:]:
        line = lines[at]
        if (
            at > said[0]
            and len(line) < 110
            and len(line.split()) <= 10
            and ", " not in line
            and SENT_FROM.match(line.lower())
            and DEVICE.search(line.lower())
        ):
            return at
    return -1


def _closing(lines: list[str], said: list[int]) -> int:
    """Where "Kind regards" and a name end it. Thanks are said and stay; only a card under them goes."""
    tail = said[max(1, len(said) - _MOST_AFTER_CLOSING - 1) :]
    for at in tail:
        below = [lines[place] for place in tail if place > at]
        if len(lines[at]) > 60 or not all(_is_contact(line) for line in below):
            continue
        if CLOSING.match(lines[at].lower()):
            return at
        if GRATITUDE.match(lines[at].lower()) and len(below) > 1:
            return at + 1
    return -1


def _contacts(lines: list[str], said: list[int]) -> int:
    """Where the last paragraph is a visiting card: a name, and two or more ways to reach it."""
    top = said[-1]
    while top > 0 and lines[top - 1].strip():
        top -= 1
    card = lines[top : said[-1] + 1]
    return top if top > said[0] and len(card) >= 3 and _NAME.match(card[0]) and _are_contacts(card) else -1


def _name(lines: list[str], said: list[int]) -> int:
    return said[-1] if _BY_NAME.match(lines[said[-1]]) else -1


def _are_contacts(lines: list[str]) -> bool:
    return sum(_CONTACT.search(line) is not None for line in lines) >= 2 and all(
        len(line) <= 80 and line.rstrip()[-1:] not in ".!?" for line in lines
    )


def _is_contact(line: str) -> bool:
    """Whether the line may be part of a name and address under a closing."""
    return (
        len(line) <= 90
        and "?" not in line
        and "？" not in line
        and not line.lstrip().lower().startswith(("p.s", "ps:", "ps "))
    )


def _tidy(lines: list[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip("\n").strip()
