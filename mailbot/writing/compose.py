"""A letter to the bytes of a mail (RFC 5322, 2045-2047, 2049, 3676, 3834), originals spliced in as they came.

Owns everything about bytes that leave. What patrons and colleagues wrote is hostile here: no header value can end
its line, and no original is parsed into a tree and written again; it travels byte for byte, or, where mail
cannot carry it so, whole inside base64. Pure: the date and the Message-ID are arguments.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from quopri import encodestring

from mailbot.mail.message import Address
from mailbot.mail.ours import ABOVE_ORIGINAL
from mailbot.writing.letter import Letter, LetterKind
from mailbot.writing.original import HARD, carried, enclosures, one_line

_TO_PATRONS = ("Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All")
_TO_STAFF = ("Auto-Submitted: auto-generated",)
_LINE = 76  # columns of a header line, and of text
_FLOWED = 74  # room for the soft break's space
_MOST_REFERENCES = 12


def compose(letter: Letter, *, message_id: str, date: datetime, originals: Sequence[bytes]) -> bytes:
    """The mail: CRLF line ends, no line over 998 octets, 7-bit headers.

    ``message_id`` with its angle brackets; ``date`` is aware; ``originals`` are the raw messages that
    ``letter.carries`` names, in that order.
    """
    lines = _headers(letter, message_id, date)
    parts = _enclosing(letter, originals) if letter.kind is LetterKind.RELAY else _carrying(letter, originals)
    if len(parts) == 1:
        return _joined(lines, parts[0])
    boundary = _boundary(message_id, parts)
    mark = b"\r\n--" + boundary
    # RFC 2045 section 6.4: a multipart is as wide as the widest part in it.
    width = b"7bit" if all(part.isascii() for part in parts) else b"8bit"
    kind = b'Content-Type: multipart/mixed; boundary="%b"\r\nContent-Transfer-Encoding: %b\r\n' % (boundary, width)
    return _joined(lines, kind + b"".join(mark + b"\r\n" + part for part in parts) + mark + b"--\r\n")


def _enclosing(letter: Letter, originals: Sequence[bytes]) -> list[bytes]:
    """The words of a colleague and the files they sent with them; nothing else of their mail leaves the house."""
    return [_text_part(letter.text), *(part for raw in originals for part in enclosures(raw))]


def _carrying(letter: Letter, originals: Sequence[bytes]) -> list[bytes]:
    """The note, and everything that was sent."""
    if not originals:
        return [_text_part(letter.text)]
    brought = [carried(raw) for raw in originals]
    parts = [_text_part(f"{letter.text}\n\n{ABOVE_ORIGINAL}\n{brought[0].shown}")]
    for at, original in enumerate(brought):
        if at:
            parts.append(_text_part(f"{ABOVE_ORIGINAL}\n{original.shown}"))
        parts.append(original.part)
        if original.readable:
            parts.append(_text_part(original.readable))
        parts += original.beside
    return parts


def _joined(headers: list[str], rest: bytes) -> bytes:
    return ("\r\n".join(headers) + "\r\nMIME-Version: 1.0\r\n").encode("ascii") + rest


def _boundary(message_id: str, parts: Sequence[bytes]) -> bytes:
    """A boundary that stands in no part; derived, so that a second composing gives the same bytes."""
    salt = 0
    while True:
        digest = hashlib.sha256(f"{message_id}{salt}".encode("utf-8", "replace")).hexdigest()[:32]
        boundary = f"=_{digest}".encode("ascii")
        if not any(boundary in part for part in parts):
            return boundary
        salt += 1


# --- headers -------------------------------------------------------------------------------------------------------

_SPEC = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9\[\]:._-]{1,255}\Z")
_ID = re.compile(r"<[!-;=?-~]{1,250}>\Z")


def _headers(letter: Letter, message_id: str, date: datetime) -> list[str]:
    lines = [
        _mailboxes("From", (letter.sender,)),
        _mailboxes("To", (letter.to,)) or "To: undisclosed-recipients:;",
        _mailboxes("Reply-To", tuple(Address("", found.address) for found in letter.reply_to)),
        _text("Subject", letter.subject),
        f"Date: {format_datetime(date)}",
        f"Message-ID: {_id(message_id)}",
        _ids("In-Reply-To", (letter.in_reply_to,)),
        _ids("References", letter.references),
        *_automatic(letter),
        f"X-Mailbot-Letter: {letter.kind.value}",
        _text("X-Mailbot-Case", letter.case_ref) if letter.case_ref else "",
    ]
    return [line for line in lines if line]


def _automatic(letter: Letter) -> tuple[str, ...]:
    """That a machine wrote it (RFC 3834 section 5); of a person's words that would not be true."""
    if letter.kind is LetterKind.RELAY:
        return ()
    return _TO_PATRONS if letter.to_patron else _TO_STAFF


def _id(value: str) -> str:
    return value if _ID.match(value) else ""


