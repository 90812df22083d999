"""Where one mail's text ends and another's begins: header blocks, attributions, quote marks, in any language.

Owns the marks that mail programs leave. Knows nothing of who may have written them or what follows from them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailbot.mail.phrases import FORWARDED, LABELS, ORIGINAL, WROTE

MAX_BLOCK = 40
_MOST_TRIED = 300
_MAX_LABEL = 42
_LONGEST = 400
_MAX_ATTRIBUTION = 5
_MARKS = " \t>*_|\u00a0\u200e\u200f\u202a\u202c\u2068\u2069"
_RULE = re.compile(r"^[\s>]*(?:[-_=*~—–]{2,}.{0,120}|[-_=*—–].{0,100}[-_=*—–]{2,})\s*$")
_QUOTE = re.compile(r"^(?:[ \t]*>)+ ?")
_ONE_QUOTE = re.compile(r"^[ \t]*> ?")
_MOMENT = re.compile(
    r"\d{1,2}\s?[:.h]\s?\d{2}|\b(?:19|20)\d{2}\b|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d\s*[年月日時]|\d{6} \d\d:"
)
_MAIL = re.compile(r"[^\s<>@]+@[^\s<>@]+")
_OPENER = re.compile(
    r"^\W{0,3}(?:on|am|le|el|il|em|op|den|på|pe|dnia|w dniu|dne|dňa|στις|в|at|ke|tirsdag|a\b|no dia|il giorno|"
    r"em\b|在|于|於|ב|في|vào|pada|"
    r"(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\d{1,4}[./-]\d|"
    r"\d{1,2}\.? \w|\d{4}\s?年)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Block:
    """The header lines that stand before a quoted or forwarded mail.

    ``top`` is the first line of what leads up to it (a rule, "Begin forwarded message:"), ``start`` its first
    header line, ``end`` the first line after it. ``forwarded`` and ``original`` say which words led up to it.
    """

    top: int
    start: int
    end: int
    sender: str
    subject: str
    date: str
    to: str
    quoted: bool
    forwarded: bool
    original: bool


def is_quoted(line: str) -> bool:
    """Whether the line begins with a quote mark."""
    return line.lstrip(" \t").startswith(">")


def unquoted(line: str, *, once: bool = False) -> str:
    """The line without its quote marks, or without the outermost."""
    return (_ONE_QUOTE if once else _QUOTE).sub("", line, count=1)


def find_block(lines: list[str], first: int = 0) -> Block | None:
    """The first header block from line ``first`` on."""
    tried = 0
    for at in range(first, len(lines)):
        if _label(lines[at]) is not None:
            block = _block_at(lines, at, first)
            tried += 1
            if block is not None or tried > _MOST_TRIED:
                return block
    return None


def attribution_end(lines: list[str], at: int) -> int:
    """The line after an attribution ("On Monday Pat wrote:") that begins at line ``at``; ``at`` if none does."""
    first = unquoted(lines[at]).strip()
    if not first or len(first) > _LONGEST or not _may_begin(first):
        return at
    joined = ""
    for end in range(at, min(at + _MAX_ATTRIBUTION, len(lines))):
        line = unquoted(lines[end]).strip()
        if not line or len(joined) > _LONGEST:
            break
        joined = f"{joined} {line}" if joined else line
        if line[-1] in ":：" or _may_end(line, joined, lines, end + 1):
            return end + 1 if _is_attribution(joined.rstrip(" -"), lines, end + 1) else at
    return at


def _may_begin(line: str) -> bool:
    return line[-1] in ":：" or "@" in line or _OPENER.match(line) is not None or _MOMENT.search(line) is not None


def _may_end(line: str, joined: str, lines: list[str], after: int) -> bool:
    """Whether an attribution ends here though no colon says so."""
    if "@" not in joined:
        return False
    if line[-1] == ">":
        return _MOMENT.search(joined) is not None and _next_is_quoted(lines, after)
    return _MOMENT.search(joined) is not None and WROTE.search(f"{line.rstrip(' -')}:".lower()) is not None


def leads_to_original(line: str) -> bool:
    """Whether the line is an "-----Original Message-----" of some language."""
    return (
        line.lstrip(" \t>").startswith(("-", "_", "=", "*", "—", "–"))
        and ORIGINAL.match(unquoted(line).lower()) is not None
    )


def is_rule(line: str) -> bool:
    """Whether the line is a drawn one, with or without words in it."""
    return _RULE.match(line) is not None


def _is_attribution(text: str, lines: list[str], after: int) -> bool:
    moment = _MOMENT.search(text) is not None
    if _MAIL.search(text) and moment:
        return True
    quoted = _next_is_quoted(lines, after)
    if WROTE.search(text.lower()):
        return moment or quoted or _OPENER.match(text) is not None
    return quoted and (moment or _MAIL.search(text) is not None)


def _next_is_quoted(lines: list[str], at: int) -> bool:
    for line in lines[at : at + 6]:
        if line.strip():
            return is_quoted(line)
    return False


def _label(line: str) -> tuple[str, str] | None:
    """(role, value) of a header line, or None."""
    at = line.find(":", 0, _MAX_LABEL)
    if at < 0:
        at = line.find("：", 0, _MAX_LABEL)
        if at < 0:
            return None
    role = LABELS.get(line[:at].strip(_MARKS).lower())
    return (role, line[at + 1 :].strip(" \t*_\u00a0")) if role else None


def _block_at(lines: list[str], at: int, first: int) -> Block | None:
    values: dict[str, str] = {}
    last = ""
    end = at
    limit = min(len(lines), at + MAX_BLOCK)
    while end < limit:
        label = _label(lines[end])
        if label and (label[0] not in values or label[0] in ("other", "cc", "date")):
            last = label[0]
            values.setdefault(last, label[1])
        elif label and label[0] == "from":
            break
        elif not unquoted(lines[end]).strip():
            following = _next_label(lines, end, values)
            if following <= end:
                break
            end = following
            continue
        elif last and _goes_on(lines, end, last):
            values[last] = f"{values[last]} {unquoted(lines[end]).strip()}"
        elif not label:
            break
        end += 1
    top, forwarded, original = _lead(lines, at, first)
    known = len(values.keys() - {"other"})
    enough = known >= 3 or (known == 2 and ("@" in values.get("from", "") or top < at))
    if "from" not in values or not enough:
        return None
    return Block(top, at, end, values["from"], values.get("subject", ""), values.get("date", ""), values.get("to", ""),
                 is_quoted(lines[at]), forwarded, original)  # fmt: skip


def _next_label(lines: list[str], at: int, values: dict[str, str]) -> int:
    """Past blank lines to a header line that is still missing; ``at`` if there is none."""
    if "from" in values and len(values) >= 4:
        return at
    for following in range(at, min(at + 3, len(lines))):
        if unquoted(lines[following]).strip():
            label = _label(lines[following])
            return following if label and label[0] not in values and label[0] != "other" else at
    return at


def _goes_on(lines: list[str], at: int, last: str) -> bool:
    """Whether the line continues the header line above it."""
    line = unquoted(lines[at])
    if line[:1] in " \t" and (last in ("to", "cc") or "@" in line):
        return True
    before = unquoted(lines[at - 1]).rstrip()
    if last in ("to", "cc", "from") and (
        before.endswith((",", ";", "<")) or (_MAIL.search(line) and len(line.split()) <= 12)
    ):
        return True
    if at + 1 < len(lines) and last in ("subject", "to", "cc", "from"):
        following = _label(lines[at + 1])
        return following is not None and following[0] in ("to", "cc", "date", "subject", "from") and bool(line.strip())
    return False


def _lead(lines: list[str], at: int, first: int) -> tuple[int, bool, bool]:
    """(top, forwarded, original): the lines above a block that only announce it."""
    top = at
    forwarded = original = False
    above = at - 1
    while above >= max(first, at - 6):
        line = unquoted(lines[above]).strip()
        if not line:
            above -= 1
            continue
        low = line.lower()
        announces = (FORWARDED.search(low) is not None and len(line) < 120) or is_rule(line)
        if not announces and not (
            line[-1] in ":："
            and len(line) < 60
            and top == at
            and above >= at - 3
            and _MAIL.search(line) is None
            and len(line.split()) <= 6
        ):
            break
        forwarded = forwarded or FORWARDED.search(low) is not None
        original = original or ORIGINAL.match(low) is not None
        top = above
        above -= 1
    return top, forwarded, original
