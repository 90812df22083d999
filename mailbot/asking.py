"""From an understood message to the question that the classifier is asked. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.classify.prediction import Classifier, Prediction, Question
from mailbot.mail import Kind, Understood

NOTHING = Prediction(department=None, confidence=0.0, sure=False)
ASKING = (Kind.INQUIRY, Kind.THANKS)


class NoGuess:
    """A classifier for where a person decides: it never has an opinion."""

    def predict(self, questions: Sequence[Question]) -> list[Prediction]:
        """``NOTHING`` for each."""
        return [NOTHING] * len(questions)


def question_of(message: Understood) -> Question:
    """What the classifier gets to see of a message."""
    where = (message.message.sender, *message.message.to, *message.message.cc)
    return Question(
        subject=message.subject,
        text=message.text,
        links=message.links,
        addresses=tuple(address.key for address in where if address is not None),
        hint=message.hint,
        language=message.language,
    )


def guesses(messages: Sequence[Understood], classifier: Classifier) -> list[Prediction]:
    """One guess for each message, in order, made in one go; ``NOTHING`` where nobody is known to ask."""
    asking = [one for one in messages if one.kind in ASKING and one.writer is not None]
    found = iter(classifier.predict([question_of(one) for one in asking]) if asking else [])
    wanted = {id(one) for one in asking}
    return [next(found) if id(one) in wanted else NOTHING for one in messages]
