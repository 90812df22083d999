"""What a letter to a patron says: facts from the scene, in the order that suits the occasion.

Owns what is said and what is left out, and the record behind each fact. Knows no words: those are in the templates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from types import MappingProxyType

from mailbot.library import ClosedDay, Department
from mailbot.mail.understood import Understood
from mailbot.writing import facts as say
from mailbot.writing.advice import Advice
from mailbot.writing.alarm import grave_in
from mailbot.writing.deadline import deadline_in
from mailbot.writing.facts import Fact, Plan, Record, Source
from mailbot.writing.letter import Occasion, Scene
from mailbot.writing.mirror import (
    Mirror,
    about_whom,
    addition_in,
    asks_more,
    delicate,
    grave,
    is_account,
    mirrored,
    repeated,
    request_in,
    request_of,
    said_by,
)
from mailbot.writing.names import greeted, person
from mailbot.writing.ties import Earlier

Paragraph = tuple[Fact, ...]

_LITTLE = 40  # words of a message that may lack something
_NAMED_CLOSED = 3  # more closed days than this are not listed
_MESSAGE = Source(Record.MESSAGE, "text")
_BY_OTHERS = frozenset({
    Occasion.CORRECTED, Occasion.DISPUTED, Occasion.BOUNCED, Occasion.TAKEN_OFF, Occasion.NUDGED, Occasion.LATE,
    Occasion.ASKED, Occasion.FORGED, Occasion.RELAYED, Occasion.UNREACHED, Occasion.UNDELIVERED,
    Occasion.COPY_LOST, Occasion.ORPHANED,
})  # fmt: skip
_TURNS = {0: "untold", 1: "first", 2: "again"}
_NAMED = re.compile(rf"{Record.CALENDAR}: \S+ (\d+-\d+-\d+T\S+)")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the letters of one scene and occasion take from the patron's words: ``core`` are those to repeat."""

    delicate: bool
    core: str
    grave: bool

    @classmethod
    def of(cls, scene: Scene, occasion: Occasion) -> Reading:
        """The reading of a scene."""
        quiet = is_delicate(scene, occasion)
        return cls(quiet, "" if quiet else _words(scene, occasion), quiet and grave(scene.understood))


@dataclass(frozen=True, slots=True)
class Sight:
    """A scene as one letter sees it, and what follows from it."""

    scene: Scene
    occasion: Occasion
    language: str
    advice: Callable[[Department], Advice]
    reading: Reading

    @property
    def delicate(self) -> bool:
        """Whether the letter is to be quiet."""
        return self.reading.delicate

    @property
    def shared(self) -> bool:
        """Whether those who see to urgent messages have something of the case as well."""
        others = self.scene.library.urgent.to.lower() not in ("", self.holder.email.lower())
        return others and (self.reading.grave or any(grave_in(past.text) for past in self.scene.history))

    @property
    def core(self) -> str:
        """The patron's words to repeat, or ""."""
        return self.reading.core

    @property
    def holder(self) -> Department:
        """The department that has the case now."""
        return self.scene.library.holder(self.scene.case.holder)

    @property
    def before(self) -> Department:
        """The department that had it before; the same where it did not move."""
        return self.scene.library.holder(self.scene.was.holder) if self.scene.was else self.holder

    @property
    def who(self) -> str:
        """Why the holder, as a clause that follows its name, or ""."""
        return self.holder.looks_after.get(self.language, "")

    @property
    def mirror(self) -> Mirror:
        """How the patron's words can be worked into a sentence."""
        return mirrored(self.core, self.spoken, self.language)

    @property
    def evidence(self) -> tuple[Understood, str]:
        """What offers and questions are chosen by: the message and its core; for a colleague's, the patron's too."""
        understood = self.scene.understood
        if self.occasion not in _BY_OTHERS:
            return understood, self.core
        told = "\n\n".join((*(past.text for past in self.scene.history), understood.text))
        case = self.scene.case
        whole = replace(understood, text=told, subject=case.subject, language=case.language)
        return whole, f"{self.core}\n{understood.text}"

    @property
    def about(self) -> tuple[str, ...] | None:
        """The offers and questions that are about what this message is about; None where nothing tells."""
        prediction = self.scene.prediction
        return None if prediction is None or self.occasion in _BY_OTHERS else prediction.about

    @property
    def spoken(self) -> str:
        """The language the patron writes, as far as anyone can tell."""
        return self.scene.case.language or self.scene.understood.language or self.language

    @property
    def today(self) -> date:
        """The day it is in the library."""
        return self.scene.now.astimezone(self.scene.library.timezone).date()

    @property
    def due(self) -> datetime | None:
        """The promise, on the library's clock."""
        promise = self.scene.promise
        return promise.due.astimezone(self.scene.library.timezone) if promise else None

    @property
    def missed(self) -> datetime:
        """The promise that was not kept, on the library's clock."""
        was = self.scene.was
        due = was.due if was is not None and was.due is not None else self.scene.now
        return due.astimezone(self.scene.library.timezone)

    @property
    def still(self) -> bool:
        """Whether the promise was made before, a letter named it, and it holds."""
        was, promise = self.scene.was, self.scene.promise
        return was is not None and promise is not None and was.due == promise.due and not self.scene.unnamed


