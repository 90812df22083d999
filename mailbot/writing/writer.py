"""The writer: an order and its scene to a worded letter. Built once; keeps compiled templates and patterns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from mailbot.library import Department, Library
from mailbot.mail.message import Address
from mailbot.writing.advice import Advice
from mailbot.writing.facts import Fact, Offered, Phone, Plan, Record, Source
from mailbot.writing.letter import Letter, LetterKind, Occasion, Order, Scene
from mailbot.writing.names import person
from mailbot.writing.notes import LEAST_USEFUL, staff_plan
from mailbot.writing.plan import Reading, Sight, patron_plan, patron_subject
from mailbot.writing.specimens import TODAY, specimens
from mailbot.writing.staff_facts import NoteLeftOut, NoteLink
from mailbot.writing.words import Told, Wordings

_NOTHING_TOLD = Told()
_LONGEST = 130  # words of a letter to a patron, beside the patron's own
_MOST_LINES = 12  # of a note to staff, beside the links to click
_Said = list[list[tuple[Fact, str]]]  # paragraphs of facts, each with its words
_NOT_FOR_THEM = frozenset({Occasion.WHOSE, Occasion.FAILED, Occasion.FORGED})  # to answer these is to answer us
_NOT_FOR_PATRON = _NOT_FOR_THEM | {Occasion.UNREACHED, Occasion.UNDELIVERED}  # whom an answer would not reach
_WITH_PATRON = {LetterKind.FORWARD, LetterKind.ALERT, LetterKind.THANKS, LetterKind.NUDGE}


class Writer:
    """Writes letters. ``overrides`` is the library's own folder of templates, or None.

    Raises ConfigError where a template has a mistake.
    """

    def __init__(self, overrides: Path | None = None) -> None:
        self.wordings = Wordings(overrides)
        self._advice: dict[str, Advice] = {}
        self._last: tuple[Scene, Occasion, Reading] | None = None

    def write(self, order: Order, scene: Scene) -> Letter:
        """The letter that the order asks for, saying nothing that the scene does not hold."""
        if order.kind is LetterKind.RELAY:
            return self._relayed(order, scene)
        patron = order.to_patron
        language = self._language(scene, patron=patron)
        sight = Sight(scene, order.occasion, language, self._advised, self._read(scene, order.occasion))
        plan = patron_plan(sight) if patron else staff_plan(order, sight)
        told = Told.of([text for _, text in scene.told]) if patron and scene.told else _NOTHING_TOLD
        seed = f"{scene.case.ref}{order.occasion}{told.letters}"
        text, sources = self._worded(plan, language, sight, seed, told)
        subject = self.wordings.say(plan.subject, language, sight.today, seed, _NOTHING_TOLD)
        in_reply_to, references = _thread(order, scene)
        return Letter(
            kind=order.kind,
            case_ref=scene.case.ref,
            sender=_sender(order, scene),
            to=order.to,
            reply_to=_reply_to(order, scene),
            subject=subject,
            text=text,
            language=language,
            in_reply_to=in_reply_to,
            references=references,
            carries=order.carries,
            sources=sources,
            to_patron=patron,
        )

    def _relayed(self, order: Order, scene: Scene) -> Letter:
        """A colleague's answer, word for word, in the patron's thread; nothing is added to it."""
        language = self._language(scene, patron=True)
        sight = Sight(scene, order.occasion, language, self._advised, self._read(scene, order.occasion))
        subject = self.wordings.say(patron_subject(sight), language, sight.today, scene.case.ref, _NOTHING_TOLD)
        return Letter(
            kind=order.kind,
            case_ref=scene.case.ref,
            sender=_sender(order, scene),
            to=order.to,
            reply_to=(),
            subject=subject,
            text=scene.answer,
            language=language,
            in_reply_to=scene.thread[-1] if scene.thread else "",
            references=scene.thread,
            carries=order.carries,
            sources=((scene.answer, str(Source(Record.MESSAGE, "a colleague's own words"))),),
            to_patron=order.to_patron,
        )

    def amended(self, letter: Letter, fact: NoteLeftOut) -> Letter:
        """A letter to staff with one more thing said in its note, at the end of the first paragraph."""
        words = self.wordings.say(fact, letter.language, date.min, letter.case_ref, _NOTHING_TOLD)
        first, _, rest = letter.text.partition("\n\n")
        text = "\n\n".join(filter(None, (f"{first} {words}", rest)))
        return replace(letter, text=text, sources=(*letter.sources, (words, _cited(fact))))

    def digest(self, plan: Plan, to: Address, sender: Address, library: Library, now: datetime) -> Letter:
        """A digest, worded in the library's language; it belongs to no case."""
        language = library.language if library.language in self.wordings.languages else "en"
        today = now.astimezone(library.timezone).date()

        def words(fact: Fact) -> str:
            return self.wordings.say(fact, language, today, "", _NOTHING_TOLD)

        said = [[(fact, words(fact)) for fact in paragraph] for paragraph in plan.paragraphs if paragraph]
        return Letter(
            kind=LetterKind.DIGEST,
            case_ref="",
            sender=sender,
            to=to,
            reply_to=(),
            subject=words(plan.subject),
            text="\n\n".join("\n".join(each for _, each in paragraph) for paragraph in said),
            language=language,
            in_reply_to="",
            references=(),
            carries=(),
            sources=tuple((each, _cited(fact)) for paragraph in said for fact, each in paragraph),
        )

    def proof(self) -> None:
        """Renders every wording of every complete language with made-up facts.

        Raises ConfigError, which names file and line, at the first mistake.
        """
        for language in sorted(self.wordings.languages):
            for fact in specimens(language):
                self.wordings.every(fact, language, TODAY)

    def _worded(
        self, plan: Plan, language: str, sight: Sight, seed: str, told: Told
    ) -> tuple[str, tuple[tuple[str, str], ...]]:
        said = [
            [
                (fact, words)
                for fact in paragraph
                if (words := self.wordings.say(fact, language, sight.today, seed, told))
            ]
            for paragraph in plan.paragraphs
        ]
        if plan.lines:
            said = _shortened(said)
        elif not sight.delicate:
            said = self._stopped(said, _LONGEST + len(sight.core.split()), language, sight.today)
        between = "\n" if plan.lines else " "
        text = "\n\n".join(between.join(words for _, words in paragraph) for paragraph in said if paragraph)
        return text, tuple((words, _cited(fact)) for paragraph in said for fact, words in paragraph)

    def _stopped(self, said: _Said, longest: int, language: str, today: date) -> _Said:
        """A letter of at most so many words: said tersely, and only then without the offer, or the phone number.

        Which wordings the seed fell on may make a letter longer; it does not decide what the patron is told.
        """
        for paragraph in said:
            for at, (fact, words) in enumerate(paragraph):
                if _size(said) <= longest:
                    return said
                wordings = [words, *self.wordings.every(fact, language, today)]
                paragraph[at] = (fact, min(wordings, key=lambda each: len(each.split())))
        if _size(said) <= longest:
            return said
        return [paragraph for paragraph in said if not any(isinstance(fact, Offered | Phone) for fact, _ in paragraph)]

    def _language(self, scene: Scene, *, patron: bool) -> str:
        wanted = (scene.case.language or scene.understood.language) if patron else scene.library.language
        for language in (wanted, scene.library.language):
            if language in self.wordings.languages:
                return language
        return "en"

    def _read(self, scene: Scene, occasion: Occasion) -> Reading:
        """The reading of a scene; the letters that one message causes share it."""
        if self._last is None or self._last[0] is not scene or self._last[1] is not occasion:
            self._last = (scene, occasion, Reading.of(scene, occasion))
        return self._last[2]

    def _advised(self, department: Department) -> Advice:
        found = self._advice.get(department.key)
        if found is None or found.department is not department:
            found = self._advice[department.key] = Advice(department)
        return found


