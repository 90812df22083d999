"""A letter to the bytes of a mail (RFC 5322, 2045-2047, 2049, 3676, 3834), originals spliced in as they came.

Owns everything about bytes that leave. What patrons and colleagues wrote is hostile here: no header value can end
its line, and no original is parsed into a tree and written again; it travels byte for byte, or, where mail
cannot carry it so, whole inside base64. Pure: the date and the Message-ID are arguments.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode, encodebytes
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header
from email.message import Message as Parsed
from email.utils import format_datetime
from quopri import encodestring

from mailbot.mail.message import Address
from mailbot.writing.letter import Letter

_LINE = 76  # columns of a header line, and of text
_FLOWED = 74  # room for the soft break's space
_HARD = 998  # RFC 5322 section 2.1.1
_LONGEST_VALUE = 400  # characters of a header value that a stranger chose
_MOST_REFERENCES = 12
_READABLE = 60_000  # characters shown of an original that travels inside base64


def compose(letter: Letter, *, message_id: str, date: datetime, originals: Sequence[bytes]) -> bytes:
    """The mail: CRLF line ends, no line over 998 octets, 7-bit headers.

    ``message_id`` with its angle brackets; ``date`` is aware; ``originals`` are the raw messages that
    ``letter.carries`` names, in that order.
    """
    lines = _headers(letter, message_id, date)
    if not originals:
        return _joined(lines, _text_part(letter.text))
    carried = [_carried(raw) for raw in originals]
    parts = [_text_part(f"{letter.text}\n\n{_RULE}\n{carried[0].shown}")]
    for at, original in enumerate(carried):
        if at:
            parts.append(_text_part(f"{_RULE}\n{original.shown}"))
        parts.append(original.part)
        if original.readable:
            parts.append(_text_part(original.readable))
    boundary = _boundary(message_id, parts)
    mark = b"\r\n--" + boundary
    # RFC 2045 section 6.4: a multipart is as wide as the widest part in it.
    width = b"7bit" if all(part.isascii() for part in parts) else b"8bit"
    kind = b'Content-Type: multipart/mixed; boundary="%b"\r\nContent-Transfer-Encoding: %b\r\n' % (boundary, width)
    return _joined(lines, kind + b"".join(mark + b"\r\n" + part for part in parts) + mark + b"--\r\n")


_RULE = "-" * 40


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

# Controls, and what turns or hides text: bidirectional marks, zero-width characters, line separators, lone surrogates.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e007f]+"
)
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
        f"Auto-Submitted: {'auto-replied' if letter.to_patron else 'auto-generated'}",
        "X-Auto-Response-Suppress: All" if letter.to_patron else "",
        f"X-Mailbot-Letter: {letter.kind.value}",
        _text("X-Mailbot-Case", letter.case_ref),
    ]
    return [line for line in lines if line]


def _clean(value: str) -> str:
    """One line of visible text, of bounded length."""
    clean = " ".join(_UNSEEN.sub(" ", value[: 4 * _LONGEST_VALUE]).split())
    return clean if len(clean) <= _LONGEST_VALUE else clean[: _LONGEST_VALUE - 1] + "…"


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
    clean = _clean(value)
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
        display = _clean(address.name)
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
    if body.isascii() and all(len(line) <= _HARD for line in body.split("\r\n")):
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


# --- originals -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Carried:
    """An original as a part: its bytes, its main headers as text, and its text where the part can't be read as is."""

    part: bytes
    shown: str
    readable: str = ""


_KEPT = (b"content-type", b"content-transfer-encoding", b"content-disposition", b"content-id", b"content-language")
_SHOWN = (b"from", b"date", b"to", b"cc", b"subject")
_FIELD = re.compile(rb"^([!-9;-~]+)[ \t]*:((?:.*(?:\r?\n[ \t].*)*))", re.MULTILINE)
_TYPE = re.compile(rb"[ \t\r\n]*[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+[ \t\r\n]*(?:;|\Z|\()")
_ENCODINGS = frozenset({b"7bit", b"8bit", b"quoted-printable", b"base64"})


