"""What the store knows that bears on one message: the case it continues, what was said before, who may do what.

Asks the store, decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from mailbot import correction
from mailbot.case import Case, Move, State
from mailbot.decision import ReturnedLetter, reaches
from mailbot.mail import Address, Kind, Ours, Understood, understand
from mailbot.mail.addresses import ADDRESS, parse_addresses
from mailbot.mail.authentication import failing_check, is_vouched
from mailbot.mail.bounce import Bounce, bounce_of
from mailbot.mail.subjects import Prefix, read_subject
from mailbot.store import Kept, LetterTrace, Part, SentBefore, Session
from mailbot.threads import FOLLOWS_WITHIN, Candidate, Thread, Traces, neighbour_of, neighbours, thread_of
from mailbot.writing import asked_in, named_in
from mailbot.writing.letter import LetterKind

DAY = timedelta(days=1)
_ENVELOPE = ("delivered-to", "x-original-to", "envelope-to")  # where a server notes whom a mail was really for
_MOST_ASKED = 3  # messages of a case that are looked at for a Reply-To
_HEAD = 60_000  # octets of a mail in which its header lies
_MOST_ADDRESSED = 5  # people in To and Cc whose cases a colleague may answer
_MOST_NAMED = 20  # addresses in what a patron wrote
_MOST_FOLLOWING = 20  # cases in a row, each of which follows the one before


@dataclass(frozen=True, slots=True)
class Background:
    """What was there before a message.

    ``known`` is the case it continues, ``earlier`` that case's messages, ``open_cases`` the writer's other open cases.
    ``told`` are the letters the case's patron (or else the writer) has had. ``colleague``, ``authority``, ``forged``,
    ``claimed``, ``answers``, ``ordered`` and ``replies`` are as in ``decision.Facts``, and so are ``moves``, ``asked``,
    ``question`` and ``desk``. ``lost`` is the id of the letter that a bounce gave back for good, ``returned`` what is
    known of it. ``note`` is the text of the letter to staff that it answers, where answers to that are for the patron,
    else ""; ``patrons_today`` counts the letters to the case's patron in the last 24 hours. Where the writer is neither
    the case's patron nor a colleague who was written to about it, nor a server that returns a letter of ours,
    ``earlier`` is empty: what one patron wrote is nothing to another. ``old`` is the very old case that a new one
    follows, ``before`` its messages; ``maybe`` the case that the message may belong to, ``spoken`` what was written in
    it.
    ``wanted`` is where else than at their address the case's patron wants answers (Reply-To); ``elsewhere`` is that,
    and what addresses they have named. ``unnamed`` is true where no letter that left names the promise of the case to
    its patron. ``repeated`` and ``receipts`` are as in ``decision.Facts``.
    """

    known: Kept | None = None
    earlier: tuple[Part, ...] = ()
    replies: tuple[int, ...] = ()
    open_cases: tuple[Case, ...] = ()
    told: tuple[SentBefore, ...] = ()
    letters_today: int = 0
    colleague: bool = False
    authority: bool = False
    forged: str = ""
    claimed: bool = False
    answers: LetterKind | None = None
    ordered: str | None = None
    lost: int | None = None
    returned: ReturnedLetter | None = None
    moves: tuple[Move, ...] = ()
    asked: bool = False
    question: tuple[str, ...] | None = None
    desk: str = ""
    note: str = ""
    patrons_today: int = 0
    old: Case | None = None
    before: tuple[Part, ...] = ()
    maybe: Case | None = None
    spoken: tuple[Part, ...] = ()
    wanted: Address | None = None
    elsewhere: tuple[Address, ...] = ()
    unnamed: bool = False
    repeated: bool = False
    receipts: int = 0


def background_of(
    message: Understood, session: Session, ours: Ours, key: bytes, now: datetime, most: int
) -> Background:
    """Looks up what bears on ``message``. ``key`` signs links and addresses, the newest ``most`` letters count."""
    bounce = bounce_of(message.message) if message.kind is Kind.BOUNCE else None
    token = _token(message, ours, key)
    signed = token or _token_of_note(message, key)
    letters = session.letters_named(names := _named_in(message, bounce, ours))
    forged = failing_check(message.message, ours.trusted) if ours.is_staff(message.message.sender) else ""
    looks = _is_colleague(message, ours)  # a forged one is read as what it pretends to be, and gets nowhere with it
    past = _past_of(message.writer, session, now, most)
    found = _found(message, session, ours, _cases_named(session, message, signed, names, letters, key), past)
    kept, parts, thread = found.kept, found.parts, _thread(message, session, found, now)
    known = kept[thread.case.ref] if thread.case is not None else None
    own = known is not None and _is_patron(message, known)  # in her own case a colleague is the patron
    came_back = bounce is not None and bool(letters)  # nobody else knows our letter's id
    said = parts.get(known.id, ()) if known is not None and (looks or own or came_back) else ()
    wanted = (message.answers_to if own or known is None else None) or wanted_at(session, said, ours)
    elsewhere = _elsewhere(wanted, said, ours)
    written_to = known.id if known is not None else None
    claimed = looks and (signed is not None or (not own and _is_proven(session, letters, written_to)))
    colleague, authority = looks and not forged, claimed and not forged
    if known is not None and _is_doubt(message, known, elsewhere, authority=claimed, colleague=looks):
        thread = Thread(maybe=known.case)
        known, wanted, elsewhere = None, message.answers_to, ()
    known = known if known is not None and known.case.on_record else None
    concerned = known if authority or own or came_back else None
    way = session.way(known.id) if known is not None and authority else None
    patrons = _past_of(concerned.case.patron, session, now, most) if concerned is not None and not own else past
    return Background(
        known=known,
        earlier=parts.get(concerned.id, ()) if concerned is not None else (),
        replies=session.replies(concerned.id) if concerned is not None else (),
        open_cases=tuple(one.case for one in patrons.cases if _is_open(one) and not _is_in(thread, one)),
        told=patrons.told,
        letters_today=past.today,
        colleague=colleague,
        authority=authority,
        forged=forged,
        claimed=claimed,
        answers=LetterKind(letters[0].kind) if letters else _asked_last(known if own else None, past.told),
        ordered=token.department if token is not None else None,
        lost=letters[0].id if bounce is not None and bounce.permanent and letters else None,
        returned=_returned(session, bounce, letters[0]) if bounce is not None and letters else None,
        moves=way.moves if way is not None else (),
        asked=way is not None and way.asked,
        question=asked_in(letters[0].records) if letters and _proves(letters[0], written_to) else None,
        desk=letters[0].department if letters else "",
        note=letters[0].note if authority and letters and _proves(letters[0], written_to) else "",
        patrons_today=patrons.today,
        unnamed=known is not None and _is_unnamed(session, known),
        repeated=own and bool(letters) and any(_same(message.text, part.text) for part in said),
        receipts=sum(one.at > now - DAY for one in past.receipts(known)),
        old=thread.earlier,
        before=parts.get(kept[thread.earlier.ref].id, ()) if thread.earlier is not None else (),
        maybe=thread.maybe,
        spoken=parts.get(kept[thread.maybe.ref].id, ()) if thread.maybe and thread.maybe.ref in kept else (),
        wanted=wanted,
        elsewhere=elsewhere,
    )


def background_in(
    kept: Kept, parts: Sequence[Part], session: Session, ours: Ours, moves: tuple[Move, ...] = ()
) -> Background:
    """What was there where something happens to a case and no message says so. ``parts`` are the case's messages."""
    return Background(
        known=kept,
        earlier=tuple(parts),
        told=tuple(session.letters_to(kept.case.patron.key)),
        moves=moves,
        wanted=wanted_at(session, parts, ours),
        unnamed=_is_unnamed(session, kept),
    )


