"""A classifier that ends the process at one subject, as a fault in a library of C code would."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from mailbot.classify import Classifier, Prediction, Question
from mailbot.serving import Service


class Kept(Service):
    """Gives no other classifier than the one at hand, ever."""

    def __init__(self) -> None:
        self.version, self.target, self.said = "", 0.0, ()

    def renewed(self) -> None:
        """There is no other."""
        return


@dataclass(frozen=True, slots=True)
class Deadly:
    """``real`` guesses, except where a subject contains ``subject``."""

    real: Classifier
    subject: str

    def predict(self, questions: Sequence[Question]) -> list[Prediction]:
        """One prediction a question, in order, or the end of it all."""
        if any(self.subject in question.subject for question in questions):
            os._exit(11)
        return self.real.predict(questions)
