"""Scenes for the letters: the sample library, a message by hand, and what the worker would put on record."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from mailbot.case import Case, State
from mailbot.classify.prediction import Guess, Prediction
from mailbot.library import Library, promise, seen_from
from mailbot.mail.message import Address, Message
from mailbot.mail.understood import Kind, Understood
from mailbot.settings import load
from mailbot.writing import request_of, urgent
from mailbot.writing.letter import CorrectionLink, LetterKind, Occasion, Order, Past, Scene

ROOT = Path(__file__).resolve().parents[2]
MAILBOX = Address("", "ask@riverbend.example")
PAT = Address("Pat Ron", "pat.ron@example.com")


@cache
def riverbend() -> Library:
    """The sample library."""
    return load(ROOT / "config", {}).library


@dataclass(frozen=True)
class Sample:
    """One sample mail as it stands in the file."""

    id: str
    writer: Address
    subject: str
    text: str
    department: str
    language: str
    summary: str
    tags: tuple[str, ...]


@cache
def samples() -> tuple[Sample, ...]:
    """The sample mails."""
    rows = [json.loads(line) for line in (ROOT / "tests/riverbend/mail.jsonl").read_text(encoding="utf-8").splitlines()]
    return tuple(
        Sample(
            row["id"],
            Address(row["from_name"], row["from_address"]),
            row["subject"],
            row["text"],
            row["department"] or "",
            row["language"],
            row["summary"],
            tuple(row["tags"]),
        )
        for row in rows
    )


def message(
    text: str, *, subject: str = "", writer: Address = PAT, links: tuple[str, ...] = (), number: int = 1
) -> Message:
    """A message as read; the raw bytes are what a plain mail program would have sent."""
    raw = (
        f"From: {writer.name} <{writer.address}>\r\nTo: ask@riverbend.example\r\nSubject: {subject}\r\n"
        f"Message-ID: <m{number}@example.com>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()
    return Message(
        raw=raw,
        headers=(),
        message_id=f"<m{number}@example.com>",
        in_reply_to=(),
        references=(),
        sender=writer,
        reply_to=(),
        to=(MAILBOX,),
        cc=(),
        return_path=None,
        subject=subject,
        date=None,
        text=text,
        html="",
        links=links,
        attachments=(),
        content_types=("text/plain",),
        attached=(),
        content_hash=f"{number:064x}",
        problems=(),
    )


def understood(
    text: str,
    *,
    subject: str = "",
    writer: Address = PAT,
    language: str = "en",
    links: tuple[str, ...] = (),
    passed_on_by: Address | None = None,
    kind: Kind = Kind.INQUIRY,
    number: int = 1,
) -> Understood:
    """A message as understood."""
    sent = message(text, subject=subject, writer=passed_on_by or writer, links=links, number=number)
    return Understood(
        message=sent,
        kind=kind,
        answerable=kind is Kind.INQUIRY,
        why_not=None,
        reachable=True,
        meant=True,
        writer=writer,
        passed_on_by=passed_on_by,
        subject=subject.removeprefix("Re: ").removeprefix("Fwd: "),
        text=text,
        hint="",
        language=language,
        links=links,
        attachments=(),
        problems=(),
    )


def guess(
    department: str | None, *runners_up: str, sure: bool = True, rule: str | None = None, words: tuple[str, ...] = ()
) -> Prediction:
    """A guess about a message."""
    others = tuple(Guess(key, 0.1) for key in runners_up)
    return Prediction(department, 0.8 if sure else 0.3, sure, others, rule=rule, words=words)


def case_of(message: Understood, holder: str, at: datetime, *, ref: str = "ref-1", held_by: Sequence[str] = ()) -> Case:
    """The case that a message opens."""
    assert message.writer is not None
    library = riverbend()
    return Case(
        ref=ref,
        patron=message.writer,
        subject=message.subject,
        language=message.language,
        holder=holder,
        held_by=tuple(held_by) or (holder,),
        state=State.OPEN,
        opened=at,
        due=promise(library.department(holder), at, library).due,
        passed_on_by=message.passed_on_by,
        request=request_of(message, library),
    )


def opened(
    message: Understood,
    holder: str,
    at: datetime,
    prediction: Prediction | None = None,
    *,
    ref: str = "ref-1",
    told: tuple[tuple[LetterKind, str], ...] = (),
    on_copy: tuple[str, ...] = (),
) -> Scene:
    """The scene right after a message opened a case."""
    library = riverbend()
    prediction = prediction or guess(holder, "circulation", "digital")
    return Scene(
        library=library,
        now=at,
        understood=message,
        case=case_of(message, holder, at, ref=ref),
        was=None,
        prediction=prediction,
        promise=promise(library.department(holder), at, library),
        mailbox=MAILBOX,
        told=told,
        links=links_to(prediction, holder),
        on_copy=on_copy,
        urgent=urgent(message),
    )


def later(
    before: Scene,
    message: Understood,
    at: datetime,
    *,
    holder: str = "",
    prediction: Prediction | None = None,
    told: tuple[tuple[LetterKind, str], ...] = (),
    failure: str = "",
    named: str = "",
    keep_due: bool = False,
) -> Scene:
    """The scene after something more happened to the same case."""
    library = riverbend()
    to = holder or before.case.holder
    department = library.department(to)
    moved = to != before.case.holder and not keep_due
    assert before.case.due is not None
    due = promise(department, at, library).due if moved else before.case.due
    case = before.case.moved(to, due) if to != before.case.holder else before.case
    writer = before.understood.writer
    assert writer is not None
    return Scene(
        library=library,
        now=at,
        understood=message,
        case=case,
        was=before.case,
        prediction=prediction,
        promise=seen_from(at, due, department, library),
        mailbox=MAILBOX,
        told=(*before.told, *told),
        history=(*before.history, Past(writer, before.now, before.understood.text)),
        links=links_to(prediction or guess("digital"), to),
        failure=failure,
        named=named,
        urgent=urgent(message),
    )


def links_to(prediction: Prediction, holder: str) -> tuple[CorrectionLink, ...]:
    """A correction link for each of the next-best departments and triage."""
    keys = dict.fromkeys(
        (
            *((prediction.department,) if prediction.department else ()),
            *(found.department for found in prediction.runners_up),
            "reference",
        )
    )
    return tuple(
        CorrectionLink(key, f"mailto:ask@riverbend.example?subject=route%3A%20{key}%20%5Bt0k3n%5D")
        for key in keys
        if key != holder
    )


def acknowledgement(scene: Scene) -> Order:
    """The order for an acknowledgement."""
    occasion = Occasion.ROUTED if scene.prediction and scene.prediction.sure else Occasion.UNSURE
    return Order(LetterKind.ACKNOWLEDGEMENT, occasion, scene.case.patron)


def update(scene: Scene, occasion: Occasion) -> Order:
    """The order for an update to the patron."""
    return Order(LetterKind.UPDATE, occasion, scene.case.patron)


def to_desk(
    scene: Scene, kind: LetterKind, occasion: Occasion, department: str = "", carries: tuple[int, ...] = (1,)
) -> Order:
    """The order for a letter to a department."""
    key = department or scene.case.holder
    found = riverbend().department(key)
    return Order(kind, occasion, Address(found.name, found.email), key, carries)
