"""One fact of every kind and variant, made up: what each wording file is rendered with to see that it can be.

A new kind of fact gets its specimens here; then the check of the templates covers it in every language.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product

from mailbot.library import ClosedDay
from mailbot.writing import facts as say
from mailbot.writing import staff_facts as note
from mailbot.writing.facts import Fact, Record, Source
from mailbot.writing.mirror import Form
from mailbot.writing.ties import Earlier, NoteEarlier, NoteMaybe

TODAY = date(2027, 2, 2)
_DUE = datetime(2027, 2, 3, 20, 0, tzinfo=UTC)
_MADE_UP = (Source(Record.CASE, "a specimen"),)
_CLOSE = {"es": "hermano", "fr": "frère", "de": "bruder"}
_WHO = "who look after the town's history"
_SAID = {
    Form.QUESTION: "Could you send me a list of your musical scores?",
    Form.STATEMENT: "I would like to see the flood pictures.",
    Form.WHETHER: "whether we could send you a list of our musical scores",
    Form.WISH: "would like to see the flood pictures",
}


def specimens(language: str) -> Iterator[Fact]:
    """Every kind of fact, in all variants that a letter in ``language`` can need."""
    yield from _openings(language)
    yield from _progress()
    yield from _times()
    yield from _advice()
    yield from _closings()
    yield from _notes()
    yield from _short_letters()
    yield from _promises()
    yield from _digests()
    yield from _findings()
    yield from _ties()
    for manner in ("digest", "watch", "unread"):
        yield say.Subject(own="", library="Riverbend", patron="", manner=manner, sources=_MADE_UP)
    for manner, own in product(("patron", "thanks", "staff", "urgent"), ("Musical scores", "")):
        yield say.Subject(own=own, library="Riverbend", patron="Pat Ron", manner=manner, sources=_MADE_UP)


def _openings(language: str) -> Iterator[Fact]:
    for name in ("Pat Ron", "Pat", ""):
        yield say.Greeting(name=name, sources=_MADE_UP)
    yield say.Foreign(ours=language, wanted="pt", sources=_MADE_UP)
    yield say.Via(colleague="Dan Whitlock", sources=_MADE_UP)
    # Only English requests are turned into clauses.
    forms = [form for form in _SAID if language == "en" or form in {Form.QUESTION, Form.STATEMENT}]
    for form, who in product(forms, (_WHO, "")):
        yield say.Opening(form=form, words=_SAID[form], desk="Reference", who=who, sources=_MADE_UP)
    for form in forms:
        yield say.Said(form=form, words=_SAID[form], sources=_MADE_UP)
    yield say.Opening(form=Form.NONE, words="", desk="Reference", who=_WHO, sources=_MADE_UP)
    for about, unsure, shared in product((_CLOSE.get(language, "brother"), ""), (True, False), (True, False)):
        yield say.Quiet(desk="Reference", about=about, unsure=unsure, shared=shared, sources=_MADE_UP)
    yield say.Help(words="Call 911 if anybody is in danger.", sources=_MADE_UP)
    yield say.Others(sources=_MADE_UP)
    yield say.FirstGuess(sources=_MADE_UP)
    yield say.Unknown(desk="Reference", sources=_MADE_UP)


def _progress() -> Iterator[Fact]:
    for words, again in product(("Orchestral parts.", ""), (True, False)):
        yield say.Added(words=words, desk="Reference", again=again, quiet=False, sources=_MADE_UP)
    yield say.Added(words="", desk="Reference", again=False, quiet=True, sources=_MADE_UP)
    for link, who in product((True, False), (_WHO, "")):
        yield say.Moved(desk="Outreach", who=who, was="Reference", link=link, sources=_MADE_UP)
    for back, quiet, by_them, alone in product((False, True), repeat=4):
        yield say.Corrected(
            desk="Outreach", who=_WHO, was="Reference", back=back, quiet=quiet, by_them=by_them, alone=alone,
            sources=_MADE_UP,
        )  # fmt: skip
    for turn, triage in product(("untold", "first", "again", "last"), ("Outreach", "")):
        yield say.Late(desk="Reference", missed=_DUE, turn=turn, triage=triage, sources=_MADE_UP)
    yield say.HandedOn(desk="Reference", sources=_MADE_UP)
    yield say.Asked(answered=_DUE, sources=_MADE_UP)
    yield say.Reopened(desk="Reference", sources=_MADE_UP)
    yield say.Disputed(desk="Reference", was="Outreach", sources=_MADE_UP)
    for arrived in (False, True):
        yield say.Bounced(desk="Reference", was="Outreach", arrived=arrived, sources=_MADE_UP)


def _times() -> Iterator[Fact]:
    ahead = [TODAY + timedelta(days=days) for days in (0, 1, 4, 5, 9)]
    yield say.Closed(days_closed=(ClosedDay(ahead[0], ""),), sources=_MADE_UP)
    yield say.Closed(days_closed=tuple(ClosedDay(day, "") for day in ahead), sources=_MADE_UP)
    yield say.Closed(days_closed=(ClosedDay(ahead[2], "Presidents' Day"),), sources=_MADE_UP)
    moments = (_DUE - timedelta(days=1), _DUE, _DUE.replace(day=9, hour=12), _DUE.replace(day=12, hour=9, minute=30))
    for due, still in product(moments, (True, False)):
        yield say.By(due=due, still=still, sources=_MADE_UP)
    yield say.By(due=_DUE, still=False, unsure=True, sources=_MADE_UP)
    for met, number in ((True, ""), (False, "816-555-0110"), (False, "")):
        yield say.Deadline(day_wanted=_DUE, met=met, number=number, sources=_MADE_UP)


def _advice() -> Iterator[Fact]:
    for second, why in (("", ""), ("", "we find the right record"), ("the title of each item", "")):
        yield say.Missing(ask="the name on the library card", second=second, why=why, sources=_MADE_UP)
    yield say.Caution(caution="Please don't send the whole number.", sources=_MADE_UP)
    yield say.MoreWords(sources=_MADE_UP)
    for where in ("https://riverbend.example/rooms", ""):
        yield say.Offered(offer="the room calendar shows what is free", where=where, sources=_MADE_UP)
    for until, urgent in product((_DUE, None), (True, False)):
        yield say.Phone(number="816-555-0110", until=until, urgent=urgent, sources=_MADE_UP)


def _closings() -> Iterator[Fact]:
    for by in ("plain", "link", "unsure", "update"):
        yield say.Assistant(by=by, words=(), sources=_MADE_UP)
    yield say.Assistant(by="words", words=("scores",), sources=_MADE_UP)
    yield say.Assistant(by="words", words=("scores", "list"), sources=_MADE_UP)
    yield say.Signature(library="Riverbend Public Library", sources=_MADE_UP)


def _notes() -> Iterator[Fact]:
    for flag in ("urgent", "delicate", "urgent-delicate"):
        yield note.NoteFlag(flag=flag, sources=_MADE_UP)
    for occasion in (
        "routed", "unsure", "added", "moved", "corrected", "disputed", "reopened", "urgent", "unheard", "orphaned",
    ):  # fmt: skip
        yield note.NoteHead(occasion=occasion, desk="Reference", sources=_MADE_UP)
    for words, adds in product(("Could you send me a list?", ""), (True, False)):
        yield note.NoteAsked(patron="Pat Ron", words=words, adds=adds, sources=_MADE_UP)
    yield note.NoteVia(colleague="Dan Whitlock", sources=_MADE_UP)
    for link, why in (("riverbend.example/blog", ()), ("", ("scores",)), ("", ("scores", "list"))):
        yield note.NoteWhy(link=link, words=why, sources=_MADE_UP)
    for against in ((), ("parts", "strings")):
        yield note.NoteSecond(second="Outreach", against=against, sources=_MADE_UP)
    for spoke, later in product(((), ("scores",)), (True, False)):
        yield note.NoteGuesses(guesses=("Outreach", "Digital"), words=spoke, later=later, sources=_MADE_UP)
    yield note.NoteNoGuess(sources=_MADE_UP)
    yield note.NoteFirstGuess(sources=_MADE_UP)
    for by, link_moved, remark, hand in (
        ("Luis", False, "", True),
        ("Luis", False, "It's an e-book.", True),
        ("", True, "", False),
        ("", False, "", False),
        ("", False, "", True),
    ):
        yield note.NoteFrom(was="Circulation", by=by, link=link_moved, remark=remark, hand=hand, sources=_MADE_UP)
    for still in (True, False):
        yield note.NoteTold(patron="Pat Ron", due=_DUE, still=still, sources=_MADE_UP)
    yield from _particulars()


def _particulars() -> Iterator[Fact]:
    yield note.NoteCopy(patron="Pat Ron", sources=_MADE_UP)
    yield note.NoteCopyOthers(others=("Outreach", "Digital"), sources=_MADE_UP)
    yield note.NoteLanguage(code="es", sources=_MADE_UP)
    for subject in ("Musical scores", ""):
        yield note.NoteOpen(subject=subject, desk="Outreach", sources=_MADE_UP)
    for files, name in ((("flood.tif (31 MB)", "map.pdf (9 MB)"), "<m1@example.com>"), ((), "")):
        yield note.NoteLeftOut(
            files=files, mailbox="ask@riverbend.example", folder="mailbot/Routed", name=name, sources=_MADE_UP
        )
    for triage, relay in product((True, False), (True, False)):
        yield note.NoteReply(patron="Pat Ron", suggested="digital", triage=triage, relay=relay, sources=_MADE_UP)
    for was, mover in (("", ""), ("Outreach", "Luis"), ("Outreach", "")):
        yield note.NoteMove(at=_DUE, was=was, desk="Digital", by=mover, sources=_MADE_UP)
    yield note.NoteLink(name="Outreach", url="mailto:ask@riverbend.example?subject=route", sources=_MADE_UP)


def _short_letters() -> Iterator[Fact]:
    for cause, subject in product(("link", "words", "colleague", "disputed"), ("Musical scores", "")):
        yield note.OffDesk(patron="Pat Ron", subject=subject, desk="Outreach", cause=cause, sources=_MADE_UP)
    for nearest in ("digital", ""):
        yield note.NotKnown(
            named="digitel",
            nearest=nearest,
            known=("digital", "outreach"),
            desk="Circulation",
            patron="Pat Ron",
            sources=_MADE_UP,
        )
    for asker, key in ((True, "digital"), (True, ""), (False, "")):
        yield note.Unclear(
            asker=asker,
            colleague="Luis",
            key=key,
            known=("digital", "outreach"),
            desk="Circulation",
            patron="Pat Ron",
            sources=_MADE_UP,
        )
    yield note.Thanks(patron="Pat Ron", text="That is what I hoped for.", sources=_MADE_UP)
    yield note.Withdrawn(patron="Pat Ron", text="Never mind, I found it.", sources=_MADE_UP)
    for asker, colleague, subject in (
        (True, "", ""),
        (True, "Dan", "Scores"),
        (False, "Dan", "Scores"),
        (False, "", ""),
    ):
        yield note.Whose(asker=asker, colleague=colleague, subject=subject, sources=_MADE_UP)
    yield note.OnlyUs(patron="Pat Ron", address="pat.ron@example.com", sources=_MADE_UP)
    yield from _came_back()
    yield note.Unsaid(patron="Pat Ron", sources=_MADE_UP)
    for subject in ("Musical scores", ""):
        yield note.NoCase(subject=subject, sources=_MADE_UP)
    for failure in ("mailbox full", ""):
        yield note.CopyLost(patron="Pat Ron", address="duty@library.example", failure=failure, sources=_MADE_UP)
    yield note.AmongStaff(patron="Pat Ron", mailbox="ask@library.example", sources=_MADE_UP)
    for attempt, named in (("move", "digital"), ("pass-on", ""), ("answer", ""), ("write", "")):
        yield note.Forged(
            sender="luis@library.example", attempt=attempt, check="dmarc=fail", patron="Pat Ron", named=named,
            sources=_MADE_UP,
        )  # fmt: skip
    for patron, failure in (("Pat Ron", "no text in it"), ("", "")):
        yield note.Failed(patron=patron, failure=failure, sources=_MADE_UP)


def _came_back() -> Iterator[Fact]:
    for failure, number in (("mailbox full", "816-555-0190"), ("", "")):
        for arrived in (False, True):
            yield note.Lost(
                patron="Pat Ron", was="Outreach", failure=failure, number=number, arrived=arrived, sources=_MADE_UP
            )
        for answer in (True, False):
            for kind in (note.Unreached, note.Undelivered):
                yield kind(
                    patron="Pat Ron", address="pat.ron@example.com", failure=failure, answer=answer, sources=_MADE_UP
                )


def _promises() -> Iterator[Fact]:
    for subject in ("Musical scores", ""):
        yield note.NoteNudge(patron="Pat Ron", subject=subject, due=_DUE, sources=_MADE_UP)
        for reader, number in (("desk", ""), ("others", "816-555-0110"), ("others", "")):
            yield note.NoteLate(
                reader=reader, patron="Pat Ron", subject=subject, desk="Reference", missed=_DUE, number=number,
                sources=_MADE_UP,
            )  # fmt: skip
    for told, due in (("new", _DUE), ("none", None), ("nothing", _DUE)):
        yield note.NoteToldLate(patron="Pat Ron", told=told, due=due, sources=_MADE_UP)
    for relay in (True, False):
        yield note.NoteAnswer(patron="Pat Ron", relay=relay, sources=_MADE_UP)


def _findings() -> Iterator[Fact]:
    yield note.NoteAlso(words="and is the meeting room free on Friday", desk="Programs and Rooms", sources=_MADE_UP)
    for desks in (("Reference",), ("Reference", "Outreach")):
        yield note.NoteNamed(colleague="Dan Whitlock", desks=desks, sources=_MADE_UP)
    earlier = (("When is the bookmobile in Hale?", "Outreach"), ("Large print for my mother", "Outreach"))
    for count in (1, 2):
        yield note.NoteAlike(questions=earlier[:count], sources=_MADE_UP)
    for overdue in (0, 1, 3):
        yield note.Unread(mailbox="ask", since=_DUE, overdue=overdue, sources=_MADE_UP)
    for never in (True, False):
        yield note.Restrained(version="v0003", right=14, judged=20, target=95, never=never, sources=_MADE_UP)


def _ties() -> Iterator[Fact]:
    asked = _DUE.replace(year=2026, day=3)
    yield Earlier(asked=asked, sources=_MADE_UP)
    for subject in ("Musical scores", ""):
        yield NoteEarlier(subject=subject, asked=asked, desk="Reference", below=bool(subject), sources=_MADE_UP)
        yield NoteMaybe(subject=subject, asked=asked, desk="Reference", sources=_MADE_UP)


def _digests() -> Iterator[Fact]:
    for number in (1, 120):
        yield note.DigestHead(desk="Reference", number=number, listed_number=min(number, 100), sources=_MADE_UP)
        yield note.DigestDesk(desk="Reference", number=number, late=number - 1, sources=_MADE_UP)
    for subject, (due, late) in product(("Musical scores", ""), ((_DUE, False), (_DUE, True), (None, False))):
        yield note.DigestCase(patron="Pat Ron", subject=subject, due=due, late=late, sources=_MADE_UP)
    for some in (0, 2):
        yield note.DigestDay(
            received=9, waiting=some, routed=4, added=1, held=2, unanswered=2, failed=some, letters_failed=some,
            sources=_MADE_UP,
        )  # fmt: skip
