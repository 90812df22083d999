"""What ``mailbot.mail`` makes of one mail, in one value: who wrote it, who passed it on, what is new in it,
and whether it may be answered. ``understand`` is the only door that the rest of mailbot uses.
"""

from __future__ import annotations

from dataclasses import dataclass

from mailbot.mail.addresses import Address
from mailbot.mail.body import bounded
from mailbot.mail.forms import Filled, read_form
from mailbot.mail.forwarded import Forward, Returned, find_forward, find_returned, true_sender
from mailbot.mail.kinds import Kind, Verdict
from mailbot.mail.language import language_of
from mailbot.mail.links import links_in
from mailbot.mail.markup import render
from mailbot.mail.message import Attachment, Message, parse
from mailbot.mail.ours import Ours
from mailbot.mail.quoting import is_quoted
from mailbot.mail.reply import Reply, new_text
from mailbot.mail.screen import robotic, screen
from mailbot.mail.subjects import Prefix, read_subject
from mailbot.mail.thanks import only_thanks

__all__ = ["Kind", "Ours", "Understood", "understand"]

_NEVER_UNWRAPPED = frozenset({Kind.OWN, Kind.BOUNCE, Kind.AUTO_REPLY, Kind.EMPTY})


@dataclass(frozen=True, slots=True)
class Understood:
    """One mail, understood. Every field holds for any bytes at all.

    ``writer`` is the patron: the first writer where staff passed the mail on, and then ``passed_on_by`` is the
    colleague and ``hint`` what the colleague wrote on top. ``writer`` is None where staff passed something
    on and nobody can tell whose it was: a person has to say, an address is never invented.
    ``subject`` is the writer's, without "Re:" and "Fwd:"; ``text`` is what is new in the message;
    ``language`` an ISO 639-1 code of it, or "" where it is too short to tell. ``links`` are those of the mail, of an
    answer only those in its new part. ``note`` is what we wrote in a letter of ours to staff, where a colleague
    forwards that to the mailbox: then ``text`` is the colleague's. ``answers_to`` is where else than at their address
    the writer wants the answer (Reply-To), if that is no address of the library. ``why_not`` is one line for people
    where ``answerable`` is false. ``reachable`` is true also of a thank-you whose writer may be written to, if need be.
    ``meant`` is false where nobody wrote it to the library: it is a letter that came back, went to many, or is a trick.
    """

    message: Message
    kind: Kind
    answerable: bool
    why_not: str | None
    reachable: bool
    meant: bool
    writer: Address | None
    passed_on_by: Address | None
    subject: str
    text: str
    hint: str
    language: str
    links: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    problems: tuple[str, ...]
    note: str = ""
    answers_to: Address | None = None


def understand(raw: bytes, ours: Ours) -> Understood:
    """One mail, understood. Never raises, whatever the bytes are."""
    message = parse(raw)
    form = read_form(message, ours)
    returned = None if form else find_returned(message, ours)
    forward = None if form or returned else find_forward(message, ours)
    if forward is not None and screen(message, ours, "").kind in _NEVER_UNWRAPPED:
        forward = None
    reply = _reply(message, form, forward, returned)
    writer = _writer(message, ours, form, forward)
    verdict = screen(message, ours, reply.signed, passed_on=forward is not None)
    verdict = _of_the_writer(verdict, ours, writer, forward)
    reachable = verdict.answerable
    if verdict.kind is Kind.INQUIRY and forward is None and not ours.is_staff(writer) and _only_thanks(message, reply):
        verdict = Verdict(Kind.THANKS, False, "it only says thank you")
    attachments = forward.inner.attachments if forward and forward.inner else message.attachments
    return Understood(
        message=message,
        kind=verdict.kind,
        answerable=verdict.answerable,
        why_not=verdict.reason,
        reachable=reachable,
        meant=verdict.meant,
        writer=writer,
        passed_on_by=forward.passed_on_by if forward else None,
        subject=read_subject(_subject(message, form, forward))[1],
        text=reply.text,
        hint=forward.hint if forward else "",
        language=language_of(reply.text),
        links=_links(message, reply, form, forward),
        attachments=attachments,
        problems=message.problems,
        note=returned.note if returned is not None else "",
        answers_to=_answers_to(message, ours, writer, forward),
    )


def _reply(message: Message, form: Filled | None, forward: Forward | None, returned: Returned | None) -> Reply:
    if form is not None:
        return Reply(form.text, form.text, False)
    if returned is not None:
        return Reply(returned.words, returned.words, True)
    return new_text(forward.text if forward is not None else message.text)


def _writer(message: Message, ours: Ours, form: Filled | None, forward: Forward | None) -> Address | None:
    if form is not None:
        return form.writer
    if forward is not None:
        return forward.writer
    return true_sender(message, ours)


def _answers_to(message: Message, ours: Ours, writer: Address | None, forward: Forward | None) -> Address | None:
    mail = forward.inner if forward is not None and forward.inner is not None else message
    if writer is None or mail.sender is None or mail.sender.key != writer.key:
        return None
    found = (one for one in mail.reply_to if "@" in one.address and one.key != writer.key)
    return next((one for one in found if not ours.is_house(one)), None)


def _subject(message: Message, form: Filled | None, forward: Forward | None) -> str:
    if form is not None and form.subject:
        return form.subject
    return forward.subject if forward is not None else message.subject


def _links(message: Message, reply: Reply, form: Filled | None, forward: Forward | None) -> tuple[str, ...]:
    """What the mail points to. In an answer, what somebody else said in the quote is no choice of the writer's."""
    if form is None and forward is None and _is_answer(message):
        shown = render(message.html, spelled_out=True)[0]
        return tuple(dict.fromkeys((*_said(reply), *_said(new_text(bounded(shown))))))
    inner = forward.inner.links if forward and forward.inner else ()
    return tuple(dict.fromkeys((*inner, *message.links)))


def _said(reply: Reply) -> tuple[str, ...]:
    return links_in("\n".join(line for line in reply.signed.split("\n") if not is_quoted(line)))


def _is_answer(message: Message) -> bool:
    """Who forwards a mail means what is in it, although programs name that mail as they do in a reply."""
    prefix = read_subject(message.subject)[0]
    return prefix is Prefix.REPLY or (bool(message.in_reply_to) and prefix is not Prefix.FORWARD)


def _only_thanks(message: Message, reply: Reply) -> bool:
    prefix, subject = read_subject(message.subject)
    return only_thanks(reply.signed, subject, bool(message.in_reply_to) or prefix is Prefix.REPLY)


def _of_the_writer(verdict: Verdict, ours: Ours, writer: Address | None, forward: Forward | None) -> Verdict:
    """What only the writer decides, once it is known that this is a person's mail."""
    if not verdict.answerable:
        return verdict
    if writer is None or "@" not in writer.address:
        return Verdict(
            verdict.kind,
            False,
            "nobody can tell whose question it is" if forward else "it gives no address to answer to",
        )
    if forward is not None and (robotic(writer.address) or ours.is_own(writer)):
        return Verdict(verdict.kind, False, f"nobody reads replies to {writer.address}")
    return verdict
