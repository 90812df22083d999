"""What would be done with a raw message: read, guessed at, decided, put into letters; with no effect on anything.

Knows no store and no server: each message is judged as if it was the first the library ever got.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from mailbot.asking import guesses
from mailbot.classify.prediction import Classifier, Prediction
from mailbot.correction import link
from mailbot.decision import Decision, Facts, next_best
from mailbot.mail import Address, Kind, Understood, understand
from mailbot.routing import decide
from mailbot.settings import Settings, ours
from mailbot.writing import Writer, grave, request_of, urgent
from mailbot.writing.letter import CorrectionLink, Letter, LetterKind, Scene

BATCH = 50
# The links of a preview look as they would, and move nothing: no store has signed them.
_NO_CASE, _NO_SEAL = "preview0", b""


@dataclass(frozen=True, slots=True)
class Inspection:
    """One raw message, understood and guessed at. ``problem`` is why it could not be read at all, or ""."""

    file: str
    understood: Understood
    prediction: Prediction
    urgent: bool
    problem: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the writer gets a letter: of a thank-you, where it says something grave as well."""
        return self.understood.answerable or (self.understood.reachable and _is_heard(self.understood))

    def as_json(self) -> str:
        """One line of JSON: the contract's `inspect --json`."""
        one, guess = self.understood, self.prediction
        return json.dumps(
            {
                "file": self.file,
                "kind": one.kind.value,
                "answerable": self.answerable,
                "why_not": one.why_not,
                "writer": _person(one.writer),
                "passed_on_by": _person(one.passed_on_by),
                "subject": one.subject,
                "text": one.text,
                "language": one.language,
                "department": guess.department,
                "confidence": round(guess.confidence, 4),
                "sure": guess.sure,
                "runners_up": [
                    {"department": other.department, "confidence": round(other.confidence, 4)}
                    for other in guess.runners_up
                ],
                "reasons": list(guess.reasons),
                "attachments": [
                    {"name": part.name, "type": part.type, "bytes": part.bytes} for part in one.attachments
                ],
                "urgent": self.urgent,
                "problems": [*([self.problem] if self.problem else []), *one.problems],
            },
            ensure_ascii=True,  # lone surrogates of a broken mail must not break the line
        )


@dataclass(frozen=True, slots=True)
class Preview:
    """The letters that would go out for one raw message."""

    inspection: Inspection
    decision: Decision
    letters: tuple[Letter, ...]

    @property
    def file(self) -> str:
        """The name of the file that the message came in."""
        return self.inspection.file

    def as_json(self) -> str:
        """One line of JSON: the contract's `letters --json`."""
        patron = next((one for one in self.letters if one.kind is LetterKind.ACKNOWLEDGEMENT), None)
        staff = next((one for one in self.letters if one.kind is LetterKind.FORWARD), None)
        return json.dumps(
            {
                "file": self.file,
                "language": patron.language if patron else None,
                "acknowledgement": {"subject": patron.subject, "text": patron.text} if patron else None,
                "forward": {"subject": staff.subject, "note": staff.text} if staff else None,
            }
        )


def inspections(
    files: Iterable[tuple[str, bytes, str]], settings: Settings, classifier: Classifier
) -> Iterator[Inspection]:
    """One inspection for each (name, raw bytes, problem), in order; guesses are made in batches."""
    mine, waiting = ours(settings.library), iter(files)
    while batch := list(islice(waiting, BATCH)):
        read = [understand(raw, mine) for _, raw, _ in batch]
        for (name, _, problem), one, guess in zip(
            batch, read, guesses(read, classifier, settings.library), strict=True
        ):
            yield Inspection(name, one, guess, _is_heard(one) and urgent(one), problem)


def _is_heard(one: Understood) -> bool:
    """Whether a person asks or tells the library something: a thank-you does where it is grave."""
    return one.kind is Kind.INQUIRY or (one.kind is Kind.THANKS and grave(one))


def previews(
    files: Iterable[tuple[str, bytes, str]],
    settings: Settings,
    classifier: Classifier,
    writer: Writer,
    now: datetime,
) -> Iterator[Preview]:
    """The letters for each (name, raw bytes, problem), in order, as if it had come just now."""
    for one in inspections(files, settings, classifier):
        yield _preview(one, settings, writer, now)


def _preview(one: Inspection, settings: Settings, writer: Writer, now: datetime) -> Preview:
    library, message = settings.library, one.understood
    facts = Facts(message=0, new_ref=one.file[-24:] or "preview", request=request_of(message, library))
    decision = decide(message, facts, one.prediction, library, now)
    if decision.case is None:
        return Preview(one, decision, ())
    address = settings.mailboxes[0].address
    scene = Scene(
        library=library,
        now=now,
        understood=message,
        case=decision.case,
        was=None,
        prediction=one.prediction,
        promise=decision.promise,
        mailbox=Address(library.name, address),
        urgent=one.urgent,
        untold=not any(order.to_patron for order in decision.orders),
        links=tuple(
            CorrectionLink(key, link(address, _NO_SEAL, _NO_CASE, key))
            for key in next_best(one.prediction, decision.case, library)
        ),
        wanted=message.answers_to,
    )
    return Preview(one, decision, tuple(writer.write(order, scene) for order in decision.orders))


def _person(address: Address | None) -> dict[str, str] | None:
    return None if address is None else {"name": address.name, "address": address.address}
