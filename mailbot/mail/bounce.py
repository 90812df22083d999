"""What a delivery report says (RFC 3464), even where a server on the way has flattened it to plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailbot.mail.addresses import address_in
from mailbot.mail.message import Message

_RECIPIENT = re.compile(
    r"^[ \t]*(?:final|original)-recipient[ \t]*:[ \t]*(?:[\w-]+[ \t]*;)?[ \t]*(\S.{0,300})$",
    re.I | re.M,
)
_ACTION = re.compile(r"^[ \t]*action[ \t]*:[ \t]*(\w+)", re.I | re.M)
_STATUS = re.compile(r"^[ \t]*status[ \t]*:[ \t]*([245]\.\d{1,3}\.\d{1,3})", re.I | re.M)
_DIAGNOSTIC = re.compile(
    r"^[ \t]*diagnostic-code[ \t]*:[ \t]*(?:[\w-]+[ \t]*;)?[ \t]*(\S.{0,500}(?:\n[ \t]+\S.{0,500}){0,8})",
    re.I | re.M,
)
_ORIGINAL_ID = re.compile(r"^[> \t]*message-id[ \t]*:\s*(<[^<>\s]{1,990}>)", re.I | re.M)
_ENHANCED = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.])([45]\d\d)[ -](?=\D|\d\.\d)")
_FAILED = re.compile(
    r"^(?:.{0,40}<([^<>\s]{1,200}@[^<>\s]{1,200})>.{0,10}:|[ \t]*([^<>\s@]{1,200}@[^<>\s@]{1,200})[ \t]*$)", re.M
)
_SAMPLE = 60_000
_NOT_FAILED = frozenset({"delayed", "relayed", "delivered", "expanded"})


@dataclass(frozen=True, slots=True)
class Bounce:
    """Why one letter did not arrive. Each string is "" where the report does not say.

    ``original_message_id`` keeps its angle brackets. ``permanent`` is true unless the report says that the server goes
    on trying: by its Action (RFC 3464 section 2.3.3), for a full mailbox may have failed for good; without one, by a
    4.y.z status.
    """

    recipient: str
    status: str
    diagnostic: str
    original_message_id: str
    permanent: bool


def bounce_of(message: Message) -> Bounce | None:
    """The report in a message, or None where there is none. A free-text bounce gives what can be found in it."""
    report = "\n".join(report.text for report in message.reports if "delivery-status" in report.type)[:_SAMPLE]
    text = report or message.text[:_SAMPLE]
    recipient, action = _RECIPIENT.search(text), _ACTION.search(text)
    if not (recipient or action or report) and not _is_free_text(message):
        return None
    status = _STATUS.search(text) or _ENHANCED.search(message.text[:_SAMPLE])
    diagnostic = _DIAGNOSTIC.search(text)
    failed = _recipient_in(message) if recipient is None else (address_in(recipient[1]) or recipient[1].strip())
    code = status[1] if status else ""
    words = " ".join(diagnostic[1].split()) if diagnostic else _diagnosis_in(message.text[:_SAMPLE])
    permanent = action[1].lower() not in _NOT_FAILED if action is not None else not code.startswith("4")
    return Bounce(failed, code, words, _original_id(message), permanent)


def _is_free_text(message: Message) -> bool:
    sender = message.sender.key.partition("@")[0] if message.sender else ""
    return message.return_path == "" or sender in (
        "mailer-daemon",
        "postmaster",
        "mail-daemon",
        "mailerdaemon",
        "mailer_daemon",
    )


def _original_id(message: Message) -> str:
    """Of the letter that came back: from the copy inside, or from what the report answers."""
    for attached in message.attached:
        if attached.message_id:
            return attached.message_id
    for report in message.reports:
        match = _ORIGINAL_ID.search(report.text)
        if match:
            return match[1]
    match = _ORIGINAL_ID.search(message.text[:_SAMPLE])
    if match:
        return match[1]
    return (message.in_reply_to or message.references[-1:] or ("",))[0]


def _recipient_in(message: Message) -> str:
    declared = message.header("x-failed-recipients")
    if declared:
        return address_in(declared)
    match = _FAILED.search(message.text[:_SAMPLE])
    return (match[1] or match[2]) if match else ""


def _diagnosis_in(text: str) -> str:
    match = _CODE.search(text)
    return " ".join(text[match.start() : match.start() + 300].split("\n\n", maxsplit=1)[0].split()) if match else ""