def _is_unnamed(session: Session, known: Kept) -> bool:
    """Whether no letter to the patron has named the case's promise."""
    return known.case.due not in named_in(session.records_told(known.id))


@dataclass(frozen=True, slots=True)
class _Past:
    """What is on record of somebody: the letters they were written, how many ``today``, and their cases."""

    told: tuple[SentBefore, ...] = ()
    today: int = 0
    cases: tuple[Kept, ...] = ()

    def receipts(self, known: Kept | None) -> Iterator[SentBefore]:
        """The receipts they got about this case."""
        about = known.id if known is not None else None
        return (one for one in self.told if one.kind == LetterKind.RECEIPT.value and one.case_id == about)


def _past_of(person: Address | None, session: Session, now: datetime, most: int) -> _Past:
    if person is None:
        return _Past()
    told = tuple(session.letters_to(person.key, most))
    return _Past(told, sum(one.at > now - DAY for one in told), tuple(session.cases_of(person.key)))


def wanted_at(session: Session, parts: Sequence[Part], ours: Ours) -> Address | None:
    """Where else than at their address a patron wants answers, by the newest of their messages that says so."""
    newest = session.originals([part.id for part in reversed(parts[-_MOST_ASKED:])])
    saying = (raw for raw in newest if b"reply-to:" in raw[:_HEAD].lower())  # few do, and to understand one takes time
    return next((found for raw in saying if (found := understand(raw, ours).answers_to) is not None), None)