def patron_plan(sight: Sight) -> Plan:
    """The plan of an acknowledgement or an update to the patron."""
    plans = _QUIET_PLANS if sight.delicate else _PLANS
    paragraphs = (
        _greeting(sight),
        _foreign(sight),
        *plans[sight.occasion](sight),
        _assistant(sight),
        _signature(sight),
    )
    return Plan(patron_subject(sight), tuple(paragraph for paragraph in paragraphs if paragraph))


# --- the occasions -------------------------------------------------------------------------------------------------


def _routed(sight: Sight) -> tuple[Paragraph, ...]:
    mirror = sight.mirror
    opening = say.Opening(
        form=mirror.form, words=mirror.words, desk=sight.holder.name, who=sight.who, sources=(_MESSAGE, *_desk(sight))
    )
    missing = _missing(sight)
    # Two questions and an offer would be a letter that does not stop.
    full = any(isinstance(fact, say.Missing) and fact.second for fact in missing)
    return (
        (opening, *_others(sight), *_via(sight), *_earlier(sight)),
        (*_by(sight), *_deadline(sight), *_first_guess(sight)),
        missing,
        () if full else _meanwhile(sight),
    )


def _unsure(sight: Sight) -> tuple[Paragraph, ...]:
    unknown = say.Unknown(desk=sight.holder.name, sources=(Source(Record.GUESS, "not sure"), *_desk(sight)))
    return (
        (*_said(sight), *_others(sight), *_via(sight), unknown, *_earlier(sight)),
        (*_by(sight), *_deadline(sight)),
        _more(sight),
        _phone(sight),
    )


def _added(sight: Sight) -> tuple[Paragraph, ...]:
    added = say.Added(
        words=sight.core, desk=sight.holder.name, again=_again(sight.scene), quiet=sight.delicate,
        sources=(_MESSAGE, *_desk(sight)),
    )  # fmt: skip
    return ((added, *_by(sight)), _help(sight), _phone(sight) if sight.delicate else ())


def _moved(sight: Sight) -> tuple[Paragraph, ...]:
    """Because of what the patron wrote; where that is delicate nothing is said of why, and nothing else is offered."""
    link = _link(sight)
    moved = say.Moved(
        desk=sight.holder.name, who="" if sight.delicate else sight.who, was=sight.before.name, link=bool(link),
        sources=(Source(Record.MESSAGE, f"link {link}" if link else "text"), *_desk(sight)),
    )  # fmt: skip
    if sight.delicate:
        return ((moved,), _by(sight), _help(sight), _phone(sight))
    return ((moved,), _by(sight), _meanwhile(sight))


def _corrected(sight: Sight) -> tuple[Paragraph, ...]:
    back = sight.holder.key in sight.scene.case.held_by[:-1]
    corrected = say.Corrected(
        desk=sight.holder.name, who=sight.who, was=sight.before.name, back=back, quiet=sight.delicate,
        alone=_between_two(sight), by_them=not sight.scene.from_elsewhere,
        sources=(Source(Record.CASE, f"{sight.before.key} to {sight.holder.key}, by a colleague"), *_desk(sight)),
    )  # fmt: skip
    return ((*_said(sight), corrected), _by(sight), _phone(sight) if sight.delicate else _meanwhile(sight))


def _between_two(sight: Sight) -> bool:
    """Whether nobody has had the case but the department that gave it up and the one that has it now."""
    case = sight.scene.case
    return not sight.shared and case.passed_on_by is None and len(case.held_by) == 2


