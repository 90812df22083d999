"""A classifier that is ready to guess: rules first, then the models, then the words that made the difference.

Owns how chances become a ``Prediction``. Pure: what it was fitted on and where it is kept is not its business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from mailbot.classify.examples import NOBODY
from mailbot.classify.features import Floats, Longs
from mailbot.classify.pooled import Heard, Pooled
from mailbot.classify.prediction import Guess, Prediction, Question
from mailbot.classify.reasons import against_line, rule_line, telling_phrases, topic_line, words_line
from mailbot.classify.rules import RuleHit, rule_for
from mailbot.classify.text import Tokens, compose, tokenise, without
from mailbot.library import Department

RUNNERS_UP = 3
BY_RULE = 0.99
"""The confidence of a rule: the library itself said so, yet a patron may name a page and mean another."""
READS_LIKE = 0.4
"""The share of a department's chance that one topic needs to be named as what the message reads like."""


class Regime(StrEnum):
    """What stands behind ``sure``.

    ``GUESS``: a provisional threshold, since the library has taught nothing yet. ``CAREFUL``: nothing is sure until it
    has. ``EVIDENCE``: the library's own labels show how often it is right.
    """

    GUESS = "guess"
    CAREFUL = "careful"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True, eq=False)
class FittedClassifier:
    """Implements ``Classifier``. ``threshold`` is the confidence from which a guess is sure; above 1: never.

    ``pooled`` is None where there was nothing to learn from.
    """

    departments: tuple[Department, ...]
    pooled: Pooled | None
    threshold: float
    regime: Regime
    topic_names: Mapping[str, str] = field(default_factory=dict)

    def predict(self, questions: Sequence[Question]) -> list[Prediction]:
        """One prediction a question, in order; much faster in batches."""
        if not questions:
            return []
        guesses = self._by_model(questions)
        hits = (rule_for(question, self.departments) for question in questions)
        return [guess if hit is None else self._by_rule(hit, guess) for hit, guess in zip(hits, guesses, strict=True)]

    def rank(self, questions: Sequence[Question]) -> list[tuple[Guess, ...]]:
        """Every department for each question, best first; a rule's before the others."""
        if self.pooled is None or not questions:
            return [()] * len(questions)
        keys = self.pooled.keys
        chances = self.pooled.hear([tokenise(compose(question)) for question in questions]).chances
        found = []
        for question, row, order in zip(questions, chances, np.argsort(-chances, axis=1, kind="stable"), strict=True):
            hit = rule_for(question, self.departments)
            guesses = [Guess(keys[j], float(row[j])) for j in order.tolist() if keys[j] != NOBODY]
            found.append(tuple(sorted(guesses, key=lambda g: hit is None or g.department != hit.department)))
        return found

    @property
    def names(self) -> Mapping[str, str]:
        """Department names by key."""
        return {department.key: department.name for department in self.departments}

    def _by_rule(self, hit: RuleHit, guess: Prediction) -> Prediction:
        """What the config's rule says; the models' guesses come after it."""
        best = () if guess.department is None else (Guess(guess.department, guess.confidence),)
        others = [g for g in (*best, *guess.runners_up) if g.department != hit.department]
        scaled = tuple(replace(g, confidence=g.confidence * (1 - BY_RULE)) for g in others[:RUNNERS_UP])
        line = rule_line(hit.matched, self.names[hit.department])
        return Prediction(hit.department, BY_RULE, True, scaled, rule=hit.matched, reasons=(line,))

    def _by_model(self, questions: Sequence[Question]) -> list[Prediction]:
        if self.pooled is None:
            return [Prediction(None, 0.0, False)] * len(questions)
        texts = [tokenise(compose(question)) for question in questions]
        heard = self.pooled.hear(texts)
        order = np.argsort(-heard.chances, axis=1, kind="stable")
        rival = np.array([self._rival(self.pooled, row) for row in order.tolist()], np.int64)
        words, against = _telling(self.pooled, texts, heard, order[:, 0], rival)
        return [
            self._told(self.pooled, i, texts[i], heard, order[i].tolist(), words[i], against[i])
            for i in range(len(texts))
        ]

    @staticmethod
    def _rival(pooled: Pooled, order: Sequence[int]) -> int:
        """The column of the next department after the best guess, which reasons are given against: nobody is helped
        by words that speak against its being anybody's.
        """
        return next((column for column in order[1:] if pooled.keys[column] != NOBODY), order[0])

    def _told(
        self,
        pooled: Pooled,
        i: int,
        text: Tokens,
        heard: Heard,
        order: list[int],
        words: tuple[str, ...],
        against: tuple[str, ...],
    ) -> Prediction:
        """One text's prediction. A text without a single known word is nobody's to guess."""
        chances, keys = heard.chances[i], pooled.keys
        ranked = [Guess(keys[j], float(chances[j])) for j in order if keys[j] != NOBODY]
        known = pooled.knows(text)
        topic = self._topic(pooled, heard.topics.scores[i], order[0]) if heard.topics is not None and known else ""
        if not known or keys[order[0]] == NOBODY:
            lines = (topic_line(topic),) if topic else ()
            confidence = float(chances[order[0]]) if known else 0.0
            return Prediction(None, confidence, False, tuple(ranked[:RUNNERS_UP]), reasons=lines)
        rival = ranked[1].department if len(ranked) > 1 else NOBODY
        return Prediction(
            ranked[0].department,
            ranked[0].confidence,
            ranked[0].confidence >= self.threshold,
            tuple(ranked[1 : 1 + RUNNERS_UP]),
            words=words,
            against=against,
            reasons=tuple(self._lines(ranked[0].department, rival, topic, words, against)),
            provisional=self.regime is Regime.GUESS,
        )

    def _topic(self, pooled: Pooled, scores: Floats, column: int) -> str:
        """The name of the topic that makes up most of this department's chance, or ""."""
        if pooled.topical is None:
            return ""
        shares = np.exp(scores - scores.max()) * pooled.topical.cover[:, column]
        best = int(shares.argmax())
        clear = shares[best] > READS_LIKE * shares.sum() > 0.0
        return self.topic_names.get(pooled.topical.linear.labels[best], "") if clear else ""

    def _lines(self, best: str, rival: str, topic: str, words: tuple[str, ...], against: tuple[str, ...]) -> list[str]:
        names = self.names
        lines = [topic_line(topic)] if topic else []
        if words:
            lines.append(words_line(words, names.get(best, best)))
        if against and rival in names:
            lines.append(against_line(against[:2], names[rival]))
        return lines


