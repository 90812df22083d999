"""The parts of a mail to what a reader has of them: text, HTML, links, attachments, attached mails, reports.

Owns which part is body text and which is not, format=flowed, calendar invitations, winmail.dat, and what is said of
encrypted mail. Never raises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailbot.mail import markup
from mailbot.mail.charsets import codec_of, decode
from mailbot.mail.links import links_in
from mailbot.mail.mime import Part

MAX_TEXT = 200_000
MAX_LINES = 5_000
_MAX_TNEF = 30_000_000
_REPORTS = frozenset({
    "message/delivery-status", "message/disposition-notification", "message/feedback-report", "text/rfc822-headers",
    "message/global-delivery-status", "message/global-disposition-notification", "message/rfc822-headers",
    "message/global-headers",
})  # fmt: skip
_MAILS = frozenset({"message/rfc822", "message/global", "message/news"})
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_BODY = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext", "text/x-amp-html", "text/markdown"})
_META = re.compile(rb"""<meta[^>]{1,200}charset\s*=\s*["']?([\w-]{2,30})""", re.I)
_CALENDAR = re.compile(r"^(?:SUMMARY|DESCRIPTION|LOCATION|DTSTART)(?:;[^:\n]{0,100})?:(.{1,2000})$", re.M)
_PLACEHOLDER = re.compile(r"\bhtml\b", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufeff]")


@dataclass(frozen=True, slots=True)
class Content:
    """What the parts hold. ``attachments`` come with their sizes; ``unpacked`` is what lay in a winmail.dat."""

    text: str
    html: str
    links: tuple[str, ...]
    attachments: tuple[tuple[Part, int], ...]
    unpacked: tuple[tuple[str, str, int], ...]
    mails: tuple[Part, ...]
    reports: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of body text; ``optional`` where it is one of several alternatives."""

    text: str
    rich: bool
    optional: bool


def read(parts: tuple[Part, ...]) -> Content:
    """The content of a mail's parts."""
    problems = _unreadable(parts)
    bodies = _bodies(parts)
    pieces: list[_Piece] = []
    pages: list[str] = []
    hidden_links: list[str] = []
    for part in bodies:
        optional = "multipart/alternative" in part.parents
        if part.type in ("text/html", "text/x-amp-html"):
            page = _text_of(part, problems)
            text, links = markup.render(page)
            pages.append(page)
            hidden_links += links
            pieces.append(_Piece(text, True, optional))
        else:
            pieces.append(_Piece(_plain_text(part, problems), False, optional))
    rescue, unpacked = _outlook(parts, problems)
    text = _cut(_chosen(pieces) or rescue or _invitation(parts, problems), problems)
    taken = {id(part) for part in bodies}
    return Content(
        text=text,
        html="\n".join(pages)[: 2 * MAX_TEXT],
        links=tuple(dict.fromkeys((*links_in(text), *hidden_links))),
        attachments=tuple((part, part.size()) for part in parts if id(part) not in taken and part.type not in _REPORTS),
        unpacked=unpacked,
        mails=tuple(part for part in parts if part.type in _MAILS or _is_saved_mail(part)),
        reports=tuple((part.type, _clean(_text_of(part, problems))) for part in parts if part.type in _REPORTS),
        problems=tuple(problems),
    )


def _bodies(parts: tuple[Part, ...]) -> list[Part]:
    """The parts that are body text; where none calls itself so, the first that may be."""
    bodies = [part for part in parts if _is_body(part, parts)]
    if bodies:
        return bodies
    if len(parts) == 1 and parts[0].type.startswith("text/") and parts[0].type != "text/calendar":
        return list(parts)
    return [part for part in parts if part.type in _BODY][:1]


def _cut(text: str, problems: list[str]) -> str:
    shorter = bounded(text)
    if len(shorter) < len(text):
        problems.append("the text is very long; its end was left out of the reading")
    return shorter


def bounded(text: str) -> str:
    """No more than is read, since everything that reads a text looks at each line; the bytes are kept whole."""
    if len(text) <= MAX_TEXT and text.count("\n") <= MAX_LINES:
        return text
    return "\n".join(text[:MAX_TEXT].split("\n", MAX_LINES)[:MAX_LINES])


def _is_body(part: Part, parts: tuple[Part, ...]) -> bool:
    if part.type not in _BODY or part.disposition == "attachment" or "multipart/encrypted" in part.parents:
        return False
    # A named text beside others is a file that the program shows in line.
    return not part.filename or len(parts) == 1 or part is parts[0]


def _is_saved_mail(part: Part) -> bool:
    return part.filename.lower().endswith(".eml") and part.type in (
        "application/octet-stream",
        "text/plain",
        "message/x-rfc822",
    )