def _orphaned(sight: Sight) -> tuple[Paragraph, ...]:
    source = Source(Record.CASE, f"to {sight.holder.key}, since the department before is gone")
    handed_on = say.HandedOn(desk=sight.holder.name, sources=(source, *_desk(sight)))
    return ((*_said(sight), handed_on), _by(sight), _phone(sight) if sight.delicate else ())


def _disputed(sight: Sight) -> tuple[Paragraph, ...]:
    disputed = say.Disputed(
        desk=sight.holder.name, was=sight.before.name,
        sources=(Source(Record.CASE, f"{sight.before.key} to {sight.holder.key}, colleagues disagree"), *_desk(sight)),
    )  # fmt: skip
    return ((*_said(sight), disputed), _by(sight), _phone(sight))


def _bounced(sight: Sight) -> tuple[Paragraph, ...]:
    what = "reminder" if sight.scene.reminded else "forward"
    bounced = say.Bounced(
        desk=sight.holder.name, was=sight.before.name, arrived=sight.scene.reminded,
        sources=(Source(Record.DELIVERY, f"the {what} to {sight.before.key} came back"), *_desk(sight)),
    )  # fmt: skip
    return ((*_said(sight), bounced), _by(sight), _phone(sight) if sight.delicate else ())


def _late(sight: Sight) -> tuple[Paragraph, ...]:
    """That a promise was not kept, in so many words; by when now, and whom to call."""
    library = sight.scene.library
    late = say.Late(
        desk=sight.holder.name, missed=sight.missed, turn=_TURNS.get(sight.scene.broken, "last"),
        triage="" if sight.holder.triage else library.triage.name,
        sources=(Source(Record.CASE, f"due {sight.missed.isoformat()}"), *_desk(sight)),
    )  # fmt: skip
    return ((*_said(sight), late), _by(sight), _phone(sight))


def _asked(sight: Sight) -> tuple[Paragraph, ...]:
    at = (sight.scene.answered or sight.scene.now).astimezone(sight.scene.library.timezone)
    asked = say.Asked(answered=at, sources=(Source(Record.CASE, f"answered {at.isoformat()}"),))
    return ((*_said(sight), asked),)


def _reopened(sight: Sight) -> tuple[Paragraph, ...]:
    reopened = say.Reopened(desk=sight.holder.name, sources=(_MESSAGE, *_desk(sight)))
    return ((reopened, *_by(sight)), _help(sight), _phone(sight))


def _quiet(sight: Sight) -> tuple[Paragraph, ...]:
    """The delicate form: who has it, by when, whom to call; nothing is asked and nothing repeated."""
    quiet = say.Quiet(
        desk=sight.holder.name, about=about_whom(sight.scene.understood), unsure=sight.occasion is Occasion.UNSURE,
        shared=sight.shared,
        sources=(_MESSAGE, *_desk(sight)),
    )  # fmt: skip
    return ((quiet, *_by(sight)), _help(sight) or _offer(sight), _phone(sight))


_PLANS: Mapping[Occasion, Callable[[Sight], tuple[Paragraph, ...]]] = MappingProxyType({
    Occasion.ROUTED: _routed, Occasion.UNSURE: _unsure, Occasion.ADDED: _added, Occasion.MOVED: _moved,
    Occasion.CORRECTED: _corrected, Occasion.DISPUTED: _disputed, Occasion.BOUNCED: _bounced, Occasion.LATE: _late,
    Occasion.ASKED: _asked, Occasion.REOPENED: _reopened, Occasion.ORPHANED: _orphaned,
})  # fmt: skip
_QUIET_PLANS: Mapping[Occasion, Callable[[Sight], tuple[Paragraph, ...]]] = MappingProxyType({
    **_PLANS, Occasion.ROUTED: _quiet, Occasion.UNSURE: _quiet,
})  # fmt: skip


# --- the facts -----------------------------------------------------------------------------------------------------


def _greeting(sight: Sight) -> Paragraph:
    return (say.Greeting(name=greeted(sight.scene.case.patron), sources=(Source(Record.MESSAGE, "from"),)),)


def _signature(sight: Sight) -> Paragraph:
    return (say.Signature(library=sight.scene.library.name, sources=(Source(Record.DIRECTORY, "library.name"),)),)


def _foreign(sight: Sight) -> Paragraph:
    if sight.spoken == sight.language:
        return ()
    source = Source(Record.MESSAGE, f"language {sight.spoken}")
    return (say.Foreign(ours=sight.language, wanted=sight.spoken, sources=(source,)),)


