"""Bytes to a frozen ``Message`` (RFC 5322, 2045-2047), whatever the bytes are.

Owns how a mail is read: headers, charsets, MIME parts, text, links. Knows nothing of libraries, cases or
departments, and reaches no network, database, file or clock. ``parse`` never raises; its time is linear in the
size of the mail, and what it keeps beside the bytes is bounded.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from mailbot.mail import body
from mailbot.mail.addresses import Address, first_address, parse_addresses
from mailbot.mail.charsets import decode_words
from mailbot.mail.mime import Field, Part, Structure, take_apart

__all__ = ["Address", "Attachment", "Message", "Report", "parse"]

MAX_ATTACHED_DEPTH = 4
MAX_ATTACHED = 20
_LEAST_ROOM = 1 << 20
_CHUNK = 1 << 20
_ID = re.compile(r"<[^<>\s]{1,990}>")
_BROKEN_ID = re.compile(r"<[^<>]{1,990}>")
_BARE_ID = re.compile(r"[^\s<>\"(),;:]{1,490}@[^\s<>\"(),;:]{1,490}")
_COMMENT = re.compile(r"\([^()<>]{0,990}\)")
_KNOWN = frozenset({
    "from", "to", "cc", "bcc", "subject", "date", "message-id", "received", "return-path", "content-type", "sender",
    "mime-version", "reply-to", "delivered-to", "references", "in-reply-to", "x-mailer", "resent-from",
    "content-transfer-encoding", "list-id", "organization",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is no body text: file name, media type (lower case), decoded size in bytes. ``embedded``: shown
    within the text, as the picture in a signature is (RFC 2392).
    """

    name: str
    type: str
    bytes: int
    embedded: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A part that one mail server wrote for another (RFC 3464, 3798, 5965): its media type and its text."""

    type: str
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """One mail as read. ``headers`` are (lower-case name, decoded value) in order of appearance.

    ``message_id``, ``in_reply_to`` and ``references`` keep their angle brackets; ``message_id`` is "" where there
    is none. ``return_path`` is None where no such header stands, "" for the null path ``<>``. ``date`` is aware
    (UTC) or None. ``text`` is the whole body as plain text (rendered from HTML where there is nothing else), ``html``
    the HTML part as sent. ``links`` are the URLs of text and HTML, in order, each once. ``attached`` holds
    message/rfc822 parts. ``problems`` says in words what was wrong with the bytes.
    ``content_hash`` is the hex SHA-256 of From, Date, Subject and body: equal for copies of one mail that
    came by different ways, different where a sender uses a Message-ID twice.
    """

    raw: bytes
    headers: tuple[tuple[str, str], ...]
    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    return_path: str | None
    subject: str
    date: datetime | None
    text: str
    html: str
    links: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    content_types: tuple[str, ...]
    attached: tuple[Message, ...]
    content_hash: str
    problems: tuple[str, ...]
    reports: tuple[Report, ...] = ()
    is_mail: bool = True

    def header(self, name: str) -> str:
        """The first header of that (lower-case) name, or ""."""
        return next((value for key, value in self.headers if key == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Every header of that (lower-case) name, in order."""
        return tuple(value for key, value in self.headers if key == name)


@dataclass(slots=True)
class _Room:
    """How many bytes attached mails may still take up, all in all: one inside the other would each be a copy more."""

    left: int

    def take(self, part: Part, problems: list[str]) -> bytes:
        """The bytes of an attached mail, as far as there is room."""
        data = part.body(self.left)
        if len(data) > self.left:
            data = data[: self.left]
            problems.append("the attached mails are very long; the end of one was left out of the reading")
        self.left = max(1, self.left - len(data))
        return data


def parse(raw: bytes) -> Message:
    """Any bytes as a message. Never raises. Takes up about twice the bytes while it reads, and less afterwards."""
    return _parse(raw, 0, _Room(len(raw) + _LEAST_ROOM))


