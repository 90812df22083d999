"""A step's mail as the bytes that reach the mailbox, and the other ways in which people's programs write the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from email import message_from_bytes, message_from_string, policy
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime

from tests.stories.letters import plain_text
from tests.stories.story import Mail, Step, Story

OURS = "ask@riverbend.example"


@dataclass(frozen=True, slots=True)
class Posted:
    """A mail on its way. ``texts`` are the pieces of text that must be found wherever it is carried whole."""

    raw: bytes
    message_id: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """What the story has seen so far: the mails by step, the letters that left by id."""

    story: Story
    mails: Mapping[int, Posted]
    letters: Mapping[str, EmailMessage]


def written(step: Step, before: Before) -> Posted:
    """The step's mail as its writer's program sends it."""
    mail = _mail_of(step)
    special = dict(mail.headers)
    if special.get("Content-Type", "").startswith("multipart/report"):
        return _report(step, mail, before)
    message = EmailMessage(policy=policy.SMTP)
    _address(message, step, mail, before)
    text = mail.text
    if mail.quotes:
        text = f"{mail.text}\n{_quoted(before.letters[mail.answers])}"
    message.set_content(text)
    return _posted(message, mail.text)


def _mail_of(step: Step) -> Mail:
    assert step.mail is not None, f"step {step.n} has no mail"
    return step.mail


def _posted(message: Message, *texts: str) -> Posted:
    raw = message.as_bytes(policy=policy.SMTP)
    return Posted(raw, str(message_from_bytes(raw, policy=policy.default)["Message-ID"]).strip(), texts)


def _address(message: Message, step: Step, mail: Mail, before: Before, *, threaded: bool = True) -> None:
    """Puts on every header that a mail has when it has reached a mailbox; the story's own come instead of ours."""
    sender = before.story.person(mail.sender)
    domain = sender.address.rpartition("@")[2]
    headers = {
        "Return-Path": f"<{sender.address}>",
        "Delivered-To": OURS if step.reaches == "mailbox" else before.story.person(mail.to[0]).address,
        "From": _mailbox(before.story, mail.sender),
        "To": ", ".join(_recipient(before, who) for who in mail.to),
        "Cc": ", ".join(_recipient(before, who) for who in mail.cc),
        "Subject": mail.subject,
        "Date": format_datetime(step.at),
        "Message-ID": f"<{before.story.name}.{step.n}@{domain}>",
    }
    if mail.answers and threaded:
        letter = before.letters[mail.answers]
        headers["In-Reply-To"] = letter["Message-ID"]
        headers["References"] = " ".join(f"{letter.get('References', '')} {letter['Message-ID']}".split())
    own = {name: value for name, value in mail.headers if name != "Content-Type"}
    for earlier in before.mails.values():
        if earlier.message_id == own.get("Message-ID"):  # the same mail again, by another way
            headers["Date"] = message_from_bytes(earlier.raw)["Date"]
    for name, value in {**headers, **own}.items():
        if value:
            message[name] = value


def _recipient(before: Before, who: str) -> str:
    """Somebody in the story, or whoever gets the answers to a letter."""
    letter = before.letters.get(who)
    return _mailbox(before.story, who) if letter is None else str(letter["Reply-To"] or letter["From"])


def _mailbox(story: Story, who: str) -> str:
    person = story.person(who)
    return str(Address(person.name, addr_spec=person.address)) if person.name else person.address


def _quoted(letter: EmailMessage) -> str:
    day = letter["Date"].datetime.strftime("%a, %b %d, %Y at %I:%M %p")
    lines = plain_text(letter).splitlines()
    return "\n".join([f"On {day} {letter['From']} wrote:", "", *(f"> {line}".rstrip() for line in lines), ""])


def _report(step: Step, mail: Mail, before: Before) -> Posted:
    """A delivery status notification (RFC 3464): words, the fields a program reads, the headers of what came back."""
    at = mail.text.index("Final-Recipient:")
    fields = mail.text[at:].strip()
    returned = dict(mail.headers).get("In-Reply-To", "")
    if mail.answers:
        letter = before.letters[mail.answers]
        returned = letter["Message-ID"]
        top = "".join(f"{name}: {letter[name]}\n" for name in ("From", "To", "Subject", "Message-ID"))
    else:
        top = f"From: {OURS}\nSubject: hello\nMessage-ID: {returned}\n"
    status = MIMEBase("message", "delivery-status")
    for group in ("Reporting-MTA: dns; mx.riverbend.example", fields):
        status.attach(message_from_string(group))
    original = MIMEText(top, "rfc822-headers", "us-ascii")
    message = MIMEMultipart("report", None, [MIMEText(mail.text, "plain", "us-ascii"), status, original])
    message.set_param("report-type", "delivery-status")
    _address(message, step, mail, before)
    return _posted(message, mail.text)


