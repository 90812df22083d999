"""What people said is right: labelled texts, masked before they are kept, and the questions asked of them.

A label outlives the message it came from: it has its own masked copy of the words, and a fingerprint of who wrote them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, delete, func, insert, select, true, update

from mailbot.masks import fingerprint, masked
from mailbot.store.records import Brought, Imported, Labelled
from mailbot.store.tables import cases, examples, messages
from mailbot.writing.letter import Alike

_WORDS = (examples.c.sender, examples.c.subject, examples.c.text, examples.c.language)
_KEPT = (*_WORDS, examples.c.summary)
IMPORT = "import"
LONGEST_SUMMARY = 120


def learn(
    connection: Connection, case_id: int, message_ids: Sequence[int], department: str, source: str, now: datetime
) -> None:
    """Keeps these messages of a case as labelled; what was said of them before is replaced. A message whose words are
    gone from the record by now keeps the masked ones it was labelled with.
    """
    again = and_(examples.c.case_id == case_id, examples.c.message.in_(message_ids))
    before = {row.message: row for row in connection.execute(select(examples.c.message, *_KEPT).where(again))}
    connection.execute(delete(examples).where(again))
    written = connection.execute(
        select(messages.c.id, messages.c.writer_name, messages.c.writer_address, messages.c.text)
        .add_columns(cases.c.subject, cases.c.language, cases.c.request)
        .join_from(messages, cases, cases.c.id == case_id)
        .where(messages.c.id.in_(message_ids))
        .order_by(messages.c.id)
    )
    about = {"case_id": case_id, "department": department, "source": source, "at": now}
    for row in written:
        known = before.get(row.id)
        if row.text or known is None:
            name = row.writer_name
            told = (masked(row.subject, name), masked(row.text, name), row.language, _summary(row.request, name))
            words = (fingerprint(row.writer_address), *told)
        else:
            words = (known.sender, known.subject, known.text, known.language, known.summary)
        values = dict(zip(("sender", "subject", "text", "language", "summary"), words, strict=True))
        connection.execute(insert(examples).values(**about, message=row.id, **values))


def unlearn(connection: Connection, case_id: int) -> None:
    """Takes back what was said of a case's messages."""
    connection.execute(delete(examples).where(examples.c.case_id == case_id))


def bring(connection: Connection, brought: Sequence[Brought], now: datetime) -> Imported:
    """Keeps texts from elsewhere as labelled, some hundreds at a time. One that was brought before is not kept twice;
    where its label is another one now, the new one counts.
    """
    contents = [content_of(one) for one in brought]
    query = select(examples.c.content, examples.c.department).where(examples.c.content.in_(contents))
    known: dict[str, str] = {row.content: row.department for row in connection.execute(query)}
    new, moved = 0, 0
    for one, content in zip(brought, contents, strict=True):
        if known.get(content) == one.department:
            continue
        label = {"department": one.department, "at": one.at or now}
        if content in known:
            connection.execute(update(examples).where(examples.c.content == content).values(**label))
            moved += 1
        else:
            words = {
                "subject": masked(one.subject, one.name),
                "text": masked(one.text, one.name),
                "summary": _summary(one.summary, one.name),
            }
            sender = fingerprint(one.sender) if one.sender else ""
            row = {**label, **words, "language": one.language, "sender": sender, "content": content, "source": IMPORT}
            connection.execute(insert(examples).values(**row))
            new += 1
        known[content] = one.department
    return Imported(new, moved, len(brought) - new - moved)


def brought_as(connection: Connection, one: Brought) -> str | None:
    """The department as whose this text was brought in before, or None where it was not."""
    query = select(examples.c.department).where(examples.c.content == content_of(one))
    return connection.execute(query).scalar()


def label_counts(connection: Connection) -> dict[str, int]:
    """How many labelled texts there are of each department."""
    query = select(examples.c.department, func.count()).where(examples.c.text != "").group_by(examples.c.department)
    return {row[0]: row[1] for row in connection.execute(query)}


def labels(connection: Connection, which: ColumnElement[bool] | None = None, *, encoder: str = "") -> list[Labelled]:
    """Labelled texts, in the order in which they were labelled; all of them, or those of which a condition holds; with
    what that encoder makes of them.
    """
    vector = case((examples.c.encoder == encoder, examples.c.vector), else_=None)
    query = (
        select(*_WORDS, examples.c.department, examples.c.source, examples.c.at, examples.c.id, vector)
        .where(examples.c.text != "", true() if which is None else which)
        .order_by(examples.c.id)
    )
    return [Labelled(*row[:-1], vector=row[-1] or b"") for row in connection.execute(query)]


def keep_vectors(connection: Connection, encoder: str, vectors: Mapping[int, bytes]) -> None:
    """Keeps with labels, by id, what an encoder makes of them; what another one made of them is let go."""
    if vectors:
        which = update(examples).where(examples.c.id == bindparam("one"))
        rows = [{"one": one, "encoder": encoder, "vector": vector} for one, vector in vectors.items()]
        connection.execute(which.values(encoder=bindparam("encoder"), vector=bindparam("vector")), rows)


def alike(connection: Connection, ids: Sequence[int]) -> list[Alike]:
    """The labelled questions of these ids that can be told of in a few words, in the order of the ids."""
    if not ids:
        return []
    query = select(examples.c.id, examples.c.summary, examples.c.department, examples.c.at)
    rows = {row.id: row for row in connection.execute(query.where(examples.c.id.in_(ids), examples.c.summary != ""))}
    return [Alike(rows[one].summary, rows[one].department, rows[one].at) for one in ids if one in rows]


def _summary(request: str, name: str) -> str:
    """A question in a few words, masked."""
    short = " ".join(masked(request, name).split())
    return short if len(short) <= LONGEST_SUMMARY else short[: LONGEST_SUMMARY - 1].rsplit(" ", 1)[0] + "\u2026"


def content_of(one: Brought) -> str:
    """What makes two texts the same: the words, masked first so that it gives nothing away, and who wrote them. What
    two patrons wrote alike are two labels, so that forgetting one leaves the other's.
    """
    who = fingerprint(one.sender) if one.sender else ""
    told = f"{masked(one.subject, one.name)}\n{masked(one.text, one.name)}"
    return hashlib.sha256(f"{who}\n{' '.join(told.lower().split())}".encode("utf-8", "replace")).hexdigest()
