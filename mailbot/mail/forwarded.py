"""Who wrote first, when a colleague passed a mail on: inline, attached, resent or redirected.

Owns the unwrapping. Only mail of the library's own staff is unwrapped: a patron who forwards something stays the
writer. An address is never invented: where none stands at the right place, ``writer`` is None and a person is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from mailbot.mail.addresses import Address, address_in, clean_name, first_address
from mailbot.mail.message import Message
from mailbot.mail.ours import ABOVE_ORIGINAL, Ours
from mailbot.mail.quoting import Block, attribution_end, find_block, is_quoted, unquoted
from mailbot.mail.reply import new_text
from mailbot.mail.subjects import Prefix, read_subject

_MAX_NESTED = 8
_SURE_REDIRECTS = ("x-forwarded-for", "x-redirected-from", "x-sieve-redirected-from")
_REDIRECTS = (*_SURE_REDIRECTS, "x-original-to", "delivered-to")
_MAILTO = re.compile(r"[<\[(]?mailto:[^\s>\])]*[>\])]?", re.I)
_BEHALF = re.compile(
    r"\s+(?:on behalf of|im auftrag von|de la part de|en nombre de|per conto di|em nome de|namens)\b.*$", re.I | re.S
)
_SRS = re.compile(r"^srs[01][=+-].*?(?:=|==)[a-z0-9]{2}=([^=]+)=([^@]+)@", re.I)


@dataclass(frozen=True, slots=True)
class Forward:
    """A mail that was passed on. ``writer`` is None where nobody can tell whose it is.

    ``text`` is the first writer's whole text, ``hint`` what the colleague wrote around it, ``inner`` the attached
    message where it came as one.
    """

    writer: Address | None
    passed_on_by: Address
    subject: str
    text: str
    hint: str
    inner: Message | None = None
    date: datetime | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """A letter of ours that a colleague forwards back: ``words`` is what they wrote above it ("" for nothing), ``note``
    what we wrote in it.
    """

    words: str
    note: str


def find_forward(message: Message, ours: Ours) -> Forward | None:
    """The mail that staff passed on in this one, or None where it is the sender's own."""
    resent = _resent(message, ours)
    if resent is not None:
        return resent
    sender = message.sender
    if sender is None or not ours.is_staff(sender):
        return _redirected(message, ours)
    return _attached(message, sender, ours) or _inline(message, sender, ours)


def find_returned(message: Message, ours: Ours) -> Returned | None:
    """The letter of ours to staff that a colleague forwards to the mailbox, or None where the mail is something else.

    Some press *Forward* where they mean *Reply*; what they hand on has come from the mailbox, and nobody wrote it anew.
    """
    sender = message.sender
    if sender is None or not ours.is_staff(sender) or message.header("resent-from"):
        return None
    if message.attached:
        is_ours = all(ours.gave(mail.message_id) for mail in message.attached)
        return Returned(new_text(message.text).text, "") if is_ours else None
    if read_subject(message.subject)[0] is not Prefix.FORWARD:
        return None
    lines = message.text.split("\n")
    block = find_block(lines)
    if block is None or (writer := _writer(block.sender)) is None:
        return None
    top = block.top
    while writer is not None and ours.is_staff(writer) and (deeper := find_block(lines, block.end)) is not None:
        block, writer = deeper, _writer(deeper.sender)
    if writer is None or not ours.is_own(writer):
        return None
    below = [unquoted(line).strip() for line in lines[block.end :]]
    if ABOVE_ORIGINAL not in below and not any(map(ours.gave, (*message.in_reply_to, *message.references))):
        return None
    end = below.index(ABOVE_ORIGINAL) if ABOVE_ORIGINAL in below else len(below)
    return Returned(_hint(lines[:top]), "\n".join(below[:end]))


def true_sender(message: Message, ours: Ours) -> Address | None:
    """The From of a mail before a group or a forwarder rewrote it."""
    sender = message.sender
    for name in ("x-original-from", "x-google-original-from", "x-original-sender", "x-mailfrom-original"):
        original = first_address(message.header(name))
        if original and "@" in original.address and sender and (ours.passes_on(sender) or " via " in sender.name):
            return Address(original.name or _before_via(sender.name), original.address)
    if sender is None:
        return None
    srs = _SRS.match(sender.address)
    if srs:
        return Address(sender.name, f"{srs[2]}@{srs[1]}")
    if " via " in sender.name and ours.passes_on(sender):
        replies = [address for address in message.reply_to if not ours.passes_on(address)]
        if len(replies) == 1:
            return Address(_before_via(sender.name), replies[0].address)
    return sender


def _before_via(name: str) -> str:
    return clean_name(name.partition(" via ")[0])


def _resent(message: Message, ours: Ours) -> Forward | None:
    by = first_address(message.header("resent-from")) or first_address(message.header("resent-sender"))
    sender = message.sender
    if by is None or sender is None or not ours.is_staff(by) or sender.key == by.key:
        return None
    return Forward(sender, by, message.subject, message.text, "", date=message.date)


def _redirected(message: Message, ours: Ours) -> Forward | None:
    """A server-side rule of a colleague's mailbox sent it on; the From is still the patron's."""
    if message.sender is None:
        return None
    written_to = {address.key for address in (*message.to, *message.cc)}
    for name in _REDIRECTS:
        for value in message.all(name):
            for word in value.replace(",", " ").split():
                by = first_address(word)
                if by is None or not ours.is_staff(by) or by.key in ours.departments:
                    continue
                # A Delivered-To alone may be the mailbox's inner name.
                if name in _SURE_REDIRECTS or by.key in written_to:
                    return Forward(message.sender, by, message.subject, message.text, "", date=message.date)
    return None