def _shortened(said: _Said) -> _Said:
    """A note of twelve lines at most, beside its links: without what is least useful, in the order stated for it."""
    for kind in LEAST_USEFUL:
        while _lines(said) > _MOST_LINES and any(isinstance(fact, kind) for paragraph in said for fact, _ in paragraph):
            said = _without_first(said, kind)
    return said


def _without_first(said: _Said, kind: type[Fact]) -> _Said:
    gone = next(entry for paragraph in said for entry in paragraph if isinstance(entry[0], kind))
    return [[entry for entry in paragraph if entry is not gone] for paragraph in said]


def _lines(said: _Said) -> int:
    told = (words for paragraph in said for fact, words in paragraph if not isinstance(fact, NoteLink))
    return sum(len(words.splitlines()) for words in told)


def _size(said: _Said) -> int:
    return sum(len(words.split()) for paragraph in said for _, words in paragraph)


def _cited(fact: Fact) -> str:
    return "; ".join(map(str, fact.sources))


def _sender(order: Order, scene: Scene) -> Address:
    if order.kind in _WITH_PATRON and order.occasion not in _NOT_FOR_THEM:
        return Address(f"{person(scene.speaker(order.kind)[0])} via {scene.library.name}", scene.mailbox.address)
    return Address(scene.library.name, scene.mailbox.address)


def _reply_to(order: Order, scene: Scene) -> tuple[Address, ...]:
    if order.kind in _WITH_PATRON and order.occasion not in _NOT_FOR_PATRON:
        if not scene.library.relays(order.department):
            return (scene.speaker(order.kind)[1], scene.mailbox)
        return (scene.mailbox,) if order.occasion is not Occasion.UNCLEAR else ()
    if order.to_patron and scene.answers_to is not None:
        return (scene.answers_to,)
    return ()


def _thread(order: Order, scene: Scene) -> tuple[str, tuple[str, ...]]:
    """In-Reply-To and References: the message answered, where the reader has it or may have seen it."""
    message = scene.understood.message
    if order.occasion is Occasion.BOUNCED:
        return "", ()
    if order.occasion in {Occasion.CORRECTED, Occasion.DISPUTED} and order.to_patron:
        return (message.references[0], message.references[:1]) if message.references else ("", ())
    if not message.message_id:
        return "", ()
    return message.message_id, (*message.references, message.message_id)
