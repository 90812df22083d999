"""Replies as twenty-two mail programs write them, and what happens to mail on its way. Deterministic.

What a program keeps of a thread, what it puts before the subject and where it lets people write is as its users'
mails show it; the ways (``WAYS``) stand for old versions and for gateways in between.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime

from tests.stories.letters import plain_text
from tests.threads.said import Tongue

LIBRARY = "ask@riverbend.example"


@dataclass(frozen=True, slots=True)
class Program:
    """A mail program. ``prefix``: what it puts before a subject ("" where the language decides, as in Outlook).

    ``keeps``: "both" In-Reply-To and all References, "last" only the last of them, "answered" In-Reply-To alone.
    ``quotes``: "marks" below what is new, "above" it, Outlook's "block", or "nothing". ``mark`` is a line that the
    program adds, ``index`` whether it writes a Thread-Index.
    """

    name: str
    prefix: str = "Re: "
    keeps: str = "both"
    quotes: str = "marks"
    mark: str = ""
    index: bool = False
    mailer: str = ""


PROGRAMS = (
    Program("Outlook for Windows", "", quotes="block", index=True, mailer="Microsoft Outlook 16.0"),
    Program("Outlook on the web", "", quotes="block", index=True),
    Program("Outlook for iOS", "", quotes="block", index=True, mark="Get Outlook for iOS"),
    Program("Gmail on the web"),
    Program("Gmail for Android", mark="Sent from my phone"),
    Program("Apple Mail", mailer="Apple Mail (2.3826.700)"),
    Program("Mail on iPhone", mark="Sent from my iPhone", mailer="iPhone Mail (22F76)"),
    Program("Thunderbird", quotes="above"),
    Program("Yahoo Mail", quotes="marks", mailer="WebService/1.1 YMailNorrin"),
    Program("GMX", "Aw: ", keeps="both"),
    Program("Web.de", "Aw: ", keeps="last"),
    Program("Proton Mail", quotes="marks", mark="Sent with Proton Mail secure email."),
    Program("Samsung Email", quotes="block", mark="Sent from my Galaxy"),
    Program("K-9 Mail"),
    Program("mutt", quotes="above"),
    Program("HCL Notes", "Antwort: ", keeps="answered", quotes="block"),
    Program("GroupWise", "groupwise", keeps="answered"),
    Program("Zimbra", quotes="block", mailer="Zimbra 8.8.15"),
    Program("Roundcube", quotes="above"),
    Program("Horde", quotes="above", keeps="last"),
    Program("Evolution", quotes="above"),
    Program("QQ Mail", "回复：", quotes="nothing", keeps="answered", mailer="QQMail 2.x"),
)


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply before it is written down. ``subject`` has its prefix, ``answered`` is the id of the letter."""

    sender: str
    subject: str
    text: str
    answered: str = ""
    references: tuple[str, ...] = ()
    index: bool = False
    to: str = LIBRARY
    mailer: str = ""


Way = Callable[[Reply, int], Reply]


def reply_of(program: Program, tongue: Tongue, letter: EmailMessage, sender: str, text: str) -> Reply:
    """What the program makes of an answer to ``letter``."""
    prefix = {"": tongue.outlook, "groupwise": tongue.groupwise}.get(program.prefix, program.prefix)
    subject = str(letter["Subject"])
    mine = str(letter["Message-ID"])
    references = (*str(letter["References"] or "").split(), mine)
    return Reply(
        sender=sender,
        subject=subject if subject.lower().startswith(prefix.strip().lower()) else prefix + subject,
        text=_body(program, tongue, letter, text),
        answered="" if program.keeps == "last" else mine,
        references={"both": references, "last": (mine,), "answered": ()}[program.keeps],
        index=program.index,
        to=str(letter["Reply-To"] or LIBRARY),
        mailer=program.mailer,
    )


def _body(program: Program, tongue: Tongue, letter: EmailMessage, text: str) -> str:
    new = f"{text}\n\n{program.mark}".strip() if program.mark else text
    if program.quotes == "nothing":
        return new
    lines = plain_text(letter).splitlines()
    who, day = f"Riverbend Public Library <{LIBRARY}>", letter["Date"].datetime.strftime("%d.%m.%Y %H:%M")
    if program.quotes == "block":
        said = zip(tongue.labels, (who, day, "me", str(letter["Subject"])), strict=True)
        block = [f"{label}: {value}" for label, value in said]
        return "\n".join([new, "", "_" * 32, *block, "", *lines])
    quote = [tongue.wrote.format(day=day, who=who), "", *(f"> {line}".rstrip() for line in lines)]
    return "\n".join([*quote, "", new] if program.quotes == "above" else [new, "", *quote])