# -- The same mail, told otherwise ------------------------------------------------------------------------------------


def passed_on_as_attachment(step: Step, before: Before) -> Posted:
    """The first mail as message/rfc822 below the colleague's line."""
    mail = _mail_of(step)
    line = _line_on_top(mail)
    first = before.mails[step.n - 1]
    original = message_from_bytes(first.raw)
    message = MIMEMultipart("mixed", None, [MIMEText(line, "plain", "utf-8"), MIMEMessage(original)])
    _address(message, step, mail, before)
    return _posted(message, line, *first.texts)


def redirected(step: Step, before: Before) -> Posted:
    """The first mail as it was, with the colleague in the Resent- headers (RFC 5322 section 3.6.6)."""
    mail = _mail_of(step)
    colleague = before.story.person(mail.sender)
    first = before.mails[step.n - 1]
    resent = (
        f"Return-Path: <{colleague.address}>\r\n"
        f"Resent-From: {_mailbox(before.story, mail.sender)}\r\n"
        f"Resent-To: {OURS}\r\n"
        f"Resent-Date: {format_datetime(step.at)}\r\n"
        f"Resent-Message-ID: <resent.{step.n}@riverbend.example>\r\n"
    )
    original = b"".join(line for line in first.raw.splitlines(keepends=True) if not line.startswith(b"Return-Path:"))
    return Posted(resent.encode() + original, first.message_id, first.texts)


def passed_on_from_outlook(step: Step, before: Before) -> Posted:
    """A block of `From: / Sent: / To: / Subject:` and no dashes."""
    mail = _mail_of(step)
    first = before.story.steps[step.n - 2]
    asked = _mail_of(first)
    block = (
        f"From: {_mailbox(before.story, asked.sender)}\n"
        f"Sent: {first.at:%A, %B} {first.at.day}, {first.at:%Y} {first.at.strftime('%I:%M %p').lstrip('0')}\n"
        f"To: {', '.join(_mailbox(before.story, who) for who in asked.to)}\n"
        f"Subject: {asked.subject}\n"
    )
    outlook = replace(
        mail,
        subject=f"FW: {asked.subject}",
        text=f"{_line_on_top(mail)}\n{block}\n{asked.text}",
        headers=(*mail.headers, ("X-Mailer", "Microsoft Outlook 16.0")),
    )
    return written(replace(step, mail=outlook), before)


def without_thread(step: Step, before: Before) -> Posted:
    """From a program that sets neither In-Reply-To nor References and quotes nothing."""
    return written(replace(step, mail=replace(_mail_of(step), answers="", quotes=False)), before)


def link_behind_words(step: Step, before: Before) -> Posted:
    """The link is in the HTML part only, behind the words "this collection"."""
    mail = _mail_of(step)
    link = next(line for line in mail.text.splitlines() if line.startswith("https://"))
    plain = mail.text.replace(f":\n{link}", ".")
    anchor = f'<a href="{link}">this collection</a>'
    html = plain.replace("this collection", anchor).strip().replace("\n", "<br>\n")
    assert anchor in html
    message = EmailMessage(policy=policy.SMTP)
    _address(message, step, mail, before)
    message.set_content(plain)
    message.add_alternative(f"<html><body><p>{html}</p></body></html>\n", subtype="html")
    return _posted(message, plain)


def quoting_the_answer(step: Step, before: Before) -> Posted:
    """All of the colleague's answer stands, quoted, below the thanks."""
    mail = _mail_of(step)
    answer = message_from_bytes(before.mails[step.n - 1].raw, policy=policy.default)
    assert isinstance(answer, EmailMessage)
    return written(replace(step, mail=replace(mail, text=f"{mail.text}\n{_quoted(answer)}")), before)


def _line_on_top(mail: Mail) -> str:
    return mail.text.partition("---------- Forwarded message")[0]


VARIANTS: Mapping[str, Callable[[Step, Before], Posted]] = {
    "Dan forwards the mail as an attachment (message/rfc822) instead of inline": passed_on_as_attachment,
    "Dan's program redirects it: Resent-From is Dan, From is still Pat": redirected,
    "Dan uses Outlook: 'From: / Sent: / To: / Subject:' lines and no dashes": passed_on_from_outlook,
    (
        "Pat writes from another program that sets no In-Reply-To; the subject and the address are all that ties it"
    ): without_thread,
    "the link is only in the HTML part, behind the words 'this collection'": link_behind_words,
    "Pat's thank-you quotes all of Noor's mail, list and all, below it": quoting_the_answer,
}
"""What `[[variants]]` of a story may say, and how the step's mail is written then."""