def _via(sight: Sight) -> Paragraph:
    via = sight.scene.case.passed_on_by
    return (say.Via(colleague=person(via), sources=(Source(Record.CASE, "passed on by"),)),) if via else ()


def _earlier(sight: Sight) -> Paragraph:
    """That the question of long ago, which this one answers, is at hand."""
    tie = sight.scene.earlier
    if tie is None or not tie.texts:
        return ()
    asked = tie.case.opened.astimezone(sight.scene.library.timezone)
    return (Earlier(asked=asked, sources=(Source(Record.CASE, f"follows one of {asked:%Y-%m-%d}"),)),)


def _said(sight: Sight) -> Paragraph:
    mirror = sight.mirror
    return (say.Said(form=mirror.form, words=mirror.words, sources=(_MESSAGE,)),) if mirror else ()


def _others(sight: Sight) -> Paragraph:
    understood = sight.scene.understood
    if not sight.mirror or not asks_more(understood.text, sight.spoken, sight.core):
        return ()
    return (say.Others(sources=(_MESSAGE,)),)


def _first_guess(sight: Sight) -> Paragraph:
    prediction = sight.scene.prediction
    if prediction is None or not prediction.provisional or sight.holder.triage:
        return ()
    return (say.FirstGuess(sources=(Source(Record.GUESS, "before there is evidence"),)),)


def _by(sight: Sight) -> Paragraph:
    due, promise = sight.due, sight.scene.promise
    if due is None or promise is None:
        return ()
    source = Source(Record.CALENDAR, f"{sight.holder.key} {due.isoformat()}")
    by = say.By(due=due, still=sight.still, unsure=sight.occasion is Occasion.UNSURE, sources=(source,))
    days = _worth_naming(promise.closed, sight.today)
    if sight.still or not days:
        return (by,)
    if sight.language != sight.scene.library.language:
        days = tuple(ClosedDay(day.day, "") for day in days)
    return (say.Closed(days_closed=days, sources=(Source(Record.CALENDAR, f"{sight.holder.key} closed"),)), by)


def named_in(sources: Iterable[str]) -> frozenset[datetime]:
    """The promised moments that letters have named, read from the records behind what they say."""
    return frozenset(datetime.fromisoformat(found[1]) for one in sources if (found := _NAMED.fullmatch(one)))


def _worth_naming(closed: tuple[ClosedDay, ...], today: date) -> tuple[ClosedDay, ...]:
    """All closed days where they are few; otherwise today, and the holidays."""
    if len(closed) <= _NAMED_CLOSED:
        return closed
    return tuple(day for day in closed if day.day == today or day.holiday)


def _deadline(sight: Sight) -> Paragraph:
    """The patron's own day against ours; where ours is later, a telephone number."""
    wanted = deadline_in(sight.scene.understood.text, sight.spoken, sight.today)
    if wanted is None or sight.due is None:
        return ()
    met = sight.due.date() < wanted
    number = "" if met else (sight.holder.phone or sight.scene.library.phone)
    moment = datetime.combine(wanted, time(), sight.scene.library.timezone)
    sources = (Source(Record.MESSAGE, "deadline"), Source(Record.CALENDAR, wanted.isoformat()))
    return (say.Deadline(day_wanted=moment, met=met, number=number, sources=sources),)


def _missing(sight: Sight) -> Paragraph:
    asks = sight.advice(sight.holder).asks(*sight.evidence, sight.language, sight.about)
    if not asks:
        return ()
    source = Source(Record.DIRECTORY, f"{sight.holder.key} asks {', '.join(ask.key for ask in asks)}")
    words = [ask.ask[sight.language] for ask in asks]
    why = asks[0].why.get(sight.language, "") if len(asks) == 1 else ""
    missing = say.Missing(ask=words[0], second=words[1] if len(words) > 1 else "", why=why, sources=(source,))
    caution = next((ask.caution[sight.language] for ask in asks if sight.language in ask.caution), "")
    return (missing, *((say.Caution(caution=caution, sources=(source,)),) if caution else ()))


def _more(sight: Sight) -> Paragraph:
    """Of somebody who wrote little, a little more; who wrote at length is not asked to."""
    if len(sight.scene.understood.text.split()) > _LITTLE:
        return ()
    return (say.MoreWords(sources=(Source(Record.GUESS, "not sure"),)),)