def _attached(message: Message, by: Address, ours: Ours) -> Forward | None:
    """A mail attached as message/rfc822. Several of different writers are nobody's."""
    mails = [mail for mail in message.attached if mail.is_mail]
    if not mails or _answers_us(message, ours):
        return None
    writers = {mail.sender.key: mail for mail in mails if mail.sender is not None}
    hint = new_text(message.text).text
    if len(writers) != 1:
        return Forward(None, by, message.subject, message.text, hint)
    inner = next(iter(writers.values()))
    if ours.is_staff(inner.sender):
        deeper = find_forward(inner, ours)
        if deeper is not None:
            return deeper
    return Forward(true_sender(inner, ours), by, inner.subject or message.subject, inner.text, hint, inner, inner.date)


def _answers_us(message: Message, ours: Ours) -> bool:
    """Whether it is a reply to one of our own letters, whose quotes are no forward."""
    return any(one.rstrip(">").rpartition("@")[2].lower() in ours.domains for one in message.in_reply_to)


def _inline(message: Message, by: Address, ours: Ours) -> Forward | None:
    prefix, subject = read_subject(message.subject)
    if prefix is Prefix.REPLY and _answers_us(message, ours):
        return None
    lines = message.text.split("\n")
    block = find_block(lines)
    if block is None:
        return _without_headers(lines, by, subject) if prefix is Prefix.FORWARD else None
    if not _is_forward(message, prefix, lines, block):
        return None
    return _unwrap(lines, block, by, subject, ours)


def _is_forward(message: Message, prefix: Prefix, lines: list[str], block: Block) -> bool:
    if prefix is Prefix.FORWARD:
        return True
    if prefix is Prefix.REPLY or message.in_reply_to:
        quoted = any(attribution_end(lines, at) > at for at in range(min(block.top, 200)))
        return block.forwarded and not quoted
    return block.forwarded or not block.original


def _unwrap(lines: list[str], block: Block, by: Address, subject: str, ours: Ours) -> Forward:
    """Inwards, as long as what is found was itself only passed on."""
    hints = [_hint(lines[: block.top])]
    inner, below = _inner(lines, block)
    for _ in range(_MAX_NESTED):
        deeper = find_block(inner)
        if deeper is None or not _only_passed_on(block, inner, deeper, ours):
            break
        subject = read_subject(block.subject)[1] or subject
        hints += [below, _hint(inner[: deeper.top])]
        block = deeper
        inner, below = _inner(inner, block)
    writer = _writer(block.sender)
    if writer is not None and ours.is_own(writer):
        writer = None
    hint = "\n".join(part for part in (*hints, below) if part)
    return Forward(writer, by, read_subject(block.subject)[1] or subject, "\n".join(inner).strip("\n"), hint)


def _only_passed_on(block: Block, inner: list[str], deeper: Block, ours: Ours) -> bool:
    """Whether the mail under a block is itself only somebody else's: a colleague's, or sent on without a word."""
    writer = _writer(block.sender)
    if writer is None or ours.is_staff(writer) or ours.is_own(writer):
        return True
    silent = not any(line.strip() for line in inner[: deeper.top])
    return silent and read_subject(block.subject)[0] is Prefix.FORWARD


def _inner(lines: list[str], block: Block) -> tuple[list[str], str]:
    """The lines of the mail under a block, and what stands below it when the quoting ends."""
    rest = lines[block.end :]
    first = next((line for line in rest if line.strip()), "")
    if not (block.quoted and is_quoted(first)):
        return _dedented(rest), ""
    for at, line in enumerate(rest):
        if line.strip() and not is_quoted(line):
            return [unquoted(line, once=True) for line in rest[:at]], _hint(rest[at:])
    return [unquoted(line, once=True) for line in rest], ""


def _dedented(lines: list[str]) -> list[str]:
    said = [line for line in lines if line.strip()]
    depth = min((len(line) - len(line.lstrip(" \t")) for line in said), default=0)
    return [line[depth:] if line.strip() else "" for line in lines] if depth else lines


def _without_headers(lines: list[str], by: Address, subject: str) -> Forward | None:
    """Outlook for Mac forwards with an attribution and no quote marks: "On 28/10/2021, Pat <p@example.org> wrote:"."""
    for at, line in enumerate(lines[:200]):
        end = attribution_end(lines, at) if line.strip() and not is_quoted(line) else at
        if end > at:
            below = [line for line in lines[end:] if line.strip()]
            writer = _writer(" ".join(lines[at:end]).rstrip(" :"))
            if not below or is_quoted(below[0]) or writer is None:
                return None
            return Forward(
                _named(writer, lines[at:end]),
                by,
                subject,
                "\n".join(_dedented(lines[end:])).strip("\n"),
                _hint(lines[:at]),
            )
    return None


def _named(writer: Address, lines: list[str]) -> Address:
    """The name out of an attribution is what stands in quotes before the address, or nothing."""
    match = re.search(r"[\"“]([^\"”]{1,80})[\"”]\s*[<\[(]", " ".join(lines))
    return Address(clean_name(match[1]) if match else "", writer.address)


def _hint(lines: list[str]) -> str:
    text = "\n".join(lines).strip()
    return new_text(text).text if text else ""


def _writer(value: str) -> Address | None:
    """The mailbox in a block's From line: "Pat Ron <mailto:p@example.org>", "Ron, Pat [p@example.org]" and the like."""
    value = value.replace("\u200e", "").replace("\u200f", "")
    spec = address_in(_BEHALF.sub("", value)) or address_in(value.replace("mailto:", " "))
    if not spec:
        return None
    name = _MAILTO.sub(" ", _BEHALF.sub("", value)).split("<")[0].split("[")[0].replace(spec, " ")
    return Address(clean_name(name.strip(" ,;")), spec)
