"""What the store knows that bears on one message: the case it continues, what was said before, who may do what.

Asks the store, decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailbot import correction
from mailbot.case import Case, Move, State
from mailbot.decision import ReturnedLetter
from mailbot.mail import Kind, Ours, Understood
from mailbot.mail.authentication import failing_check
from mailbot.mail.bounce import Bounce, bounce_of
from mailbot.store import Kept, LetterTrace, Part, SentBefore, Session
from mailbot.threads import Candidate, Traces, case_for
from mailbot.writing.letter import LetterKind

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Background:
    """What was there before a message.

    ``known`` is the case it continues, ``earlier`` that case's messages, ``open_cases`` the writer's other open cases.
    ``told`` are the letters the case's patron (or else the writer) has had. ``colleague``, ``authority``, ``forged``,
    ``claimed``, ``answers`` and ``ordered`` are as in ``routing.Facts``. ``lost`` is the id of the letter that a bounce
    gave back for good, ``returned`` what is known of it. ``moves``, ``asked`` and ``desk`` are as in ``routing.Facts``.
    ``note`` is the text of the letter to staff that it answers, where answers to that are for the patron, else "";
    ``patrons_today`` counts the letters to the case's patron in the last 24 hours. Where the writer is neither the
    case's patron nor a colleague who was written to about it, ``earlier`` is empty: what one patron wrote is nothing to
    another.
    """

    known: Kept | None = None
    earlier: tuple[Part, ...] = ()
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
    desk: str = ""
    note: str = ""
    patrons_today: int = 0


def background_of(
    message: Understood, session: Session, ours: Ours, key: bytes, now: datetime, most: int
) -> Background:
    """Looks up what bears on ``message``. ``key`` is what correction links are signed with, ``most`` how many earlier
    letters are of interest.
    """
    bounce = bounce_of(message.message) if message.kind is Kind.BOUNCE else None
    token = _token(message, ours, key)
    names = _named_in(message, bounce)
    letters = session.letters_named(names)
    answered = _answered(session, token, [one.case_id for one in letters[:1]], names)
    recent = session.cases_of(message.writer.key) if message.writer is not None else []
    kept = [answered, *(one for one in recent if one.id != answered.id)] if answered else recent
    parts = session.parts([one.id for one in kept]) if kept else {}
    known = _chosen(message, answered, kept, parts, now)
    forged = failing_check(message.message, ours.trusted) if ours.is_staff(message.message.sender) else ""
    claimed = _is_colleague(message, ours) and (token is not None or any(_proves(one, known) for one in letters))
    colleague = _is_colleague(message, ours) and not forged
    authority = claimed and not forged
    concerns = known is not None and (authority or _is_patron(message, known))
    way = session.way(known.id) if known is not None and authority else None
    told = session.letters_to(message.writer.key, most) if message.writer is not None else []
    today = sum(one.at > now - DAY for one in told)
    patrons = today
    if known is not None and concerns and not _is_patron(message, known):
        told = session.letters_to(known.case.patron.key, most)
        patrons = sum(one.at > now - DAY for one in told)
        kept = session.cases_of(known.case.patron.key)
    return Background(
        known=known,
        earlier=parts.get(known.id, ()) if known is not None and concerns else (),
        open_cases=tuple(one.case for one in kept if _is_open(one) and (known is None or one.id != known.id)),
        told=tuple(told),
        letters_today=today,
        colleague=colleague,
        authority=authority,
        forged=forged,
        claimed=claimed,
        answers=LetterKind(letters[0].kind) if letters else None,
        ordered=token.department if token is not None else None,
        lost=letters[0].id if bounce is not None and bounce.permanent and letters else None,
        returned=_returned(session, bounce, letters[0]) if bounce is not None and letters else None,
        moves=way.moves if way is not None else (),
        asked=way is not None and way.asked,
        desk=letters[0].department if letters else "",
        note=letters[0].note if authority and letters and _proves(letters[0], known) else "",
        patrons_today=patrons,
    )


def _returned(session: Session, bounce: Bounce, letter: LetterTrace) -> ReturnedLetter:
    return ReturnedLetter(
        kind=LetterKind(letter.kind),
        to_patron=letter.to_patron,
        department=letter.department,
        failure=reason_of(bounce),
        permanent=bounce.permanent,
        handled=session.bounced_before(letter.id),
    )


def _proves(letter: LetterTrace, known: Kept | None) -> bool:
    """Whether answering this letter shows that one was written to about this very case, as staff."""
    return not letter.to_patron and letter.case_id == (known.id if known is not None else None)


def _is_patron(message: Understood, known: Kept) -> bool:
    return message.writer is not None and message.writer.key == known.case.patron.key


def _is_open(kept: Kept) -> bool:
    return kept.case.state is State.OPEN


def reason_of(bounce: Bounce) -> str:
    """Why a letter came back, as its report says it."""
    return " ".join(part for part in (bounce.status, bounce.diagnostic) if part) or "no reason was given"


def _named_in(message: Understood, bounce: Bounce | None) -> list[str]:
    """The Message-IDs that tie a mail to earlier ones, nearest first."""
    names = [*message.message.in_reply_to, *reversed(message.message.references)]
    if bounce is not None and bounce.original_message_id:
        names.insert(0, bounce.original_message_id)
    return names


def _answered(
    session: Session, token: correction.Token | None, case_ids: Sequence[int | None], names: Sequence[str]
) -> Kept | None:
    if token is not None and (ordered := session.case_by_ref(token.ref)) is not None:
        return ordered
    if case_ids and case_ids[0] is not None:
        return session.case(case_ids[0])
    return session.case_named(names)


def _chosen(
    message: Understood,
    answered: Kept | None,
    kept: Sequence[Kept],
    parts: dict[int, tuple[Part, ...]],
    now: datetime,
) -> Kept | None:
    recent = tuple(Candidate(one.case, one.touched, tuple(p.text for p in parts.get(one.id, ()))) for one in kept)
    case = case_for(message, Traces(answered.case if answered else None, recent), now)
    return next((one for one in kept if case is not None and one.case.ref == case.ref), None)


def _token(message: Understood, ours: Ours, key: bytes) -> correction.Token | None:
    """A signed order in the mail of a colleague; in anybody else's it is only something they quote."""
    if not ours.is_staff(message.message.sender):
        return None
    found = correction.token_in(message.message.subject, message.text)
    return found if found is not None and correction.holds(found, key) else None


def _is_colleague(message: Understood, ours: Ours) -> bool:
    return ours.is_staff(message.message.sender) and message.passed_on_by is None