def _carried(raw: bytes) -> _Carried:
    head, body = _split(raw)
    fields = _fields(head)
    shown = "\n".join(_shown(name, fields[name]) for name in _SHOWN if name in fields)
    if _travels(raw, head, body, fields):
        kept = [_canonical(name) + b":" + fields[name] for name in _KEPT if name in fields]
        if b"content-transfer-encoding" not in fields and not body.isascii():
            kept.append(b"Content-Transfer-Encoding: 8bit")
        if b"content-type" not in fields:
            kept.append(b'Content-Type: text/plain; charset="us-ascii"')
        return _Carried(_crlf(b"\r\n".join(kept) + b"\r\n\r\n" + body), shown)
    # message/rfc822 may not be base64 (RFC 2046 section 5.2.1), and these bytes cannot travel any other way:
    # as octets they arrive as they were, and every mail program opens a file that ends in .eml.
    part = (
        b'Content-Type: application/octet-stream; name="original.eml"\r\nContent-Transfer-Encoding: base64\r\n'
        b'Content-Disposition: attachment; filename="original.eml"\r\n\r\n'
    ) + encodebytes(raw).replace(b"\n", b"\r\n")
    return _Carried(part, shown, _readable(raw))


def _split(raw: bytes) -> tuple[bytes, bytes]:
    """Header block and body, at the first empty line."""
    crlf, lf = raw.find(b"\r\n\r\n"), raw.find(b"\n\n")
    if crlf >= 0 and (lf < 0 or crlf < lf):
        return raw[:crlf], raw[crlf + 4 :]
    if lf >= 0:
        return raw[:lf], raw[lf + 2 :]
    return raw, b""


def _fields(head: bytes) -> dict[bytes, bytes]:
    """The first header of each name, folded as it came, by lower-case name."""
    found: dict[bytes, bytes] = {}
    for field in _FIELD.finditer(head[:65536]):
        found.setdefault(field[1].lower(), field[2].rstrip(b"\r\n"))
    return found


def _travels(raw: bytes, head: bytes, body: bytes, fields: dict[bytes, bytes]) -> bool:
    """Whether the content can stand inside another mail as it is."""
    if b"\0" in raw or raw.count(b"\r") != raw.count(b"\r\n") or max(map(len, raw.split(b"\n"))) > _HARD:
        return False
    contents = [fields[name] for name in _KEPT if name in fields]
    if not all(value.isascii() for value in contents) or len(head) > 65536:
        return False
    kind = fields.get(b"content-type")
    if kind is None:
        return body.isascii() and b"content-transfer-encoding" not in fields
    encoding = fields.get(b"content-transfer-encoding", b"7bit").strip().lower()
    if encoding not in _ENCODINGS or not _TYPE.match(kind):
        return False
    return b"boundary" in kind.lower() or not kind.strip().lower().startswith(b"multipart/")


def _crlf(octets: bytes) -> bytes:
    return (
        octets
        if octets.count(b"\n") == octets.count(b"\r\n")
        else octets.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    )


def _canonical(name: bytes) -> bytes:
    return b"-".join(word.capitalize() for word in name.split(b"-")).replace(b"Id", b"ID")


def _shown(name: bytes, value: bytes) -> str:
    return f"{name.decode('ascii').capitalize()}: {_decoded(value)}"


def _decoded(value: bytes) -> str:
    """A header as text (RFC 2047), on one line; what can't be decoded is shown as it stands."""
    text = " ".join(_lenient(value[:4000], "utf-8").split())
    if "=?" in text:
        try:
            text = "".join(
                piece if isinstance(piece, str) else _lenient(piece, charset or "ascii")
                for piece, charset in decode_header(text)
            )
        except (ValueError, LookupError):
            return text
    return _clean(text)


def _lenient(octets: bytes, charset: str) -> str:
    try:
        return octets.decode(charset)
    except (UnicodeDecodeError, LookupError):
        return octets.decode("cp1252", "replace")


def _readable(raw: bytes) -> str:
    """The text of an original that travels as an attachment: staff need not open it to read it."""
    found = message_from_bytes(raw)
    for part in found.walk():
        if part.get_content_type() == "text/plain":
            return _payload(part)[:_READABLE]
    return _payload(found)[:_READABLE] if not found.is_multipart() else ""


def _payload(part: Parsed) -> str:
    payload = part.get_payload(decode=True)
    octets = payload if isinstance(payload, bytes) else b""
    try:
        charset = part.get_content_charset() or "utf-8"
    except (LookupError, ValueError, TypeError):
        charset = "utf-8"
    return _lenient(octets, charset).replace("\r\n", "\n").replace("\r", "\n")