def as_it_left(reply: Reply, _: int) -> Reply:
    """Nothing happens to it."""
    return reply


def marked(reply: Reply, number: int) -> Reply:
    """A gateway marks what comes from outside, or what it takes for spam, before the subject or behind the prefix."""
    mark = ("[EXTERNAL]", "[SPAM?]", "***SPAM***", "[EXT]")[number % 4]
    return replace(reply, subject=f"{mark} {reply.subject}", answered="", references=(), index=False)


def under_another_id(reply: Reply, number: int) -> Reply:
    """The server that our letter left by gave it an id of its own, as Amazon SES does, and that is what is named."""
    given = f"<0100018f{number:08x}-7c1d-000000@email.amazonses.com>"
    references = tuple(given if one == reply.answered else one for one in reply.references)
    return replace(reply, answered=given if reply.answered else "", references=references[-1:])


def stripped(reply: Reply, _: int) -> Reply:
    """No id is left."""
    return replace(reply, answered="", references=(), index=False)


def last_only(reply: Reply, _: int) -> Reply:
    """References are cut to the last, and In-Reply-To is gone."""
    last = reply.references[-1:] or (reply.answered,)
    return replace(reply, answered="", references=last)


def mangled(reply: Reply, number: int) -> Reply:
    """The id comes back in capitals, without brackets, or folded and with a comment."""
    name = reply.answered or reply.references[-1]
    written = (name.upper(), name.strip("<>"), f"{name[:12]}\r\n {name[12:]} (Riverbend's message)")[number % 3]
    return replace(reply, answered=written, references=())


def cut(reply: Reply, _: int) -> Reply:
    """The subject is cut short and no id is left."""
    subject = reply.subject if len(reply.subject) <= 34 else f"{reply.subject[:31]}..."
    return replace(reply, subject=subject, answered="", references=(), index=False)


def index_only(reply: Reply, _: int) -> Reply:
    """An old Exchange server keeps its own Thread-Index and no id; the prefix got lost with it."""
    bare = reply.subject.partition(":")[2].strip() if ":" in reply.subject else reply.subject
    return replace(reply, subject=bare, answered="", references=(), index=True)


WAYS: Mapping[str, Way] = {
    "as it left": as_it_left,
    "marked by a gateway": marked,
    "our id rewritten": under_another_id,
    "no id kept": stripped,
    "the last reference only": last_only,
    "the id mangled": mangled,
    "the subject cut short": cut,
    "a Thread-Index only": index_only,
}


def _encoded(subject: str, number: int) -> str:
    """A subject as a header carries it (RFC 2047); programs cut and encode one that is not ASCII differently."""
    if subject.isascii():
        return subject
    if number % 2 == 0:
        return Header(subject, "utf-8", header_name="Subject").encode(linesep="\r\n")
    pieces = [subject[at : at + 12].encode() for at in range(0, len(subject), 12)]
    return "\r\n ".join(f"=?UTF-8?B?{b64encode(piece).decode()}?=" for piece in pieces)


def raw(reply: Reply, number: int, now: datetime) -> bytes:
    """The reply as bytes."""
    lines = [
        f"Return-Path: <{reply.sender}>",
        f"From: {reply.sender.partition('@')[0].title()} <{reply.sender}>",
        f"To: {reply.to}",
        f"Subject: {_encoded(reply.subject, number)}",
        f"Date: {format_datetime(now)}",
        f"Message-ID: <{number}.{reply.sender}>",
        f"In-Reply-To: {reply.answered}" if reply.answered else "",
        "References: " + "\r\n ".join(reply.references) if reply.references else "",
        f"Thread-Index: {b64encode(bytes(27)).decode()}" if reply.index else "",
        f"X-Mailer: {reply.mailer}" if reply.mailer else "",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    head = "\r\n".join(line for line in lines if line)
    return f"{head}\r\n\r\n".encode() + reply.text.replace("\n", "\r\n").encode() + b"\r\n"