def _ids(name: str, values: Sequence[str]) -> str:
    """A header of Message-IDs; the first and the last of too many (RFC 5537 section 3.4.4)."""
    fit = list(dict.fromkeys(filter(None, map(_id, values))))
    if len(fit) > _MOST_REFERENCES:
        fit = [fit[0], *fit[1 - _MOST_REFERENCES :]]
    return f"{name}: " + "\r\n ".join(fit) if fit else ""


def _text(name: str, value: str) -> str:
    """An unstructured header (RFC 5322 section 3.6.5), encoded where it is not plain (RFC 2047)."""
    clean = one_line(value)
    return _folded(f"{name}:", clean.split(" ") if _plain(clean) else _encoded(clean))


def _plain(value: str) -> bool:
    """Whether it can stand as it is; what looks like an encoded word must be encoded, or it would be decoded."""
    return value.isascii() and "=?" not in value and all(len(word) <= 60 for word in value.split(" "))


def _mailboxes(name: str, addresses: Sequence[Address]) -> str:
    """A header of mailboxes; those whose addr-spec mail cannot carry are left out."""
    pieces: list[str] = []
    fit = [(address, spec) for address in addresses if (spec := _spec(address.address))]
    for at, (address, spec) in enumerate(fit):
        comma = "," if at < len(fit) - 1 else ""
        display = one_line(address.name)
        if display:
            pieces += [*_phrase(display), f"<{spec}>{comma}"]
        else:
            pieces.append(spec + comma)
    return _folded(f"{name}:", pieces) if pieces else ""


def _spec(address: str) -> str:
    """The addr-spec in ASCII, its domain by IDNA; "" where it is none."""
    local, _, domain = address.strip().rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    spec = f"{local}@{domain}"
    return spec if _SPEC.match(spec) else ""


def _phrase(display: str) -> list[str]:
    """A display name: a quoted string, or encoded words (RFC 2047 section 5, rule 3)."""
    if not _plain(display):
        return _encoded(display)
    escaped = display.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'.split(" ")


def _encoded(value: str) -> list[str]:
    """Encoded words of at most 75 characters, none cutting a character in two."""
    pieces: list[str] = []
    room = 36  # octets: 60 characters as an encoded word, which fit behind the longest header name
    chunk = b""
    for character in value:
        octets = character.encode("utf-8")
        if len(chunk) + len(octets) > room:
            pieces.append(_word(chunk))
            chunk = b""
        chunk += octets
    return [*pieces, _word(chunk)] if chunk else pieces


def _word(octets: bytes) -> str:
    return f"=?utf-8?b?{b64encode(octets).decode('ascii')}?="


def _folded(head: str, pieces: Sequence[str]) -> str:
    lines = [head]
    for piece in pieces:
        if len(lines[-1]) + 1 + len(piece) > _LINE and lines[-1] != head:
            lines.append("")
        lines[-1] += f" {piece}"
    return "\r\n".join(lines)


# --- text ----------------------------------------------------------------------------------------------------------


def _text_part(text: str) -> bytes:
    """A text/plain part with its headers: 7-bit where it is ASCII, quoted-printable otherwise (RFC 3676 flowed)."""
    flowed = "\r\n".join(line for paragraph in text.splitlines() for line in _flow(_visible(paragraph)))
    body = f"{flowed}\r\n"
    if body.isascii() and all(len(line) <= HARD for line in body.split("\r\n")):
        head = b'Content-Type: text/plain; charset="us-ascii"; format=flowed\r\nContent-Transfer-Encoding: 7bit\r\n\r\n'
        return head + body.encode("ascii")
    head = b'Content-Type: text/plain; charset="utf-8"; format=flowed\r\n'
    head += b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    octets = encodestring(body.replace("\r\n", "\n").encode("utf-8", "replace"))
    return head + octets.replace(b"\n", b"\r\n")


_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


def _visible(paragraph: str) -> str:
    return _INVISIBLE.sub(" ", paragraph) if not paragraph.isprintable() else paragraph


def _flow(paragraph: str) -> list[str]:
    """A paragraph in lines with soft breaks; a long word, such as a link, is left whole."""
    paragraph = paragraph.rstrip()
    if len(paragraph) <= _FLOWED:
        return [_stuffed(paragraph)]
    lines: list[str] = []
    start = 0
    while len(paragraph) - start > _FLOWED:
        cut = paragraph.rfind(" ", start + 1, start + _FLOWED + 1)
        if cut < 0:
            cut = paragraph.find(" ", start + _FLOWED)
        if cut < 0:
            break
        lines.append(_stuffed(paragraph[start:cut]) + " ")
        start = cut + 1
    return [*lines, _stuffed(paragraph[start:])]


def _stuffed(line: str) -> str:
    """RFC 3676 section 4.4: what a quoting, a From line or an indent would be taken for gets a space."""
    return f" {line}" if line.startswith((" ", ">", "From ")) else line
