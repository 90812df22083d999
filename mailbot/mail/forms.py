"""Web forms of the library's own site: the writer stands in Reply-To or in the text, never in From."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailbot.mail.addresses import Address, address_in, clean_name
from mailbot.mail.message import Message
from mailbot.mail.ours import Ours

_LINE = re.compile(r"^[ \t>*]*([^:：\n]{1,40}?)[ \t*]*[:：][ \t*]*(.*)$")
_NAME = frozenset(
    (
        "name|your name|full name|first name|last name|nombre|su nombre|nombre completo|apellidos|nom|prénom|"
        "votre nom|vorname|nachname|nome|naam|姓名|お名前"
    ).split("|")
)
_MAIL = frozenset(
    (
        "e-mail|email|mail|e-mail address|email address|your email|your e-mail|reply to|from|correo|"
        "correo electrónico|courriel|adresse e-mail|e-mail-adresse|电子邮件|邮箱|メールアドレス"
    ).split("|")
)
_TEXT = frozenset(
    (
        "message|your message|question|your question|comment|comments|comments or questions|details|description|"
        "request|how can we help|mensaje|su mensaje|pregunta|consulta|comentarios|votre message|nachricht|frage|"
        "anliegen|messaggio|mensagem|bericht|留言|问题|信息|お問い合わせ内容"
    ).split("|")
)
_SUBJECT = frozenset("subject|topic|regarding|asunto|tema|sujet|objet|betreff|thema|主题".split("|"))


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in. ``writer`` is None where there was no address; ``text`` is empty only if the mail was."""

    writer: Address | None
    subject: str
    text: str


def read_form(message: Message, ours: Ours) -> Filled | None:
    """The form in a mail from one of ours, or None where it is no such mail."""
    if message.sender is None or message.sender.key not in ours.forms:
        return None
    name = subject = spec = ""
    lines = message.text.split("\n")
    text: list[str] = []
    for at, line in enumerate(lines):
        match = _LINE.match(line)
        label = match[1].strip().lower() if match else ""
        value = match[2].strip() if match else ""
        if label in _NAME:
            name = f"{name} {value}".strip()
        elif label in _MAIL:
            spec = spec or address_in(value)
        elif label in _SUBJECT:
            subject = subject or value
        elif label in _TEXT and not text:
            text = [value, *_until_next_field(lines[at + 1 :])]
    strangers = [
        address
        for address in message.reply_to
        if not ours.is_own(address) and address.key not in ours.forms and "@" in address.address
    ]
    if strangers:
        writer: Address | None = Address(strangers[0].name or clean_name(name), strangers[0].address)
    else:
        writer = Address(clean_name(name), spec) if spec else None
    return Filled(writer, subject, "\n".join(text).strip() or message.text.strip())


def _until_next_field(lines: list[str]) -> list[str]:
    kept: list[str] = []
    for line in lines:
        match = _LINE.match(line)
        if match and match[1].strip().lower() in _NAME | _MAIL | _SUBJECT:
            break
        kept.append(line)
    return kept
