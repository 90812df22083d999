"""What a letter to staff says: the note on top of a forward, and the short letters to a desk or a colleague.

Every note is planned as if the patron will read it. Owns what is said and the record behind it; knows no words.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from mailbot.case import State
from mailbot.writing import staff_facts as say
from mailbot.writing.facts import Fact, Plan, Record, Source, Subject
from mailbot.writing.letter import LONGEST_REMARK, Attempt, LetterKind, Occasion, Order
from mailbot.writing.names import person
from mailbot.writing.plan import Paragraph, Sight
from mailbot.writing.ties import NoteEarlier, NoteMaybe, subject_shown

_LONGEST_THANKS = 1200  # characters
_WORDS = 3  # words of the patron's that a note names
_LINKS = 3  # one-click links in a note
_BY_COLLEAGUES = frozenset({Occasion.CORRECTED, Occasion.DISPUTED})
_AT_ONCE = frozenset({Occasion.URGENT, Occasion.UNHEARD})
_STEPS = 8  # of the way a question has gone
_ALIKE = 2  # earlier questions that a note names
_LONGEST_PART = 160  # characters of a second request
_ASKED = re.compile(rf"{Record.CASE}: asked about ([^;]*)$")

LEAST_USEFUL: tuple[type[Fact], ...] = (
    say.NoteAlike, say.NoteOpen, say.NoteCopyOthers, say.NoteSecond, say.NoteLanguage, say.NoteMove, say.NoteCopy,
    say.NoteVia, say.NoteFirstGuess, say.NoteWhy, say.NoteNamed,
)  # fmt: skip
"""What a note that grows too long does without, in this order; of several of one kind, the first goes first.