def _parse(raw: bytes, depth: int, room: _Room) -> Message:
    structure = take_apart(raw)
    problems = list(structure.problems)
    first = {field.name: field.value for field in reversed(structure.fields)}
    is_mail = not _KNOWN.isdisjoint(first)
    if not is_mail:
        problems.insert(0, "this is not a mail message" if raw.strip() else "the file is empty")
    content = body.read(structure.parts)
    problems += content.problems
    attached = (
        tuple(_parse(room.take(part, problems), depth + 1, room) for part in content.mails[:MAX_ATTACHED])
        if depth < MAX_ATTACHED_DEPTH
        else ()
    )
    return Message(
        raw=raw,
        headers=tuple((field.name, _plain(field.value)) for field in structure.fields),
        message_id=_message_id(first.get("message-id", "")),
        in_reply_to=ids_in(first.get("in-reply-to", "")),
        references=ids_in(first.get("references", "")),
        sender=_sender(first),
        reply_to=parse_addresses(first.get("reply-to", "")),
        to=_recipients(structure.fields, "to"),
        cc=_recipients(structure.fields, "cc"),
        return_path=_return_path(first.get("return-path")),
        subject=" ".join(_plain(first.get("subject", "")).split()),
        date=date_of(first.get("date", "")),
        text=content.text,
        html=content.html,
        links=content.links,
        attachments=tuple(
            Attachment(
                _plain(part.filename) or _name_of(part, attached, content.mails),
                part.type,
                size,
                embedded=part.content_id != "" and part.disposition != "attachment",
            )
            for part, size in content.attachments
        ) + tuple(Attachment(name, kind, size) for name, kind, size in content.unpacked),
        content_types=structure.types,
        attached=attached,
        content_hash=_content_hash(raw, structure, first),
        problems=tuple(dict.fromkeys(problems)),
        reports=tuple(Report(kind, text) for kind, text in content.reports),
        is_mail=is_mail,
    )  # fmt: skip


def date_of(value: str) -> datetime | None:
    """A Date header as an aware time in UTC; one without a zone is taken as UTC, an impossible one is None."""
    try:
        date = parsedate_to_datetime(value[:200])
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _sender(first: dict[str, str]) -> Address | None:
    """Who the mail is from; where no From says so, where its answers go."""
    for name in ("from", "reply-to", "sender"):
        address = first_address(first.get(name, ""))
        if address is not None:
            return address
    return None


def _plain(value: str) -> str:
    """A header value for people and for databases: decoded, without control characters."""
    value = decode_words(value)
    return value if value.isprintable() else "".join(c if c.isprintable() or c in "\t\u3000" else " " for c in value)


def ids_in(value: str) -> tuple[str, ...]:
    """The Message-IDs of In-Reply-To or References, in angle brackets, however a program wrote them down.

    Some fold a line inside an id, encode the whole as RFC 2047 words, put comments beside it, or lose the brackets.
    """
    if "=?" in value:
        value = decode_words(value)
    found: list[str] = []
    for bracketed in _BROKEN_ID.findall(value):
        whole = bracketed if _ID.match(bracketed) else "".join(bracketed.split())
        if whole == bracketed or "@" in whole:
            found.append(whole)
    if found or "@" not in value:
        return tuple(found)
    return tuple(f"<{bare}>" for bare in _BARE_ID.findall(_COMMENT.sub(" ", value)))


def _message_id(value: str) -> str:
    match = _ID.search(value)
    return match.group() if match else _plain(value.strip())[:990]


def _recipients(fields: tuple[Field, ...], name: str) -> tuple[Address, ...]:
    return tuple(address for field in fields if field.name == name for address in parse_addresses(field.value))


def _return_path(value: str | None) -> str | None:
    if value is None:
        return None
    address = first_address(value)
    return address.address if address else ""


def _name_of(part: Part, attached: tuple[Message, ...], mails: tuple[Part, ...]) -> str:
    """An attached mail without a file name goes by its subject."""
    for mail, message in zip(mails, attached, strict=False):
        if mail is part:
            return f"{message.subject or 'message'}.eml"
    return "message.eml" if part.type == "message/rfc822" else ""


def _content_hash(raw: bytes, structure: Structure, first: dict[str, str]) -> str:
    """Line ends differ between the ways a mail can take, and so do the blanks at its end; neither counts."""
    digest = hashlib.sha256()
    for name in ("from", "date", "subject"):
        digest.update(" ".join(first.get(name, "").split()).encode("utf-8", "replace") + b"\0")
    end = len(raw)
    while end > structure.body and raw[end - 1] in b"\r\n\t ":
        end -= 1
    for at in range(structure.body, end, _CHUNK):
        digest.update(raw[at : min(at + _CHUNK, end)].replace(b"\r", b""))
    return digest.hexdigest()