def _meanwhile(sight: Sight) -> Paragraph:
    return _offer(sight) or _phone(sight)


def _offer(sight: Sight) -> Paragraph:
    desks = (sight.holder, sight.scene.library.triage) if sight.delicate else (sight.holder,)
    for desk in desks:
        offer = sight.advice(desk).offer(*sight.evidence, sight.language, sight.about, quiet=sight.delicate)
        if offer is not None:
            where = offer.link or ("" if offer.phone in offer.offer[sight.language] else offer.phone)
            source = Source(Record.DIRECTORY, f"{desk.key} meanwhile {offer.link or offer.phone}")
            return (say.Offered(offer=offer.offer[sight.language], where=where, sources=(source,)),)
    return ()


def _help(sight: Sight) -> Paragraph:
    """What the library says of help where something is grave; no other offer stands beside it."""
    words = sight.scene.library.urgent.help.get(sight.language, "")
    if not words or not sight.reading.grave:
        return ()
    return (say.Help(words=words, sources=(Source(Record.DIRECTORY, "urgent.help"),)),)


def _phone(sight: Sight) -> Paragraph:
    number = sight.holder.phone or sight.scene.library.phone
    if not number:
        return ()
    promise = sight.scene.promise
    closes = promise.closes if promise and promise.open_now else None
    until = closes.astimezone(sight.scene.library.timezone) if closes else None
    source = Source(Record.DIRECTORY, f"{sight.holder.key}.phone" if sight.holder.phone else "library.phone")
    return (say.Phone(number=number, until=until, urgent=sight.scene.urgent, sources=(source,)),)


def _assistant(sight: Sight) -> Paragraph:
    words: tuple[str, ...] = ()
    if sight.occasion is Occasion.UNSURE:
        by = "unsure"
    elif sight.occasion is not Occasion.ROUTED:
        by = "update"
    elif sight.delicate:
        by = "plain"
    elif _link(sight):
        by = "link"
    else:
        words = said_by(sight.scene.understood, sight.scene.prediction.words if sight.scene.prediction else ())
        by = "words" if words else "plain"
    return (say.Assistant(by=by, words=words, sources=(Source(Record.GUESS, ", ".join(words)),)),)


def patron_subject(sight: Sight) -> say.Subject:
    """The subject of every letter to the patron."""
    return say.Subject(
        own="" if sight.delicate else sight.scene.case.subject, library=sight.scene.library.name,
        patron=person(sight.scene.case.patron), manner="patron", sources=(Source(Record.MESSAGE, "subject"),),
    )  # fmt: skip


# --- what follows from the scene -----------------------------------------------------------------------------------


def is_delicate(scene: Scene, occasion: Occasion) -> bool:
    """Whether the case is delicate, by anything that the patron wrote in it."""
    if occasion not in _BY_OTHERS and delicate(scene.understood):
        return True
    return any(
        delicate(replace(scene.understood, text=past.text, subject=scene.case.subject, language=scene.case.language))
        for past in scene.history
    )


def _words(scene: Scene, occasion: Occasion) -> str:
    """The words to repeat: this message's, or, where a colleague or a machine wrote it, the patron's last that say what
    it is about: a number that was missing, or "Is anybody there?", does not.
    """
    if occasion in _BY_OTHERS:
        mine = [past.text for past in scene.history if past.writer.key == scene.case.patron.key]
        later = (request_in(text, scene.case.language) for text in reversed(mine[1:]) if is_account(text))
        return next(filter(None, later), "") or scene.case.request
    if occasion in {Occasion.ADDED, Occasion.REOPENED}:
        before = "\n\n".join(past.text for past in scene.history)
        return addition_in(scene.understood.text, scene.understood.language, before)
    # Of a new case the request is on record already.
    return scene.case.request if scene.was is None else request_of(scene.understood, scene.library)


def _again(scene: Scene) -> bool:
    """Whether most of the message had come before."""
    return repeated(scene.understood.text, "\n\n".join(past.text for past in scene.history))


def _link(sight: Sight) -> str:
    """The link that decided, or ""."""
    rule = sight.scene.prediction.rule if sight.scene.prediction else None
    return rule if rule and "@" not in rule else ""


def _desk(sight: Sight) -> tuple[Source, ...]:
    return (Source(Record.CASE, f"holder {sight.holder.key}"), Source(Record.DIRECTORY, sight.holder.key))
