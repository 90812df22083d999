"""From an understood message to the question that the classifier is asked. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mailbot.classify.prediction import Classifier, Prediction, Question
from mailbot.instruction import instruction_in
from mailbot.library import Library
from mailbot.mail import Kind, Understood
from mailbot.writing import request_of

NOTHING = Prediction(department=None, confidence=0.0, sure=False)
ASKING = (Kind.INQUIRY, Kind.THANKS)


class NoGuess:
    """A classifier for where a person decides: it never has an opinion."""

    def predict(self, questions: Sequence[Question]) -> list[Prediction]:
        """``NOTHING`` for each."""
        return [NOTHING] * len(questions)


@dataclass(frozen=True, slots=True)
class Restrained:
    """A classifier that has to be surer than it thinks, because it was wrong more often than it should be."""

    classifier: Classifier
    threshold: float

    def predict(self, questions: Sequence[Question]) -> list[Prediction]:
        """The same guesses; sure from a higher confidence on. What a rule of the config decides stays sure."""
        return [self._restrained(guess) for guess in self.classifier.predict(questions)]

    def _restrained(self, guess: Prediction) -> Prediction:
        return (
            guess if guess.rule is not None else replace(guess, sure=guess.sure and guess.confidence >= self.threshold)
        )


def question_of(message: Understood, library: Library) -> Question:
    """What the classifier gets to see of a message."""
    where = (message.message.sender, *message.message.to, *message.message.cc)
    said = instruction_in(message.hint, library, "", to_patron=False) if message.hint.strip() else None
    return Question(
        subject=message.subject,
        text=message.text,
        links=message.links,
        addresses=tuple(address.key for address in where if address is not None),
        hint=message.hint,
        named=said.departments if said is not None else (),
        certain=said is not None and said.sure,
        language=message.language,
        request=request_of(message, library),
    )


def guesses(messages: Sequence[Understood], classifier: Classifier, library: Library) -> list[Prediction]:
    """One guess for each message, in order, made in one go; ``NOTHING`` where nobody is known to ask."""
    asking = [one for one in messages if one.kind in ASKING and one.writer is not None]
    found = iter(classifier.predict([question_of(one, library) for one in asking]) if asking else [])
    wanted = {id(one) for one in asking}
    return [next(found) if id(one) in wanted else NOTHING for one in messages]
