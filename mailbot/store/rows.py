"""Cases and letters as rows of their tables, and back. No query."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    RowMapping,
)

from mailbot.case import Case, State
from mailbot.mail.message import Address
from mailbot.store.records import (
    Kept,
    Outgoing,
    Written,
)
from mailbot.writing.letter import Letter, LetterKind


def case_row(case: Case, now: datetime) -> dict[str, object]:
    """A case as it stands, as values of its row."""
    return {
        "ref": case.ref,
        "patron_name": case.patron.name,
        "patron_address": case.patron.address,
        "patron_key": case.patron.key,
        "subject": case.subject,
        "language": case.language,
        "holder": case.holder,
        "held_by": list(case.held_by),
        "state": case.state.value,
        "opened": case.opened,
        "due": case.due,
        "passed_on_name": case.passed_on_by.name if case.passed_on_by else "",
        "passed_on_address": case.passed_on_by.address if case.passed_on_by else "",
        "request": case.request,
        "sure": case.sure,
        "answerable": case.answerable,
        "follows": case.follows,
        "touched": now,
    }


def kept_of(row: RowMapping) -> Kept:
    """The case of a row."""
    passed_on = Address(row["passed_on_name"], row["passed_on_address"]) if row["passed_on_address"] else None
    case = Case(
        ref=row["ref"],
        patron=Address(row["patron_name"], row["patron_address"]),
        subject=row["subject"],
        language=row["language"],
        holder=row["holder"],
        held_by=tuple(row["held_by"]),
        state=State(row["state"]),
        opened=row["opened"],
        due=row["due"],
        passed_on_by=passed_on,
        request=row["request"],
        sure=row["sure"],
        answerable=row["answerable"],
        follows=row["follows"],
    )
    return Kept(row["id"], case, row["touched"])


def letter_row(one: Written, mailbox: str, case_id: int | None, cause: int | None, now: datetime) -> dict[str, object]:
    """A letter that waits to leave, as values of its row."""
    letter = one.letter
    return {
        "message_id": one.message_id,
        "mailbox": mailbox,
        "case_id": case_id,
        "cause": cause,
        "kind": letter.kind.value,
        "to_patron": letter.to_patron,
        "department": one.department,
        "case_ref": letter.case_ref,
        "sender_name": letter.sender.name,
        "sender_address": letter.sender.address,
        "to_name": letter.to.name,
        "to_address": letter.to.address,
        "to_key": letter.to.key,
        "reply_to": [[address.name, address.address] for address in letter.reply_to],
        "subject": letter.subject,
        "text": letter.text,
        "language": letter.language,
        "in_reply_to": letter.in_reply_to,
        "references": list(letter.references),
        "carries": list(letter.carries),
        "sources": [list(source) for source in letter.sources],
        "written_at": now,
        "state": "waiting",
        "due_at": now,
    }


def outgoing(row: RowMapping) -> Outgoing:
    """The letter of a row."""
    letter = Letter(
        kind=LetterKind(row["kind"]),
        case_ref=row["case_ref"],
        sender=Address(row["sender_name"], row["sender_address"]),
        to=Address(row["to_name"], row["to_address"]),
        reply_to=tuple(Address(name, address) for name, address in row["reply_to"]),
        subject=row["subject"],
        text=row["text"],
        language=row["language"],
        in_reply_to=row["in_reply_to"],
        references=tuple(row["references"]),
        carries=tuple(row["carries"]),
        sources=tuple((fact, record) for fact, record in row["sources"]),
        to_patron=row["to_patron"],
    )
    return Outgoing(
        id=row["id"],
        mailbox=row["mailbox"],
        message_id=row["message_id"],
        department=row["department"],
        letter=letter,
        written_at=row["written_at"],
        attempts=row["attempts"],
    )
