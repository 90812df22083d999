"""A classifier that is ready to guess: rules first, then the models, then the words that made the difference.

Owns how chances become a ``Prediction``. Pure: what it was fitted on and where it is kept is not its business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.advising import Advised
from mailbot.classify.distance import Reach
from mailbot.classify.encoder import Encoder
from mailbot.classify.examples import NOBODY
from mailbot.classify.features import Doubles, Floats
from mailbot.classify.one_thread import keep_to_one_thread
from mailbot.classify.pooled import Heard, Pooled
from mailbot.classify.prediction import Also, Guess, Prediction, Question
from mailbot.classify.proof import Proof
from mailbot.classify.reasons import (
    against_line,
    also_line,
    excerpt,
    far_line,
    hint_line,
    rule_line,
    topic_line,
    words_line,
)
from mailbot.classify.rules import RuleHit, rule_for
from mailbot.classify.similar import Earlier
from mailbot.classify.text import Tokens, compose, part, tokenise
from mailbot.classify.trying import Meaning, Tried, try_out
from mailbot.library import Department

PROVISIONAL = 0.85
"""How often a guess should be right that goes out before the library has taught anything."""
RUNNERS_UP = 3
FEWEST_SUGGESTED, MOST_SUGGESTED = 3, 5
"""As long as nothing is promised of the suggestions, so many are made; and never more than people like to read."""
BY_RULE = 0.99
"""The confidence of a rule: the library itself said so, yet a patron may name a page and mean another."""
READS_LIKE = 0.4
"""The share of a department's chance that one topic needs to be named as what the message reads like."""
HINT = 0.5
"""How much what a colleague wrote on top counts, against what the patron wrote."""
NAMED, NAMED_FOR_CERTAIN = 6.0, 60.0
"""How many times likelier a department is if a colleague names it, in passing or beyond doubt."""


class Regime(StrEnum):
    """What stands behind ``sure``.

    ``GUESS``: a provisional threshold, since the library has taught nothing yet. ``CAREFUL``: nothing is sure until it
    has. ``EVIDENCE``: the library's own labels show how often it is right.
    """

    GUESS = "guess"
    CAREFUL = "careful"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """One text and all that was found out about it; ``order`` is the columns of departments, best first. ``near`` is
    false where it has nothing in common with what was learned.
    """

    question: Question
    text: Tokens
    chances: Doubles
    topics: Floats | None
    order: list[int]
    tried: Tried
    near: bool
    similar: tuple[int, ...]
    about: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, eq=False)
