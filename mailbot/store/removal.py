"""What leaves the store again: by age (``purge``), and at somebody's wish (``forget``). Counts stay.

A message's row stays as a husk, for its receipts are what `received = the sum of all standings` is counted from.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Text, and_, cast, delete, exists, func, literal, or_, select, update

from mailbot.case import Standing, State
from mailbot.masks import fingerprint
from mailbot.store.labels import labels
from mailbot.store.records import Forgotten
from mailbot.store.tables import cases, events, examples, guesses, letters, messages, receipts, sightings
from mailbot.writing.letter import LetterKind

FORGOTTEN = "forgotten, as was asked"

_EMPTY_MESSAGE = {"raw": None, "text": "", "writer_name": "", "writer_address": ""}
_EMPTY_CASE = {
    "patron_name": "",
    "patron_address": "",
    "patron_key": "",
    "subject": "",
    "request": "",
    "passed_on_name": "",
    "passed_on_address": "",
    "answerable": False,
    "due": None,
}
_EMPTY_LETTER = {
    "text": "",
    "subject": "",
    "sources": [],
    "sender_name": "",
    "reply_to": [],
    "in_reply_to": "",
    "references": [],
    "failure": "",
}


def purge(connection: Connection, before: datetime, forsaken: datetime) -> int:
    """Removes what people wrote and who they are, once kept long enough and needed by no letter that has yet to leave
    and no question that is still open or moves. Labels stay, they are masked. How many messages.
    """
    waiting = exists().where(letters.c.case_id == messages.c.case_id, letters.c.state == "waiting")
    old = and_(messages.c.kept_at < before, messages.c.raw.is_not(None), messages.c.standing.is_not(None))
    these = and_(old, ~waiting, _of_none_or_rested(messages.c.case_id, before, forsaken))
    connection.execute(
        update(receipts).where(receipts.c.message.in_(select(messages.c.id).where(these))).values(why="")
    )
    gone = connection.execute(update(messages).where(these).values(**_EMPTY_MESSAGE, why=""))
    _purge_letters(connection, before, forsaken)
    _purge_cases(connection, before, forsaken)
    return int(gone.rowcount)


def _has_rested(before: datetime, forsaken: datetime) -> ColumnElement[bool]:
    """Whether nothing has happened in a question since ``before``, and it was answered; or where nobody ever did,
    whether the last day that was promised is before ``forsaken``, so that it is in vain to wait.
    """
    given_up = func.coalesce(cases.c.due, cases.c.touched) < forsaken
    return and_(cases.c.touched < before, or_(cases.c.state != State.OPEN.value, given_up))


def _of_none_or_rested(case_id: ColumnElement[int], before: datetime, forsaken: datetime) -> ColumnElement[bool]:
    """Whether what belongs to that question, or to none, may go."""
    return or_(case_id.is_(None), exists().where(cases.c.id == case_id, _has_rested(before, forsaken)))


def _purge_letters(connection: Connection, before: datetime, forsaken: datetime) -> None:
    rested = _of_none_or_rested(letters.c.case_id, before, forsaken)
    old = and_(letters.c.written_at < before, letters.c.state != "waiting", rested)
    connection.execute(
        update(letters)
        .where(old, or_(letters.c.to_patron, letters.c.department == ""), letters.c.to_address != "")
        .values(to_name="", to_address="", to_key=cast(letters.c.id, Text))
    )
    left = or_(letters.c.text != "", letters.c.subject != "", letters.c.sender_name != "")
    connection.execute(update(letters).where(old, left).values(**_EMPTY_LETTER))


def _purge_cases(connection: Connection, before: datetime, forsaken: datetime) -> None:
    waiting = exists().where(letters.c.case_id == cases.c.id, letters.c.state == "waiting")
    quiet = and_(_has_rested(before, forsaken), ~waiting)
    connection.execute(
        update(events).where(events.c.case_id.in_(select(cases.c.id).where(quiet)), events.c.why != "").values(why="")
    )
    connection.execute(update(cases).where(quiet, cases.c.patron_key != "").values(**_EMPTY_CASE))


def forget(connection: Connection, address: str) -> Forgotten:
    """Removes all that is on record of whoever has this address. Doing so again finds nothing.

    A message nobody has decided on yet is booked as unanswered; a letter that has not left will not leave.
    """
    key = address.strip().lower()
    theirs = list(connection.execute(select(cases.c.id).where(cases.c.patron_key == key)).scalars())
    numbers = _messages_of(connection, key, theirs)
    taught = or_(examples.c.sender == fingerprint(key), examples.c.case_id.in_(theirs), examples.c.message.in_(numbers))
    learned = labels(connection, taught)
    connection.execute(delete(examples).where(taught))
    about = or_(letters.c.case_id.in_(theirs), letters.c.to_key == key, letters.c.cause.in_(numbers))
    states = list(connection.execute(select(letters.c.state).where(about)).scalars())
    connection.execute(delete(letters).where(about))
    _empty_digests(connection, theirs)
    undecided = _empty(connection, numbers)
    _drop_cases(connection, key, theirs)
    return Forgotten(
        messages=len(numbers),
        undecided=undecided,
        cases=len(theirs),
        letters=len(states),
        unsent=states.count("waiting"),
        labels=tuple(learned),
    )


def _empty_digests(connection: Connection, case_ids: Sequence[int]) -> None:
    """Digests name patrons, belong to no case, and were of use on their day only: what has left of them goes, whole.
    One that has yet to leave does not leave where it names whoever has these cases.
    """
    digest = letters.c.kind == LetterKind.DIGEST.value
    gone = and_(digest, letters.c.state != "waiting", letters.c.text != "")
    connection.execute(update(letters).where(gone).values(**_EMPTY_LETTER))
    asked = select(cases.c.patron_name, cases.c.patron_address, cases.c.subject).where(cases.c.id.in_(case_ids))
    names = {name for row in connection.execute(asked) for name in row if name}
    waiting = connection.execute(select(letters.c.id, letters.c.text).where(digest, letters.c.state == "waiting"))
    naming = [row.id for row in waiting if any(name in row.text for name in names)]
    connection.execute(delete(letters).where(letters.c.id.in_(naming)))


def _messages_of(connection: Connection, key: str, theirs: Sequence[int]) -> list[int]:
    """What they wrote, what was written in their cases, and what nobody could tell the writer of that names them."""
    query = select(messages.c.id).where(
        or_(func.lower(messages.c.writer_address) == key, messages.c.case_id.in_(theirs))
    )
    found = set(connection.execute(query).scalars())
    nobodys = select(messages.c.id).where(messages.c.writer_address == "", messages.c.raw.is_not(None))
    for number in connection.execute(nobodys).scalars().all():
        raw = connection.execute(select(messages.c.raw).where(messages.c.id == number)).scalar_one()
        if key.encode("utf-8", "replace") in raw.lower():
            found.add(number)
    return sorted(found)


def _empty(connection: Connection, numbers: Sequence[int]) -> int:
    """Makes husks of these messages; how many of them nobody had decided on."""
    these, booked = messages.c.id.in_(numbers), {"standing": Standing.UNANSWERED.value}
    connection.execute(update(events).where(events.c.message.in_(numbers)).values(message=None))
    connection.execute(delete(sightings).where(sightings.c.message.in_(numbers)))
    undecided = connection.execute(update(messages).where(these, messages.c.standing.is_(None)).values(**booked))
    connection.execute(
        update(receipts).where(receipts.c.message.in_(numbers), receipts.c.standing.is_(None)).values(**booked)
    )
    connection.execute(update(receipts).where(receipts.c.message.in_(numbers)).values(why=FORGOTTEN))
    connection.execute(
        update(messages)
        .where(these)
        .values(
            **_EMPTY_MESSAGE,
            why=FORGOTTEN,
            case_id=None,
            message_id=literal("forgotten-", Text) + cast(messages.c.id, Text),
            content_hash="",
        )
    )
    return int(undecided.rowcount)


def _drop_cases(connection: Connection, key: str, theirs: Sequence[int]) -> None:
    connection.execute(delete(guesses).where(guesses.c.case_id.in_(theirs)))
    connection.execute(delete(events).where(events.c.case_id.in_(theirs)))
    connection.execute(delete(cases).where(cases.c.id.in_(theirs)))
    passed_on = {"passed_on_name": "", "passed_on_address": ""}
    connection.execute(update(cases).where(func.lower(cases.c.passed_on_address) == key).values(**passed_on))