Never what it is for: who asks what, what is owed, how to answer and to pass on, and that a part has nobody yet.
"""


def staff_plan(order: Order, sight: Sight) -> Plan:
    """The plan of a letter to a department or a colleague."""
    return _PLANS.get(order.occasion, _forward)(order, sight)


# --- forwards ------------------------------------------------------------------------------------------------------


def _forward(order: Order, sight: Sight) -> Plan:
    source = Source(Record.CASE, f"holder {sight.holder.key}")
    head = say.NoteHead(occasion=order.occasion, desk=sight.holder.name, sources=(source,))
    story = (_asked(sight), *_via(sight), *_from(sight), *_way(sight), *_why(sight), *_more(sight))
    more = (*_tied(sight), *_language(sight), *_copy(order, sight), *_open(sight), *_told(sight))
    return Plan(_subject(order, sight), ((*_flag(sight), head), story, more, _reply(order, sight)), lines=True)


def _flag(sight: Sight) -> Paragraph:
    flags = [name for name, set_ in (("urgent", sight.scene.urgent), ("delicate", sight.delicate)) if set_]
    return (say.NoteFlag(flag="-".join(flags), sources=(Source(Record.MESSAGE, "text"),)),) if flags else ()


def _asked(sight: Sight) -> Fact:
    again = sight.occasion is Occasion.REOPENED and sight.core not in ("", sight.scene.case.request)
    adds = sight.occasion is Occasion.ADDED or again
    return say.NoteAsked(patron=_patron(sight), words=sight.core, adds=adds, sources=(Source(Record.MESSAGE, "text"),))


def _via(sight: Sight) -> Paragraph:
    via = sight.scene.case.passed_on_by
    if via is None or sight.occasion is Occasion.ADDED:
        return ()
    return (say.NoteVia(colleague=person(via), sources=(Source(Record.CASE, "passed on by"),)),)


def _from(sight: Sight) -> Paragraph:
    if sight.before.key == sight.holder.key or sight.occasion not in {Occasion.MOVED, *_BY_COLLEAGUES}:
        return ()
    corrected = sight.occasion in _BY_COLLEAGUES
    sender = sight.scene.understood.message.sender
    fact = say.NoteFrom(
        was=sight.before.name, by=person(sender) if corrected and sender else "",
        remark=_remark(sight) if corrected else "",
        link=bool(sight.scene.prediction and sight.scene.prediction.rule), hand=corrected,
        sources=(Source(Record.CASE, f"held by {sight.before.key}"),),
    )  # fmt: skip
    return (fact,)


def _way(sight: Sight) -> Paragraph:
    """Where it has been, for the desk that has to decide between colleagues."""
    if sight.occasion is not Occasion.DISPUTED:
        return ()
    zone = sight.scene.library.timezone
    return tuple(
        say.NoteMove(
            at=move.at.astimezone(zone), was=sight.scene.library.holder(move.was).name if move.was else "",
            desk=sight.scene.library.holder(move.to).name, by=person(move.by) if move.by else "",
            sources=(Source(Record.CASE, f"moved to {move.to}"),),
        )
        for move in sight.scene.moves[-_STEPS:]
    )  # fmt: skip


def _remark(sight: Sight) -> str:
    """What a colleague wrote beside the line that moved the case; with it, where colleagues disagree."""
    lines = [line.strip() for line in sight.scene.understood.text.splitlines()]
    whole = sight.occasion is Occasion.DISPUTED
    return _cut(
        " ".join(line for line in lines if line and (whole or not line.lower().startswith("route:"))), LONGEST_REMARK
    )


def _why(sight: Sight) -> Paragraph:
    prediction = sight.scene.prediction
    if prediction is None and sight.occasion is Occasion.UNSURE:
        return (say.NoteNoGuess(sources=(Source(Record.GUESS, "none"),)),)
    if prediction is None or sight.occasion in {*_BY_COLLEAGUES, Occasion.REOPENED}:
        return ()
    source = Source(Record.GUESS, prediction.department or "none")
    best = _name(sight, prediction.department or "")
    others = [name for guess in prediction.runners_up if (name := _name(sight, guess.department)) != sight.holder.name]
    words, against = _shown(prediction.words), _shown(prediction.against)
    if sight.occasion is Occasion.UNSURE:
        guesses = tuple(filter(None, (_name(sight, key) for key in prediction.suggestions)))
        if not guesses:
            return (say.NoteNoGuess(sources=(source,)),)
        return (say.NoteGuesses(guesses=guesses, words=words, later=False, sources=(source,)),)
    if sight.occasion is Occasion.ADDED:
        if not best or prediction.department == sight.holder.key:
            return ()
        # Where nobody has decided yet, the desk that will may choose among several.
        guesses = (best,) if sight.scene.case.sure else tuple(dict.fromkeys(filter(None, (best, *others))))[:_WORDS]
        return (say.NoteGuesses(guesses=guesses, words=words, later=True, sources=(source,)),)
    why: Paragraph = ()
    if prediction.rule or words:
        why = (say.NoteWhy(link=prediction.rule or "", words=words, sources=(source,)),)
    if prediction.provisional and not prediction.rule:
        why = (*why, say.NoteFirstGuess(sources=(Source(Record.GUESS, "before there is evidence"),)))
    second = next(filter(None, others), "")
    return (*why, say.NoteSecond(second=second, against=against, sources=(source,))) if second else why


def _more(sight: Sight) -> Paragraph:
    """What else was found in a new question: whom a colleague named, a second request, earlier ones like it."""
    prediction = sight.scene.prediction
    if prediction is None or sight.occasion not in {Occasion.ROUTED, Occasion.UNSURE}:
        return ()
    found: list[Fact] = []
    via, named = sight.scene.case.passed_on_by, tuple(filter(None, (_name(sight, key) for key in prediction.named)))
    if via is not None and named:
        source = Source(Record.MESSAGE, "above what was passed on")
        found.append(say.NoteNamed(colleague=person(via), desks=named, sources=(source,)))
    if prediction.also is not None and not sight.delicate:
        also, source = prediction.also, Source(Record.GUESS, f"second request: {prediction.also.department}")
        found.append(
            say.NoteAlso(words=_cut(also.words, _LONGEST_PART), desk=_name(sight, also.department), sources=(source,))
        )
    alike = tuple((one.summary, desk) for one in sight.scene.alike if (desk := _name(sight, one.department)))
    if alike:
        found.append(
            say.NoteAlike(questions=alike[:_ALIKE], sources=(Source(Record.GUESS, "earlier labels most like it"),))
        )
    return tuple(found)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + "…"


def _shown(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if word.strip())[:_WORDS]


def _name(sight: Sight, key: str) -> str:
    return next((found.name for found in sight.scene.library.departments if found.key == key), "")


def _copy(order: Order, sight: Sight) -> Paragraph:
    source = Source(Record.MESSAGE, "To, Cc")
    here = order.department in sight.scene.on_copy
    others = tuple(filter(None, (_name(sight, key) for key in sight.scene.on_copy if key != order.department)))
    facts: list[Fact] = []
    if here:
        facts.append(say.NoteCopy(patron=_patron(sight), sources=(source,)))
    if others:
        facts.append(say.NoteCopyOthers(others=others, sources=(source,)))
    return tuple(facts)


def _language(sight: Sight) -> Paragraph:
    spoken = sight.scene.case.language or sight.scene.understood.language
    if not spoken or spoken == sight.scene.library.language:
        return ()
    return (say.NoteLanguage(code=spoken, sources=(Source(Record.MESSAGE, f"language {spoken}"),)),)


def _open(sight: Sight) -> Paragraph:
    other = next((case for case in sight.scene.open_cases if case.ref != sight.scene.case.ref), None)
    if other is None:
        return ()
    source = Source(Record.CASE, "open cases of the patron")
    return (say.NoteOpen(subject=other.subject, desk=_name(sight, other.holder), sources=(source,)),)


def _tied(sight: Sight) -> Paragraph:
    """The very old question that this one follows, or one that it may belong to."""
    scene = sight.scene
    tie = scene.earlier or scene.maybe
    if tie is None or scene.was is not None:
        return ()
    subject = "" if sight.delicate else subject_shown(tie, scene.understood)
    asked, desk = tie.case.opened.astimezone(scene.library.timezone), scene.library.holder(tie.case.holder).name
    sources = (Source(Record.CASE, f"opened {asked:%Y-%m-%d}, holder {tie.case.holder}"),)
    if scene.earlier is None:
        return (NoteMaybe(subject=subject, asked=asked, desk=desk, sources=sources),)
    return (NoteEarlier(subject=subject, asked=asked, desk=desk, below=bool(tie.texts), sources=sources),)


def _told(sight: Sight) -> Paragraph:
    if sight.due is None:
        return ()
    source = Source(Record.LETTERS, "to the patron")
    if not sight.scene.case.answerable or (sight.scene.untold and not sight.still):
        return (say.NoteToldLate(patron=_patron(sight), told="nothing", due=sight.due, sources=(source,)),)
    return (say.NoteTold(patron=_patron(sight), due=sight.due, still=sight.still, sources=(source,)),)


def _reply(order: Order, sight: Sight) -> Paragraph:
    keys = [link.department for link in sight.scene.links]
    others = [found.key for found in sight.scene.library.departments]
    suggested = next((key for key in (*keys, *others) if key != sight.holder.key), "")
    reply = say.NoteReply(
        patron=_patron(sight),
        suggested=suggested,
        triage=sight.holder.triage,
        relay=sight.scene.library.relays(order.department),
        sources=(Source(Record.DIRECTORY, "keys"),),
    )
    return (reply, *_one_click(sight))


def _one_click(sight: Sight) -> Paragraph:
    return tuple(
        say.NoteLink(
            name=_name(sight, link.department) or link.department, url=link.url,
            sources=(Source(Record.DIRECTORY, link.department),),
        )
        for link in sight.scene.links[:_LINKS]
    )  # fmt: skip


# --- short letters -------------------------------------------------------------------------------------------------


def _taken_off(order: Order, sight: Sight) -> Plan:
    cause = "colleague"
    if order.kind is LetterKind.UPDATE:
        cause = "link" if sight.scene.prediction and sight.scene.prediction.rule else "words"
    elif not sight.scene.case.sure:
        cause = "disputed"  # of which nothing is learnt
    fact = say.OffDesk(
        patron=_patron(sight), subject=_own(sight), desk=sight.holder.name, cause=cause,
        sources=(Source(Record.CASE, f"holder {sight.holder.key}"),),
    )  # fmt: skip
    return Plan(_subject(order, sight), ((fact, *_told(sight)),))


def _not_known(order: Order, sight: Sight) -> Plan:
    library = sight.scene.library
    named = " ".join(sight.scene.named.split())[:60]
    near = {found.key: found.key for found in library.departments} | {
        found.name.lower(): found.key for found in library.departments
    }
    close = difflib.get_close_matches(named.lower(), near, n=1, cutoff=0.5)
    fact = say.NotKnown(
        named=named, nearest=near[close[0]] if close else "", known=tuple(found.key for found in library.departments),
        desk=sight.holder.name, patron=_patron(sight),
        sources=(Source(Record.MESSAGE, "route line"), Source(Record.DIRECTORY, "keys")),
    )  # fmt: skip
    return _plain(order, sight, fact)


def _unclear(order: Order, sight: Sight) -> Plan:
    sender, candidates = sight.scene.understood.message.sender, sight.scene.candidates
    unclear = say.Unclear(
        asker=order.department is None, colleague=person(sender) if sender else "",
        key=candidates[0] if len(candidates) == 1 else "",
        known=candidates or tuple(found.key for found in sight.scene.library.departments),
        desk=sight.holder.name, patron=_patron(sight),
        sources=(Source(Record.MESSAGE, "text"), Source(Record.DIRECTORY, "keys"), *_question(order, candidates)),
    )  # fmt: skip
    return Plan(_subject(order, sight), ((unclear, *_one_click(sight)),), lines=True)


def _question(order: Order, candidates: tuple[str, ...]) -> tuple[Source, ...]:
    """What a colleague is asked, so that a plain answer can be understood."""
    return (Source(Record.CASE, f"asked about {', '.join(candidates)}"),) if order.department is None else ()


def asked_in(sources: Iterable[str]) -> tuple[str, ...] | None:
    """The departments (keys) that a letter asked a colleague about, none where it asked which; None where it did not
    ask. Read from the records behind what it says.
    """
    found = next(filter(None, map(_ASKED.search, sources)), None)
    return tuple(filter(None, found[1].split(", "))) if found else None


def _thanked(order: Order, sight: Sight) -> Plan:
    text = sight.scene.understood.text.strip()[:_LONGEST_THANKS]
    grateful = person(sight.scene.speaker(order.kind)[0])
    return _plain(order, sight, say.Thanks(patron=grateful, text=text, sources=(Source(Record.MESSAGE, "text"),)))


def _withdrawn(order: Order, sight: Sight) -> Plan:
    text, source = sight.scene.understood.text.strip(), Source(Record.MESSAGE, "text")
    return _plain(order, sight, say.Withdrawn(patron=_patron(sight), text=text, sources=(source,)))


def _whose(order: Order, sight: Sight) -> Plan:
    passer = sight.scene.understood.passed_on_by or sight.scene.case.passed_on_by
    asker = order.kind is not LetterKind.ALERT and order.department is None
    fact = say.Whose(
        asker=asker, colleague=person(passer) if passer else "", subject=_own(sight),
        sources=(Source(Record.MESSAGE, "no first writer in it"),),
    )  # fmt: skip
    return _plain(order, sight, fact)


def _only_us(order: Order, sight: Sight) -> Plan:
    source = Source(Record.MESSAGE, "To, Cc")
    return _plain(
        order, sight, say.OnlyUs(patron=_patron(sight), address=sight.scene.reader.address, sources=(source,))
    )


def _lost(order: Order, sight: Sight) -> Plan:
    was = sight.before
    lost = say.Lost(
        patron=_patron(sight), was=was.name, failure=_reason(sight), number=was.phone, arrived=sight.scene.reminded,
        sources=(Source(Record.DELIVERY, f"{'reminder' if sight.scene.reminded else 'forward'} to {was.key}"),),
    )  # fmt: skip
    return Plan(
        _subject(order, sight),
        ((*_flag(sight), lost), (_asked(sight), *_told(sight)), _reply(order, sight)),
        lines=True,
    )


def _unsaid(order: Order, sight: Sight) -> Plan:
    return _plain(order, sight, say.Unsaid(patron=_patron(sight), sources=(Source(Record.MESSAGE, "text"),)))


def _no_case(order: Order, sight: Sight) -> Plan:
    subject = sight.scene.understood.subject
    return _plain(order, sight, say.NoCase(subject=subject, sources=(Source(Record.MESSAGE, "subject"),)))


def _among_staff(order: Order, sight: Sight) -> Plan:
    fact = say.AmongStaff(
        patron=_patron(sight), mailbox=sight.scene.mailbox.address, sources=(Source(Record.MESSAGE, "To, Cc"),)
    )
    return _plain(order, sight, fact)


def _copy_lost(order: Order, sight: Sight) -> Plan:
    address = sight.scene.library.urgent.to
    lost = say.CopyLost(
        patron=_patron(sight), address=address, failure=_reason(sight),
        sources=(Source(Record.DELIVERY, f"copy to {address}"),),
    )  # fmt: skip
    return Plan(_subject(order, sight), ((*_flag(sight), lost),), lines=True)


def _unreached(order: Order, sight: Sight) -> Plan:
    was = sight.scene.was
    answer = was is not None and was.state is State.ANSWERED and sight.scene.case.state is State.OPEN
    fact = (say.Undelivered if order.occasion is Occasion.UNDELIVERED else say.Unreached)(
        patron=_patron(sight), address=sight.scene.case.patron.address, failure=_reason(sight), answer=answer,
        sources=(Source(Record.DELIVERY, "letter to the patron"),),
    )  # fmt: skip
    return _plain(order, sight, fact)


def _nudged(order: Order, sight: Sight) -> Plan:
    nudge = say.NoteNudge(
        patron=_patron(sight), subject=_own(sight), due=sight.missed, sources=(Source(Record.LETTERS, "to the patron"),)
    )
    return Plan(
        _subject(order, sight), ((*_flag(sight), nudge), _reminder(order, sight), _answer(order, sight)), lines=True
    )


def _late(order: Order, sight: Sight) -> Plan:
    mine = order.kind is LetterKind.NUDGE
    late = say.NoteLate(
        reader="desk" if mine else "others", patron=_patron(sight), subject=_own(sight), desk=sight.holder.name,
        missed=sight.missed, number="" if mine else sight.holder.phone,
        sources=(Source(Record.CASE, f"due {sight.missed.isoformat()}"),),
    )  # fmt: skip
    told = "nothing" if sight.scene.untold else ("new" if sight.due else "none")
    heard = say.NoteToldLate(
        patron=_patron(sight), told=told, due=sight.due, sources=(Source(Record.LETTERS, "to the patron"),)
    )
    story = ((*_flag(sight), late, heard), _reminder(order, sight), _answer(order, sight))
    return Plan(_subject(order, sight), story, lines=True)


def _reminder(order: Order, sight: Sight) -> Paragraph:
    """What the patron asked, in their words; where these are not repeated, the message itself must be there."""
    return (_asked(sight),) if sight.core or order.carries else ()


def _answer(order: Order, sight: Sight) -> Paragraph:
    relay = sight.scene.library.relays(order.department)
    return (say.NoteAnswer(patron=_patron(sight), relay=relay, sources=(Source(Record.DIRECTORY, "mailbox"),)),)


def _forged(order: Order, sight: Sight) -> Plan:
    scene = sight.scene
    sender = scene.understood.message.sender
    fact = say.Forged(
        sender=sender.address if sender else "", attempt=scene.attempt or Attempt.WRITE, check=scene.failure,
        patron=_patron(sight), named=" ".join(scene.named.split())[:60],
        sources=(Source(Record.MESSAGE, "Authentication-Results"),),
    )  # fmt: skip
    return _plain(order, sight, fact)


def _failed(order: Order, sight: Sight) -> Plan:
    source = Source(Record.DELIVERY, "")
    return _plain(order, sight, say.Failed(patron=_patron(sight), failure=_reason(sight), sources=(source,)))


_PLANS: Mapping[Occasion, Callable[[Order, Sight], Plan]] = MappingProxyType({
    Occasion.TAKEN_OFF: _taken_off, Occasion.NOT_KNOWN: _not_known, Occasion.UNCLEAR: _unclear,
    Occasion.THANKED: _thanked, Occasion.WITHDRAWN: _withdrawn, Occasion.WHOSE: _whose,
    Occasion.ONLY_US: _only_us, Occasion.BOUNCED: _lost, Occasion.UNREACHED: _unreached,
    Occasion.UNDELIVERED: _unreached, Occasion.FAILED: _failed, Occasion.FORGED: _forged, Occasion.UNSAID: _unsaid,
    Occasion.AMONG_STAFF: _among_staff, Occasion.NO_CASE: _no_case, Occasion.NUDGED: _nudged, Occasion.LATE: _late,
    Occasion.COPY_LOST: _copy_lost,
})  # fmt: skip


def _plain(order: Order, sight: Sight, fact: Fact) -> Plan:
    return Plan(_subject(order, sight), ((fact,),))


def _subject(order: Order, sight: Sight) -> Subject:
    manner = "thanks" if order.occasion is Occasion.THANKED else "staff"
    if sight.scene.urgent and (order.kind is LetterKind.FORWARD or order.occasion in _AT_ONCE):
        manner = "urgent"
    return Subject(
        own=_own(sight), library=sight.scene.library.name,
        patron=person(sight.scene.speaker(order.kind)[0]), manner=manner,
        sources=(Source(Record.CASE, "subject"),),
    )  # fmt: skip


def _own(sight: Sight) -> str:
    return "" if sight.delicate else sight.scene.case.subject


def _patron(sight: Sight) -> str:
    return person(sight.scene.case.patron)


def _reason(sight: Sight) -> str:
    return " ".join(sight.scene.failure.split())[:300].rstrip(".")