def _elsewhere(wanted: Address | None, parts: Sequence[Part], ours: Ours) -> tuple[Address, ...]:
    """Where a patron may be reached too: there, and at the addresses that they have named. The library's are not."""
    named = (Address("", found.group()) for part in parts for found in ADDRESS.finditer(part.text))
    theirs = dict.fromkeys(one for one in islice(named, _MOST_NAMED) if not ours.is_house(one))
    return (*((wanted,) if wanted is not None else ()), *theirs)


@dataclass(frozen=True, slots=True)
class _Found:
    """What the store found of a message's past: the cases it names, the writer's own and, where a colleague wrote it,
    those of the people it is written to; what was said in them.
    """

    named: tuple[Kept, ...]
    theirs: tuple[Kept, ...]
    addressed: tuple[Kept, ...]
    parts: dict[int, tuple[Part, ...]]
    told: tuple[SentBefore, ...]
    colleague: bool
    vouched: bool

    @property
    def kept(self) -> dict[str, Kept]:
        """All these cases by their references."""
        return {one.case.ref: one for one in (*self.named, *self.theirs, *self.addressed)}

    def candidate(self, one: Kept) -> Candidate:
        """A case as ``threads`` judges it; the letters are the writer's own."""
        heard = [letter for letter in self.told if letter.case_id == one.id]
        said = self.parts.get(one.id, ())
        return Candidate(
            one.case,
            one.touched,
            tuple(part.text for part in said),
            tuple(letter.subject for letter in heard if letter.subject),
            tuple(letter.text for letter in heard),
            tuple(part.message_id for part in said),
        )


def _found(message: Understood, session: Session, ours: Ours, named: Sequence[Kept], past: _Past) -> _Found:
    """Looks up the cases that the message may belong to, and what was said in them."""
    looks = _is_colleague(message, ours)
    addressed = _cases_addressed(session, message, ours) if looks and not named else ()
    ids = {one.id: None for one in (*named, *past.cases, *addressed)}
    vouched = bool(addressed) and is_vouched(message.message, ours.trusted)
    return _Found(tuple(named), past.cases, addressed, session.parts(list(ids)), past.told, looks, vouched)


def _thread(message: Understood, session: Session, found: _Found, now: datetime) -> Thread:
    """Where the message belongs; the cases of others in the writer's domain are looked at last, and never joined."""
    named, theirs, addressed = (
        tuple(map(found.candidate, some)) for some in (found.named, found.theirs, found.addressed)
    )
    thread = thread_of(message, Traces(named, theirs, found.colleague, addressed, found.vouched), now)
    domain = neighbours(message) if thread == Thread() and not found.colleague else ""
    if not domain:
        return thread
    cases = session.cases_at(domain, now - FOLLOWS_WITHIN)
    return Thread(maybe=neighbour_of(message, (one.case for one in cases)))


def _cases_named(
    session: Session,
    message: Understood,
    token: correction.Token | None,
    names: Sequence[str],
    letters: Sequence[LetterTrace],
    key: bytes,
) -> list[Kept]:
    """The cases that a mail names, surest first: by a colleague's order, by Message-IDs, by the signed address."""
    if token is not None and (ordered := session.case_by_ref(token.ref)) is not None:
        return [ordered]
    ids = session.cases_named(names) | {one.message_id: one.case_id for one in letters if one.case_id is not None}
    refs = (correction.ref_at(address, key) for address in _written_to(message)) if key else ()
    addressed = (session.case_by_ref(ref) for ref in refs if ref is not None)
    named = [*(session.case(ids[name]) for name in names if name in ids), *filter(None, addressed)]
    newest = (_newest(session, one) for one in {one.id: one for one in named}.values())
    return list({one.id: one for one in newest}.values())


def _cases_addressed(session: Session, message: Understood, ours: Ours) -> tuple[Kept, ...]:
    """The cases of the patrons that a colleague writes to."""
    there = dict.fromkeys(one.key for one in (*message.message.to, *message.message.cc) if not ours.is_house(one))
    return tuple(case for key in islice(there, _MOST_ADDRESSED) for case in session.cases_of(key))


def _newest(session: Session, kept: Kept) -> Kept:
    """The case in which the talk goes on where a very old one was answered already."""
    for _ in range(_MOST_FOLLOWING):
        following = session.successor(kept.case.ref)
        if following is None:
            break
        kept = following
    return kept