def _telling(
    pooled: Pooled, texts: Sequence[Tokens], heard: Heard, best: Longs, rival: Longs
) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """The words of each text that speak for the best department and against it. Only what is true is said: the text
    is tried without them, and they are named only where the odds move as they say.
    """
    pulls = pooled.pulls(heard, best, rival)
    own = [pulls[first : first + len(text.forms)] for first, text in zip(heard.first_token, texts, strict=True)]
    found = [
        [telling_phrases(text, (sign * pull).tolist()) for text, pull in zip(texts, own, strict=True)]
        for sign in (1.0, -1.0)
    ]
    tried = [
        without(text, [(phrase.first, phrase.end) for phrase in phrases])
        for side in found
        for text, phrases in zip(texts, side, strict=True)
    ]
    left = pooled.hear(tried).chances.reshape(2, len(texts), -1)
    rows = np.arange(len(texts))
    was = heard.chances[rows, best] / heard.chances[rows, rival]
    lost = left[:, rows, best] / left[:, rows, rival] < was
    words, against = (
        [
            tuple(phrase.text for phrase in phrases) if moved else ()
            for phrases, moved in zip(side, moves.tolist(), strict=True)
        ]
        for side, moves in zip(found, (lost[0], ~lost[1]), strict=True)
    )
    return words, against
