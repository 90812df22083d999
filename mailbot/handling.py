"""One message at a time: from kept bytes to a committed decision with its letters.

Joins what is pure (``mail``, ``classify``, ``routing``, ``writing``) to one transaction of the store. Knows neither
IMAP nor SMTP; clock and chance are arguments.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from mailbot import correction
from mailbot.asking import NOTHING, guesses, question_of
from mailbot.background import DAY, Background, background_in, background_of
from mailbot.case import NOTED, Case, Standing, State
from mailbot.classify.prediction import Classifier, Prediction
from mailbot.colleagues import corrected, tidied
from mailbot.decision import ROBOTS, Decision, Facts, Relay, ReturnedLetter, next_best
from mailbot.errors import ConstraintBroken, MailbotError, Overtaken, StoreError, named
from mailbot.library import Department, Library
from mailbot.log import Event, note
from mailbot.mail import Address, Kind, Ours, Understood, understand
from mailbot.pacing import Pacing
from mailbot.recording import Handled, Planned, record, record_moved
from mailbot.relay import words_for_patron
from mailbot.routing import answer_lost, decide, forward_lost, is_lost, patron_missed
from mailbot.settings import Settings, ours
from mailbot.store import Kept, Outgoing, Part, Session, Sighting, Store, Waiting, Written
from mailbot.writing import Writer, grave_in, request_of, urgent
from mailbot.writing.letter import CorrectionLink, Letter, LetterKind, Occasion, Order, Past, Scene, Tie
from mailbot.writing.original import enclosures

HOUR = timedelta(hours=1)
LONGEST_REF = 16  # characters: 82 bits, and a case's address still fits into 64 octets
LOOKS = 5  # at a case that somebody else changes each time
_MOST_LETTERS = 200  # letters of a day to whom the library names for grave messages, among which copies are counted
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class _Thought:
    """A waiting message, understood and guessed at, before the store is asked."""

    waiting: Waiting
    understood: Understood
    prediction: Prediction


class Handler:
    """Decides what becomes of kept messages.

    ``ids`` gives a fresh unguessable name at each call, ``clock`` the present moment (aware). ``heard`` is told of each
    message once it is decided and that is committed. Whoever else changes cases holds ``deciding`` meanwhile.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        classifier: Classifier,
        writer: Writer,
        *,
        clock: Callable[[], datetime],
        ids: Callable[[], str],
        heard: Callable[[Handled], None],
    ) -> None:
        self._settings = settings
        self._library: Library = settings.library
        self._pacing = Pacing(settings, store)
        self._ours: Ours = ours(settings.library)
        self._store = store
        self._classifier = classifier
        self._writer = writer
        self._clock = clock
        self._ids = ids
        self._heard = heard
        self._mailboxes = {mailbox.name: mailbox for mailbox in settings.mailboxes}
        self._seal = b""
        self.deciding = threading.Lock()  # a letter that fails for good, or a broken promise, changes its case too

    def use(self, classifier: Classifier) -> None:
        """Guesses with another classifier from the next message on."""
        self._classifier = classifier

    def handle(self, batch: Sequence[Waiting]) -> None:
        """Decides on a batch, a few transactions for all of it. Where that fails, each message stands for itself,
        and the one at fault is blamed.
        """
        self._library = self._pacing.library(self._clock())
        thoughts, failures = self._think(batch)
        try:
            for wave in _waves(thoughts):
                self._settle(wave)
        except StoreError:
            raise
        except Exception:  # noqa: BLE001 - a poison message must not take the others with it
            failures |= self._settle_each(thoughts)
        for message, error in failures.items():
            self._blame(next(one for one in batch if one.id == message), error)

    def rehearse(self, session: Session, batch: Sequence[Waiting]) -> dict[int, str]:
        """The same, in a transaction of somebody else's, who may take it back; what failed, by message, and why."""
        thoughts, failures = self._think(batch)
        for thought in thoughts:
            try:
                planned = self._plan(session, thought)
            except Exception as error:  # noqa: BLE001 - a poison message must not take the others with it
                failures[thought.waiting.id] = named(error)
                continue
            record(session, planned)
            self._heard(planned.handled)
        for message, why in failures.items():
            note(Event.MESSAGE_FAILED, message=message, error=why)
            session.settle(message, Standing.FAILED, why)
        return failures

    def set_aside(self, waiting: Waiting, why: str) -> None:
        """Books a message that cannot be handled as failed, and tells triage, original attached."""
        now = self._clock()
        message = understand(b"", self._ours)
        decision = Decision(Standing.FAILED, why, failure=why, orders=(self._failed(waiting.id),))
        facts = Facts(message=waiting.id, new_ref=self._ids())
        with self.deciding, self._store.writing() as session:
            try:
                scene = self._scene(waiting.mailbox, message, NOTHING, facts, decision, Background(), now)
                written = self._written(decision, scene)
            except Exception as error:  # noqa: BLE001 - a letter that can't be worded must not keep the message waiting
                note(Event.LETTER_FAILED, message=waiting.id, error=named(error))
                written = []
            if session.settle(waiting.id, Standing.FAILED, why):
                session.post(written, waiting.mailbox, None, waiting.id, now)
        note(Event.MESSAGE_SET_ASIDE, message=waiting.id, error=why)

    def undeliverable(self, outgoing: Outgoing, failure: str) -> None:
        """A letter that no server will take: where it was the forward, triage gets the inquiry, with an alert; where it
        was the patron's, whoever has the question hears of it.
        """
        now = self._clock()

        def give_up(session: Session) -> None:
            session.undeliverable(outgoing.id, failure)
            self._make_good(session, outgoing, failure, now)

        try:
            self._changing(give_up)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - a letter that can't be made good must not hold up the others
            note(Event.LETTER_FAILED, letter=outgoing.message_id, error=named(error))
            with self._store.writing() as session:
                session.undeliverable(outgoing.id, failure)
        note(Event.LETTER_FAILED, letter=outgoing.message_id, case=outgoing.letter.case_ref, error=failure)

    def reroute(self, ref: str, name: str) -> Decision:
        """Moves a case as a colleague's correction does, with the same letters and the same label, and says what came
        of it. Raises MailbotError, changing nothing, where there is no such case or department.
        """
        now = self._clock()
        self._library = self._pacing.library(now)
        target = self._department(name)

        def move(session: Session) -> Decision:
            kept = session.case_by_ref(ref)
            if kept is None:
                raise MailbotError(f"there is no case {ref}; `mailbot cases list` shows the references")
            if not kept.case.on_record:
                raise MailbotError(f"nothing is kept of case {ref} any more (retention_days), so it can't be passed on")
            return self._by_hand(session, kept, target, corrected, now)

        decision = self._changing(move)
        note(Event.CASE_REROUTED, case=ref, department=target.key)
        return decision

    def found_in(self, folder: str, mailbox: str, names: Sequence[str]) -> None:
        """Mails of these Message-IDs were found in a folder that bears a department's name. Of those that mailbot filed
        and that belong to an open case of another department, the case moves; what was answered is only tidied.
        """
        target = self._library.find(folder)
        if target is None or not names:
            return
        with self._store.reading() as session:
            portions = [names[at : at + 500] for at in range(0, len(names), 500)]
            sightings = [one for some in portions for one in session.sightings(mailbox, some, target.key)]
        for sighting in sightings:
            try:
                self._found(sighting, target)
            except (StoreError, ConstraintBroken):
                raise
            except Exception as error:  # noqa: BLE001 - one case that can't be worded must not keep the others waiting
                note(Event.MOVE_FAILED, message=sighting.messages[0], error=named(error))
                with self._store.writing() as session:
                    session.sighted(sighting, target.key, self._clock())

    def _found(self, sighting: Sighting, target: Department) -> None:
        now = self._clock()

        def move(session: Session) -> str:
            session.sighted(sighting, target.key, now)
            kept = session.case(sighting.case_id)
            if kept.case.state is not State.OPEN or kept.case.holder == target.key or not kept.case.on_record:
                return ""
            self._by_hand(session, kept, target, tidied, now)
            return kept.case.ref

        if ref := self._changing(move):
            note(Event.CASE_REROUTED, case=ref, department=target.key)

    def _changing(self, change: Callable[[Session], Done]) -> Done:
        """Does something to a case in one transaction; from the start again where somebody else, such as a worker of
        another process, changed the case meanwhile.
        """
        for _ in range(LOOKS):
            with suppress(Overtaken), self.deciding, self._store.writing() as session:
                return change(session)
        raise StoreError(
            "the case was changed by somebody else just now, again and again, and was left alone; look at it, then try "
            "again"
        )

    def _by_hand(
        self,
        session: Session,
        kept: Kept,
        target: Department,
        decide_on: Callable[[Facts, Case, Department, Library, datetime], Decision],
        now: datetime,
    ) -> Decision:
        """Moves a case though no message says so, with all the letters and the label that a colleague's word has."""
        parts, way = session.parts([kept.id]).get(kept.id, ()), session.way(kept.id)
        ids = tuple(part.id for part in parts)
        replies = session.replies(kept.id)
        facts = Facts(message=0, new_ref="", case=kept.case, earlier=ids, replies=replies, moves=way.moves)
        decision = decide_on(facts, kept.case, target, self._library, now)
        mailbox = session.mailbox_of(kept.id)
        mailbox = mailbox if mailbox in self._mailboxes else next(iter(self._mailboxes))
        background = background_in(kept, parts, session, self._ours, way.moves)
        self._key(session)
        order = self._order(kept.case, parts)
        scene = self._scene(mailbox, order, NOTHING, facts, decision, background, now)
        session.post(self._written(decision, scene), mailbox, kept.id, None, now)
        record_moved(session, kept, decision, facts, now)
        return decision

    def _department(self, name: str) -> Department:
        found = self._library.find(name)
        if found is None:
            near = self._library.nearest(name)
            cure = (
                f"did you mean {near.key}?"
                if near
                else f"known are {', '.join(sorted(one.key for one in self._library.departments))}"
            )
            raise MailbotError(f"there is no department {name!r}; {cure}")
        return found

    def _order(self, case: Case, parts: Sequence[Part]) -> Understood:
        """What stands in for a colleague's mail where nobody wrote one: nothing but what it would answer."""
        nothing = understand(b"", self._ours)
        ids = tuple(part.message_id for part in parts if part.message_id)
        return replace(
            nothing, message=replace(nothing.message, references=ids), subject=case.subject, language=case.language
        )

    def _make_good(self, session: Session, outgoing: Outgoing, failure: str, now: datetime) -> None:
        letter, kept = outgoing.letter, session.case_by_ref(outgoing.letter.case_ref)
        if letter.kind is LetterKind.ALERT and letter.carries:
            # The server may have refused what it carries; the bare alert still tells that something lies here.
            bare = Written(replace(letter, carries=()), self._message_id(letter.sender), outgoing.department)
            session.post([bare], outgoing.mailbox, kept.id if kept is not None else None, None, now)
        elif kept is not None and (
            is_lost(letter.kind, outgoing.department, kept.case) or _must_be_told(session, letter, kept)
        ):
            self._rescue(session, outgoing, kept, failure, now)

    def _message_id(self, sender: Address) -> str:
        return f"<{self._ids()}.mailbot@{sender.domain}>"

    # -- before the transaction -------------------------------------------------------------------------------------

    def _think(self, batch: Sequence[Waiting]) -> tuple[list[_Thought], dict[int, str]]:
        failures: dict[int, str] = {}
        understood: list[tuple[Waiting, Understood]] = []
        for waiting in batch:
            try:
                understood.append((waiting, understand(waiting.raw, self._ours)))
            except Exception as error:  # noqa: BLE001 - a poison message must not take the others with it
                failures[waiting.id] = named(error)
        predictions = self._guess([one for _, one in understood])
        return [_Thought(w, u, p) for (w, u), p in zip(understood, predictions, strict=True)], failures

    def _guess(self, messages: Sequence[Understood]) -> list[Prediction]:
        """Guesses in one go; where that fails, one by one, so that only the message at fault goes to triage."""
        try:
            return guesses(messages, self._classifier, self._library)
        except Exception as error:  # noqa: BLE001 - no model is worth a lost message
            note(Event.MODEL_FAILED, error=named(error))
            return [NOTHING] if len(messages) == 1 else [self._guess([one])[0] for one in messages]

    # -- decide, then commit ----------------------------------------------------------------------------------------

    def _settle(self, wave: Sequence[_Thought]) -> None:
        """Decides on messages, then commits it all in one go; of two about one case, the second sees the first."""
        while wave:
            with self.deciding:
                with self._store.reading() as session:
                    planned = self._planned(session, wave)
                with self._store.writing() as session:
                    for one in planned:
                        record(session, one)
            for one in planned:
                self._heard(one.handled)
            wave = wave[len(planned) :]

    def _planned(self, session: Session, wave: Sequence[_Thought]) -> list[Planned]:
        """Plans for the first messages, up to the one that concerns a case that an earlier one concerns."""
        planned: list[Planned] = []
        touched: set[int] = set()
        for thought in wave:
            one = self._plan(session, thought, sum(map(_copies, planned)))
            known = one.background.known
            if known is not None and known.id in touched:
                break
            planned.append(one)
            touched |= {known.id} if known is not None else set()
        return planned

    def _settle_each(self, thoughts: Sequence[_Thought]) -> dict[int, str]:
        """Decides on each that is still waiting, alone; what failed, by message, and why."""
        failures: dict[int, str] = {}
        for thought in thoughts:
            try:
                with self._store.reading() as session:
                    waiting = session.is_waiting(thought.waiting.id)
                if waiting:
                    self._settle([thought])
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001 - a poison message must not take the others with it
                failures[thought.waiting.id] = named(error)
        return failures

    def _plan(self, session: Session, thought: _Thought, copies: int = 0) -> Planned:
        """Plans for one message. ``copies`` for grave ones are planned already in the same breath."""
        now, message, waiting = self._clock(), thought.understood, thought.waiting
        key, limit = self._key(session), self._settings.worker.letters_per_sender_per_day
        background = background_of(message, session, self._ours, key, now, max(20, limit))
        earlier = background.earlier
        spoken = (*background.before, *earlier)
        prediction = self._whole(message, thought.prediction, spoken) if spoken else thought.prediction
        facts = Facts(
            message=waiting.id,
            new_ref=self._ids()[:LONGEST_REF],
            request=request_of(message, self._library),
            case=background.known.case if background.known else None,
            earlier=tuple(part.id for part in earlier),
            replies=background.replies,
            colleague=background.colleague,
            authority=background.authority,
            forged=background.forged,
            claimed=background.claimed,
            admin=self._settings.digest.admin,
            relay=self._relay(message, background),
            among_staff=self._among_staff(message),
            answers=background.answers,
            ordered=background.ordered,
            letters_today=background.letters_today,
            limit=limit,
            crowded=self._is_crowded(session, waiting.mailbox, now),
            copies_today=copies + self._copies_today(session, message, limit, now),
            on_copy=self._on_copy(message),
            returned=background.returned,
            moves=background.moves,
            asked=background.asked,
            question=background.question,
            desk=background.desk,
            answers_teach=self._settings.classify.learn_from_answers,
            old=background.old,
            before=tuple(part.id for part in background.before),
            elsewhere=background.elsewhere,
            repeated=background.repeated,
            receipts=background.receipts,
            grave_before=any(grave_in(part.text) for part in earlier),
        )
        decision = decide(message, facts, prediction, self._library, now)
        scene = self._scene(waiting.mailbox, message, prediction, facts, decision, background, now)
        scene = replace(scene, alike=tuple(session.alike(prediction.similar)))
        written = self._written(decision, scene)
        handled = Handled(
            waiting.id, waiting.mailbox, message, prediction, decision, tuple(one.letter for one in written)
        )
        return Planned(handled, facts, background, tuple(written), now)

    def _relay(self, message: Understood, background: Background) -> Relay | None:
        """A colleague's answer that the department wants to be sent on."""
        if not background.note or not self._library.relays(background.desk):
            return None
        return Relay(
            words_for_patron(message, background.note, [part.text for part in background.earlier]),
            files=bool(enclosures(message.message.raw)),
            enough=background.patrons_today >= self._settings.worker.letters_per_sender_per_day,
        )

    def _among_staff(self, message: Understood) -> bool:
        mail, sender = message.message, message.message.sender.key if message.message.sender else ""
        return any(self._ours.is_staff(one) and one.key != sender for one in (*mail.to, *mail.cc))

    def _is_crowded(self, session: Session, mailbox: str, now: datetime) -> bool:
        most = self._settings.worker.letters_per_mailbox_per_hour
        crowded = session.letters_to_patrons(mailbox, now - HOUR, most) >= most
        if crowded:
            note(Event.MAILBOX_CROWDED, mailbox=mailbox, letters=most)
        return crowded

    def _copies_today(self, session: Session, message: Understood, limit: int, now: datetime) -> int:
        """How many copies those whom the library names for grave messages got; asked only where it counts."""
        to = self._library.urgent.to.lower()
        if not to or message.kind not in ROBOTS:
            return 0
        lately = (one for one in session.letters_to(to, _MOST_LETTERS) if one.at > now - DAY)
        return min(limit, sum(one.kind == LetterKind.ALERT.value for one in lately))

    def _whole(self, message: Understood, alone: Prediction, earlier: Sequence[Part]) -> Prediction:
        """The guess about the case so far, newest message first; a link or address in the new message stands."""
        if alone.rule is not None or message.writer is None or message.kind is not Kind.INQUIRY:
            return alone
        question = question_of(message, self._library)
        text = "\n\n".join([question.text, *(part.text for part in reversed(earlier))])
        try:
            return self._classifier.predict([replace(question, text=text)])[0]
        except Exception as error:  # noqa: BLE001 - no model is worth a lost message
            note(Event.MODEL_FAILED, error=named(error))
            return alone

    def _on_copy(self, message: Understood) -> tuple[str, ...]:
        there = {address.key for address in (*message.message.to, *message.message.cc)}
        return tuple(one.key for one in self._library.departments if one.email.lower() in there)

    # -- letters ----------------------------------------------------------------------------------------------------

    def _scene(
        self,
        mailbox: str,
        message: Understood,
        prediction: Prediction,
        facts: Facts,
        decision: Decision,
        background: Background,
        now: datetime,
    ) -> Scene:
        address = self._mailboxes[mailbox].address
        case = decision.case or self._nobodys(message, facts, now)
        return Scene(
            library=self._library,
            now=now,
            understood=message,
            case=case,
            was=decision.was,
            prediction=prediction if prediction is not NOTHING else None,
            promise=decision.promise,
            mailbox=Address(self._library.name, address),
            told=tuple((LetterKind(one.kind), one.text) for one in background.told),
            history=tuple(Past(Address(p.writer_name, p.writer_address), p.at, p.text) for p in background.earlier),
            open_cases=background.open_cases,
            links=self._links(address, case, prediction, decision) if decision.case is not None else (),
            on_copy=facts.on_copy,
            named=decision.named,
            failure=decision.failure,
            reminded=facts.returned is not None and facts.returned.kind is LetterKind.NUDGE,
            urgent=urgent(message) or any(grave_in(part.text) for part in background.earlier),
            untold=not any(order.to_patron for order in decision.orders),
            unnamed=background.unnamed,
            candidates=decision.candidates,
            attempt=decision.attempt,
            answer=facts.relay.words if facts.relay is not None else "",
            thread=tuple(part.message_id for part in background.earlier if part.message_id),
            moves=background.moves,
            earlier=Tie(background.old, _texts(background.before)) if background.old else None,
            maybe=Tie(background.maybe, _texts(background.spoken)) if background.maybe else None,
            answers_to=self._mailboxes[mailbox].answers_to(self._seal, case.ref) if decision.case else None,
            wanted=background.wanted,
            from_elsewhere=decision.was is not None and facts.desk != decision.was.holder,
        )

    def _written(self, decision: Decision, scene: Scene) -> list[Written]:
        return [
            Written(self._writer.write(order, scene), self._message_id(scene.mailbox), order.department or "")
            for order in decision.orders
        ]

    def _links(
        self, mailbox: str, case: Case, prediction: Prediction, decision: Decision
    ) -> tuple[CorrectionLink, ...]:
        """One click for each of the two next-best departments and for triage; or for those a colleague may mean."""
        unclear = decision.event == Occasion.UNCLEAR.value
        found = decision.candidates if unclear else next_best(prediction, case, self._library)
        return tuple(CorrectionLink(one, correction.link(mailbox, self._seal, case.ref, one)) for one in found)

    def _nobodys(self, message: Understood, facts: Facts, now: datetime) -> Case:
        """What a letter speaks of where no case is kept: a thank-you out of the blue, a mail that is nobody's."""
        triage = self._library.triage.key
        patron = message.writer or Address("", "")
        return Case(
            facts.new_ref, patron, message.subject, message.language, triage, (triage,), State.ANSWERED, now, None
        )

    def _key(self, session: Session) -> bytes:
        """What correction links are signed with."""
        if not self._seal:
            self._seal = session.key(correction.SEAL) or b""
        return self._seal

    # -- when things go wrong ----------------------------------------------------------------------------------------

    def _blame(self, waiting: Waiting, error: str) -> None:
        note(Event.MESSAGE_FAILED, message=waiting.id, error=error)
        if waiting.attempts + 1 >= self._settings.worker.attempts:
            self.set_aside(waiting, error)
            return
        with self._store.writing() as session:
            session.blame(waiting.id, error)

    def _failed(self, message: int) -> Order:
        triage = self._library.triage
        return Order(
            LetterKind.ALERT, Occasion.FAILED, Address(triage.name, triage.email), triage.key, carries=(message,)
        )

    def _rescue(self, session: Session, outgoing: Outgoing, kept: Kept, failure: str, now: datetime) -> None:
        parts = session.parts([kept.id]).get(kept.id, ())
        raws = session.originals([part.id for part in parts][-1:])
        message = understand(raws[0] if raws else b"", self._ours)
        returned = ReturnedLetter(
            kind=outgoing.letter.kind,
            to_patron=outgoing.letter.to_patron,
            department=outgoing.department,
            failure=failure,
            permanent=True,
            handled=False,
        )
        ids, replies = tuple(part.id for part in parts), session.replies(kept.id)
        admin = self._settings.digest.admin
        facts = Facts(message=0, new_ref="", earlier=ids, replies=replies, returned=returned, admin=admin)
        if returned.kind is LetterKind.RELAY:
            decision = answer_lost(returned, kept.case, Occasion.UNDELIVERED, self._library, now)
        elif returned.to_patron:
            decision = patron_missed(returned, kept.case, self._library)
        else:
            decision = forward_lost(facts, returned, kept.case, self._library, now)
        self._key(session)
        background = background_in(kept, parts, session, self._ours)
        scene = self._scene(outgoing.mailbox, message, NOTHING, facts, decision, background, now)
        written = self._written(decision, scene)
        case = decision.case or kept.case
        if case != kept.case:
            session.change_case(kept.id, case, now, seen=kept.touched)
        session.post(written, outgoing.mailbox, kept.id, None, now)
        session.tell(kept.id, decision.event or NOTED, None, case.holder, decision.why, now)