def _written_to(message: Understood) -> Iterator[str]:
    """Every address that the mail was written or delivered to, if it has something behind a plus."""
    sent = message.message
    noted = (address for name in _ENVELOPE for value in sent.all(name) for address in parse_addresses(value))
    for address in (*sent.to, *sent.cc, *noted):
        if "+c-" in address.key:
            yield address.key


def _is_doubt(
    message: Understood, known: Kept, elsewhere: Sequence[Address], *, authority: bool, colleague: bool
) -> bool:
    """Whether a mail that names somebody's case is neither its patron's nor of a colleague who has to do with it."""
    if message.kind is not Kind.INQUIRY or authority or _is_patron(message, known):
        return False
    return not (colleague and reaches(message, known.case.patron, elsewhere))


def _is_in(thread: Thread, one: Kept) -> bool:
    """Whether this case is told of already."""
    return any(case is not None and case.ref == one.case.ref for case in (thread.case, thread.earlier, thread.maybe))


def _returned(session: Session, bounce: Bounce, letter: LetterTrace) -> ReturnedLetter:
    return ReturnedLetter(
        kind=LetterKind(letter.kind),
        to_patron=letter.to_patron,
        department=letter.department,
        failure=reason_of(bounce),
        permanent=bounce.permanent,
        handled=session.bounced_before(letter.id),
        to=letter.to,
    )


def _proves(letter: LetterTrace, case_id: int | None) -> bool:
    """Whether answering this letter shows that one was written to about this very case, as staff."""
    return not letter.to_patron and letter.case_id == case_id


def _is_proven(session: Session, letters: Sequence[LetterTrace], case_id: int | None) -> bool:
    """Whether one of the letters that a mail answers shows that its writer was written to about this case, as staff."""
    return any(_proves(one, case_id) or _led_to(session, one, case_id) for one in letters)


def _same(text: str, other: str) -> bool:
    """Whether two messages say the same, word for word."""
    return text.split() == other.split() != []


def _led_to(session: Session, letter: LetterTrace, case_id: int | None) -> bool:
    """The same, where the letter was about a very old case in which the talk goes on in this one."""
    if letter.to_patron or letter.case_id is None or case_id is None:
        return False
    return _newest(session, session.case(letter.case_id)).id == case_id


def _is_patron(message: Understood, known: Kept) -> bool:
    return message.writer is not None and message.writer.key == known.case.patron.key


def _asked_last(known: Kept | None, told: Sequence[SentBefore]) -> LetterKind | None:
    """Of a mail whose program keeps nothing of the thread: the follow-up, where that is the last its patron heard."""
    if known is None:
        return None
    heard = [one.kind for one in told if one.case_id == known.id]
    return LetterKind.FOLLOW_UP if heard[-1:] == [LetterKind.FOLLOW_UP.value] else None


def _is_open(kept: Kept) -> bool:
    return kept.case.state is State.OPEN


def reason_of(bounce: Bounce) -> str:
    """Why a letter came back, as its report says it."""
    return " ".join(part for part in (bounce.status, bounce.diagnostic) if part) or "no reason was given"


def _named_in(message: Understood, bounce: Bounce | None, ours: Ours) -> list[str]:
    """The Message-IDs that tie a mail to earlier ones, nearest first; of letters that a colleague attached as well."""
    names = [*message.message.in_reply_to, *reversed(message.message.references)]
    if _is_colleague(message, ours):
        names += [mail.message_id for mail in message.message.attached if ours.gave(mail.message_id)]
    if bounce is not None and bounce.original_message_id:
        names.insert(0, bounce.original_message_id)
    # Ours are in lower case: an id comes back to us also from a program that writes it in capitals.
    return list(dict.fromkeys(each for name in names for each in (name, name.lower())))


def _token(message: Understood, ours: Ours, key: bytes) -> correction.Token | None:
    """The signed order of a mail that a colleague began with a link. In anybody else's it is only something they quote;
    and an answer or a forward has the subject and words of a patron, who may have been quoted a link.
    """
    sent = message.message
    prefix, subject = read_subject(sent.subject)
    if not ours.is_staff(sent.sender) or prefix is not Prefix.NONE or sent.in_reply_to or sent.references:
        return None
    found = correction.token_in(subject)
    return found if found is not None and correction.holds(found, key) else None


def _token_of_note(message: Understood, key: bytes) -> correction.Token | None:
    """A signed link in the note of ours that a colleague forwards to the mailbox: nobody else was given it."""
    return next((one for one in correction.tokens_in(message.note) if correction.holds(one, key)), None)


def _is_colleague(message: Understood, ours: Ours) -> bool:
    return ours.is_staff(message.message.sender) and message.passed_on_by is None