def _plain_text(part: Part, problems: list[str]) -> str:
    text = _clean(_text_of(part, problems))
    if part.type in ("text/enriched", "text/richtext"):
        return markup.render(text.replace("<<", "&lt;"))[0]
    if "format" in dict(part.parameters) and part.parameter("format").lower() == "flowed":
        return _unflowed(text, part.parameter("delsp").lower() == "yes")
    return text


def _text_of(part: Part, problems: list[str]) -> str:
    data = part.body(4 * MAX_TEXT)[: 4 * MAX_TEXT]
    label = part.parameter("charset")
    if part.type == "text/html" and not codec_of(label) and not data.isascii():
        meta = _META.search(data, 0, 4096)
        label = meta[1].decode("ascii") if meta else label
    text, problem = decode(data, label)
    if problem:
        problems.append(problem)
    return text


def _clean(text: str) -> str:
    """Line ends as newlines, and no characters that a reader cannot see and a database cannot hold."""
    if "\r" in text:
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\u00a0", " ").replace("\u2028", "\n")
    return _CONTROL.sub("", text)


def _unflowed(text: str, delsp: bool) -> str:
    """RFC 3676: lines that end in a blank go on in the next one of the same quote depth."""
    paragraphs: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        body = line.lstrip(">")
        depth = len(line) - len(body)
        body = body.removeprefix(" ")
        flows = body.endswith(" ") and body != "-- "
        if delsp and flows:
            body = body[:-1]
        if open_depth == depth and body != "-- ":
            paragraphs[-1].append(body)
        else:
            paragraphs.append([">" * depth + " " if depth else "", body])
        open_depth = depth if flows else -1
    lines = ("".join(paragraph) for paragraph in paragraphs)
    return "\n".join(line.rstrip() if line != "-- " else line for line in lines)


def _chosen(pieces: list[_Piece]) -> str:
    plain = [piece for piece in pieces if piece.optional and not piece.rich and piece.text.strip()]
    rich = [piece for piece in pieces if piece.optional and piece.rich and piece.text.strip()]
    drop_rich = bool(plain)
    if plain and rich:
        said, shown = sum(len(piece.text) for piece in plain), sum(len(piece.text) for piece in rich)
        # "Your program cannot show HTML" is no letter.
        drop_rich = not (said < 300 and shown > said and _PLACEHOLDER.search(plain[0].text))
    kept = [piece for piece in pieces if not (piece.optional and (piece.rich == drop_rich) and plain and rich)]
    return "\n".join(
        _clean(piece.text).rstrip("\n") if len(kept) > 1 else _clean(piece.text) for piece in kept if piece.text.strip()
    )


def _unreadable(parts: tuple[Part, ...]) -> list[str]:
    problems: list[str] = []
    for part in parts:
        smime = part.type in ("application/pkcs7-mime", "application/x-pkcs7-mime")
        if "multipart/encrypted" in part.parents or part.type == "application/pgp-encrypted" or smime:
            problems.append("the mail is encrypted and cannot be read here")
            break
    return problems


def _invitation(parts: tuple[Part, ...], problems: list[str]) -> str:
    for part in parts:
        if part.type == "text/calendar":
            lines = _clean(_text_of(part, problems)).replace("\n ", "")
            return "\n".join(
                match.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";") for match in _CALENDAR.findall(lines)
            )
    return ""


def _outlook(parts: tuple[Part, ...], problems: list[str]) -> tuple[str, tuple[tuple[str, str, int], ...]]:
    """What Outlook packed into a winmail.dat: (text, attachments)."""
    for part in parts:
        if part.type in _TNEF or part.filename.lower() == "winmail.dat":
            return _unpacked(part, problems)
    return "", ()


def _unpacked(part: Part, problems: list[str]) -> tuple[str, tuple[tuple[str, str, int], ...]]:
    from tnefparse import TNEF  # loaded only for the rare mail that needs it

    if part.size() > _MAX_TNEF:
        problems.append("the attached winmail.dat is too large to be opened")
        return "", ()
    try:
        packed = TNEF(part.body(), do_checksum=False)
        files = tuple(
            (_text(one.long_filename() or one.name).strip("\0"), "application/octet-stream", len(one.data or b""))
            for one in packed.attachments
        )
        text, page = _text(packed.body), _text(packed.htmlbody)
    except Exception:  # noqa: BLE001  the reader of this undocumented format raises whatever it stumbles over
        problems.append("the attached winmail.dat could not be opened")
        return "", ()
    if not (text or page or files):
        problems.append("the attached winmail.dat could not be opened")
    return _clean(text).strip() or _clean(markup.render(page)[0]), files


def _text(value: object) -> str:
    """A property of a winmail.dat, which is text, bytes or missing."""
    return value.decode("cp1252", "replace") if isinstance(value, bytes) else str(value or "")