def _must_be_told(session: Session, letter: Letter, kept: Kept) -> bool:
    """Whether this is a letter to the patron of an open case, and whoever has that was not told of an earlier one: an
    address that takes no letter will take no other.
    """
    if not letter.to_patron or kept.case.state is not State.OPEN:
        return False
    told = (one.department for one in session.history(kept.id) if one.event == Occasion.UNDELIVERED.value)
    return kept.case.holder not in told


def _waves(thoughts: Sequence[_Thought]) -> Iterator[list[_Thought]]:
    """Cuts a batch where a message may continue what an earlier one of the batch begins."""
    wave: list[_Thought] = []
    seen: set[str] = set()
    for thought in thoughts:
        message, writer = thought.understood.message, thought.understood.writer
        own = {message.message_id, *((writer.key,) if writer else ())} - {""}
        if seen & {*own, *message.in_reply_to, *message.references}:
            yield wave
            wave, seen = [], set()
        wave.append(thought)
        seen |= own
    if wave:
        yield wave


def _copies(one: Planned) -> int:
    """How many letters are copies of a grave message."""
    return sum(order.occasion in {Occasion.URGENT, Occasion.UNHEARD} for order in one.handled.decision.orders)


def _texts(parts: Sequence[Part]) -> tuple[str, ...]:
    return tuple(part.text for part in parts)