class FittedClassifier:
    """Implements ``Classifier``. ``threshold`` is the confidence from which a guess is sure; above 1: never.

    ``admit`` is the chance from which a department is suggested. ``pooled`` is None where there was nothing to learn
    from. ``earlier`` are the labelled messages that can be referred to, ``encoder`` is there where ``pooled`` asks for
    one. ``reach`` is how near a text has to come to be anybody's, where no examples say what is nobody's. ``version``
    is the name it is kept under, "" where it is not. ``proof`` is what the library's own labels prove of it; it is
    there after a fit, and kept beside the model, not in it.
    """

    departments: tuple[Department, ...]
    pooled: Pooled | None
    threshold: float
    regime: Regime
    topic_names: Mapping[str, str] = field(default_factory=dict)
    admit: float = 0.0
    earlier: Earlier | None = None
    encoder: Encoder | None = None
    reach: Reach | None = None
    version: str = ""
    proof: Proof | None = None
    advised: Advised | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "advised", Advised.of(self.departments, self.pooled))

    def predict(self, questions: Sequence[Question]) -> list[Prediction]:
        """One prediction a question, in order; much faster in batches."""
        if not questions:
            return []
        keep_to_one_thread()
        guesses = self._by_model(questions)
        hits = (rule_for(question, self.departments) for question in questions)
        found = (guess if hit is None else self._by_rule(hit, guess) for hit, guess in zip(hits, guesses, strict=True))
        return [replace(guess, model=self.version) for guess in found]

    def rank(self, questions: Sequence[Question]) -> list[tuple[Guess, ...]]:
        """Every department for each question, best first; a rule's before the others."""
        if self.pooled is None or not questions:
            return [()] * len(questions)
        keys = self.pooled.keys
        texts = [tokenise(compose(question)) for question in questions]
        meaning = self._meaning(self.pooled, questions)
        keep_to_one_thread()
        heard = self.pooled.hear(texts, None if meaning is None else meaning([text.text for text in texts]))
        chances = self._chances(self.pooled, questions, heard)
        found = []
        for question, row, order in zip(questions, chances, np.argsort(-chances, axis=1, kind="stable"), strict=True):
            hit = rule_for(question, self.departments)
            guesses = [Guess(keys[j], float(row[j])) for j in order.tolist() if keys[j] != NOBODY]
            found.append(tuple(sorted(guesses, key=lambda g: hit is None or g.department != hit.department)))
        return found

    def target(self, precision: float) -> float:
        """How often it should be right where it is sure, if ``precision`` is wanted and can be proved."""
        return precision if self.regime is Regime.EVIDENCE else min(precision, PROVISIONAL)

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
        return Prediction(
            hit.department,
            BY_RULE,
            True,
            scaled,
            suggestions=tuple(dict.fromkeys((hit.department, *guess.suggestions)))[:MOST_SUGGESTED],
            rule=hit.matched,
            named=guess.named,
            similar=guess.similar,
            about=guess.about,
            reasons=(line,),
        )

    def _by_model(self, questions: Sequence[Question]) -> list[Prediction]:
        pooled = self.pooled
        if pooled is None:
            return [Prediction(None, 0.0, False)] * len(questions)
        texts = [tokenise(compose(question)) for question in questions]
        meaning = self._meaning(pooled, questions)
        vectors = None if meaning is None else meaning([text.text for text in texts])
        heard = pooled.hear(texts, vectors)
        chances = self._chances(pooled, questions, heard)
        orders = np.argsort(-chances, axis=1, kind="stable")
        rivals = np.array([_rival(pooled, order) for order in orders.tolist()], np.int64)
        tried = try_out(pooled, texts, heard, orders[:, 0], rivals, meaning)
        far = self._far(pooled, heard, vectors)
        similar = self._similar(pooled, texts)
        about = self._about(pooled, questions, heard)
        return [
            self._told(
                pooled,
                _Judged(
                    question=questions[i],
                    text=texts[i],
                    chances=chances[i],
                    topics=None if heard.topics is None else heard.topics.scores[i],
                    order=orders[i].tolist(),
                    tried=tried[i],
                    near=bool(questions[i].named) or (pooled.knows(texts[i]) and not far[i]),
                    similar=similar[i],
                    about=about[i],
                ),
            )
            for i in range(len(texts))
        ]

    def _far(self, pooled: Pooled, heard: Heard, vectors: Floats | None) -> NDArray[np.bool_]:
        """Which texts are like nothing that it was taught."""
        if self.reach is None or heard.own is None:
            return np.zeros(len(heard.chances), bool)
        own = None if pooled.meant is None else pooled.meant.own
        return self.reach.leaves_out(heard.own.scores, None if vectors is None or own is None else own.scores(vectors))

    @staticmethod
    def _chances(pooled: Pooled, questions: Sequence[Question], heard: Heard) -> Doubles:
        """The chances of departments by what patrons wrote, and by what colleagues wrote above it."""
        hinted = [i for i, question in enumerate(questions) if question.hint.strip()]
        if not hinted:
            return heard.chances
        chances = heard.chances.copy()
        hints = pooled.hear([tokenise(questions[i].hint) for i in hinted]).chances
        for i, said in zip(hinted, hints, strict=True):
            chances[i] *= said**HINT
            factor = NAMED_FOR_CERTAIN if questions[i].certain else NAMED
            chances[i, [pooled.keys.index(key) for key in questions[i].named if key in pooled.keys]] *= factor
            chances[i] /= chances[i].sum()
        return chances

    def _meaning(self, pooled: Pooled, questions: Sequence[Question]) -> Meaning | None:
        """What the encoder makes of texts of these questions, NaN where it does not know the language. None without
        an encoder.
        """
        if self.encoder is None or pooled.meant is None:
            return None
        encoder, meant = self.encoder, pooled.meant
        known = [i for i, question in enumerate(questions) if meant.knows(question.language)]

        def meaning(texts: Sequence[str]) -> Floats:
            vectors = encoder.embed([texts[i] for i in known])
            found = np.full((len(texts), vectors.shape[1]), np.nan, np.float32)
            found[known] = vectors
            return found

        return meaning

    def _similar(self, pooled: Pooled, texts: Sequence[Tokens]) -> list[tuple[int, ...]]:
        if self.earlier is None or pooled.own is None:
            return [()] * len(texts)
        return self.earlier.most_like(texts, pooled.own.vocabulary)

    def _about(self, pooled: Pooled, questions: Sequence[Question], heard: Heard) -> list[tuple[str, ...] | None]:
        """The offers and questions that are about what each text is about, and its request alone as well: a letter
        may tell a story of one thing and want another. A request beside a link may only point there, and is read with
        the subject.
        """
        if self.advised is None or heard.topics is None:
            return [None] * len(questions)
        found: list[tuple[str, ...] | None] = list(map(self.advised.like, heard.topics.scores))
        asked = [i for i, question in enumerate(questions) if question.request and found[i]]
        requests = [
            tokenise(f"{one.subject}\n{one.request}" if one.links else one.request)
            for one in (questions[i] for i in asked)
        ]
        wanted = pooled.topics(requests)
        for i, scores in zip(asked, () if wanted is None else wanted.scores, strict=True):
            found[i] = self.advised.like(heard.topics.scores[i], scores)
        return found

    def _told(self, pooled: Pooled, one: _Judged) -> Prediction:
        """One text's prediction. A text that is like nothing the classifier knows is nobody's to guess."""
        keys, known = pooled.keys, one.near
        about = one.about if known else None
        ranked = [Guess(keys[j], float(one.chances[j])) for j in one.order if keys[j] != NOBODY]
        suggestions = self._suggestions(ranked)
        topic = self._topic(pooled, one.topics, one.order[0]) if known else ""
        if not known or keys[one.order[0]] == NOBODY:
            lines = (topic_line(topic),) if topic else ()
            confidence = float(one.chances[one.order[0]]) if known else 0.0
            found = Prediction(None, confidence, False, tuple(ranked[:RUNNERS_UP]), suggestions)
            return replace(
                found,
                named=one.question.named,
                similar=one.similar,
                about=about,
                reasons=lines if known else (far_line(),),
            )
        best, also = self._first_and_second(pooled, one, ranked[0])
        others = [guess for guess in ranked if guess.department != best.department]
        return Prediction(
            best.department,
            best.confidence,
            best.confidence >= self.threshold,
            tuple(others[:RUNNERS_UP]),
            suggestions,
            words=one.tried.words,
            against=one.tried.against,
            also=also,
            named=one.question.named,
            similar=one.similar,
            about=about,
            reasons=tuple(self._lines(one, ranked, topic, also)),
            provisional=self.regime is Regime.GUESS,
        )

    def _suggestions(self, ranked: Sequence[Guess]) -> tuple[str, ...]:
        promised = sum(guess.confidence >= self.admit for guess in ranked)
        fewest = 1 if self.regime is Regime.EVIDENCE else FEWEST_SUGGESTED
        return tuple(guess.department for guess in ranked[: min(max(promised, fewest), MOST_SUGGESTED)])

    @staticmethod
    def _first_and_second(pooled: Pooled, one: _Judged, best: Guess) -> tuple[Guess, Also | None]:
        """The best guess; of a message with two requests the first one's, and the second."""
        cut = one.tried.cut
        if cut is None or one.order[0] not in (cut.first, cut.second):
            return best, None
        second = part(one.text, cut.at, len(one.text.forms))
        return Guess(pooled.keys[cut.first], cut.chance), Also(pooled.keys[cut.second], excerpt(second))

    def _topic(self, pooled: Pooled, scores: Floats | None, column: int) -> str:
        """The name of the topic that makes up most of this department's chance, or ""."""
        if pooled.topical is None or scores is None:
            return ""
        shares = np.exp(scores - scores.max()) * pooled.topical.cover[:, column]
        best = int(shares.argmax())
        clear = shares[best] > READS_LIKE * shares.sum() > 0.0
        return self.topic_names.get(pooled.topical.linear.labels[best], "") if clear else ""

    def _lines(self, one: _Judged, ranked: Sequence[Guess], topic: str, also: Also | None) -> list[str]:
        names = self.names
        best, rival = ranked[0].department, ranked[1].department if len(ranked) > 1 else NOBODY
        lines = [topic_line(topic)] if topic else []
        if one.tried.words:
            lines.append(words_line(one.tried.words, names.get(best, best)))
        if one.tried.against and rival in names:
            lines.append(against_line(one.tried.against[:2], names[rival]))
        if one.question.named:
            lines.append(hint_line([names[key] for key in one.question.named if key in names]))
        if also is not None:
            lines.append(also_line(also.words, names.get(also.department, also.department)))
        return lines


def _rival(pooled: Pooled, order: Sequence[int]) -> int:
    """The column of the next department after the best guess, which reasons are given against: nobody is helped
    by words that speak against its being anybody's.
    """
    return next((column for column in order[1:] if pooled.keys[column] != NOBODY), order[0])
