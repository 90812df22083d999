"""How well it guesses: fits on one set of labelled questions, or on the departments alone, and measures on another.

Owns the figures and what they mean. Touches no stored model; files and the clock are the caller's.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.evidence import NEVER
from mailbot.classify.examples import NOBODY
from mailbot.classify.features import Doubles
from mailbot.classify.fitted import FittedClassifier
from mailbot.classify.fitting import fit, fit_labels
from mailbot.classify.linear import Linear
from mailbot.classify.meaning import Encoding
from mailbot.classify.prediction import Guess, Prediction, Question
from mailbot.classify.text import links_in
from mailbot.classify.topical import TopicModel
from mailbot.errors import ConfigError
from mailbot.library import Department

BATCH = 50
BINS = 15
"""Of equal width, for the calibration error (Guo et al. 2017)."""
COLUMNS = ("text", "label", "subject")


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled question; ``label`` is ``NOBODY`` where no department fits."""

    text: str
    label: str
    subject: str = ""

    @property
    def question(self) -> Question:
        """What a classifier sees of it."""
        return Question(self.subject, self.text, links=links_in(self.text))


@dataclass(frozen=True, slots=True)
class Sure:
    """What the bot would route alone: from which confidence on, how many of all rows, and how often right."""

    threshold: float
    coverage: float
    precision: float | None


@dataclass(frozen=True, slots=True)
class PredictedRow:
    """The guess for one test row: the best label always named, all labels best first."""

    department: str | None
    sure: bool
    confidence: float
    ranking: tuple[str, ...]

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The contract's figures; None where there was nothing to measure it on.

    ``accuracy``, ``macro_f1`` and ``ece`` are over the rows that have a department, the best label always taken;
    ``oos_recall`` is over those that have none; ``aurc`` (area under risk and coverage) and ``sure`` over all.
    """

    n_train: int
    n_test: int
    labels: int
    accuracy: float | None
    macro_f1: float | None
    ece: float | None
    sure: Sure
    oos_recall: float | None
    aurc: float | None
    fit_seconds: float
    ms_per_message: float | None
    model_bytes: int
    predictions: tuple[PredictedRow, ...]

    def to_json(self) -> str:
        """One line of JSON, without the rows."""
        figures = {key: value for key, value in asdict(self).items() if key != "predictions"}
        return json.dumps(_rounded(figures), ensure_ascii=False)


def rows_from(content: bytes, name: str) -> tuple[Row, ...]:
    """The rows of a CSV file (UTF-8, RFC 4180) with a header. Raises ConfigError, which names file and line."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name}: not UTF-8 at byte {error.start}; save it as UTF-8") from error
    csv.field_size_limit(max(len(text), 1))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = _header(next(reader, None), name)
        return tuple(_row(header, fields, name, reader.line_num) for fields in reader if fields)
    except csv.Error as error:
        raise ConfigError(f"{name}, line {reader.line_num}: {error}") from error


def evaluate(
    train: Sequence[Row] | None,
    test: Sequence[Row],
    departments: Sequence[Department],
    topic_model: Callable[[], TopicModel | None],
    *,
    clock: Callable[[], float],
    precision: float = 0.95,
    start: str = "guess",
    encoding: Callable[[], Encoding | None] = lambda: None,
) -> Evaluation:
    """Fits on ``train``, or on the departments and the model of topics where it is None; measures on ``test``.

    ``encoding`` is the encoder to use besides, if any. ``clock`` counts seconds. Raises ConfigError where a label of
    ``test`` is no department (cold start only) or where there is nothing to learn from.
    """
    if train is None:
        _know_labels(test, departments)
        model, encoded = topic_model(), encoding()
        began = clock()
        fitted = fit(departments, model, precision=precision, start=start, encoding=encoded)
        n_train = sum(1 + len(department.examples) for department in departments)
    else:
        if not train:
            raise ConfigError("the training file has no rows")
        encoded = encoding()
        began = clock()
        encoder = None if encoded is None else encoded.encoder
        fitted = fit_labels([(row.question, row.label) for row in train], precision, encoder)
        n_train = len(train)
    fitted_at = clock()
    questions = [row.question for row in test]
    guesses = [guess for batch in _batches(questions) for guess in fitted.predict(batch)]
    seconds = clock() - fitted_at
    rankings = [ranking for batch in _batches(questions) for ranking in fitted.rank(batch)]
    rows = tuple(_predicted(guess, ranking) for guess, ranking in zip(guesses, rankings, strict=True))
    return _figures(fitted, rows, test, n_train, fitted_at - began, seconds)


def _figures(
    fitted: FittedClassifier,
    rows: tuple[PredictedRow, ...],
    test: Sequence[Row],
    n_train: int,
    fit_seconds: float,
    predict_seconds: float,
) -> Evaluation:
    truth = np.array([row.label for row in test], object)
    best = np.array([row.department or "" for row in rows], object)
    confidence = np.array([row.confidence for row in rows], np.float64)
    sure = np.array([row.sure for row in rows], bool)
    inside, right = truth != NOBODY, best == truth
    keys = fitted.pooled.keys if fitted.pooled else ()
    return Evaluation(
        n_train=n_train,
        n_test=len(rows),
        labels=sum(key != NOBODY for key in keys),
        accuracy=_mean(right[inside]),
        macro_f1=_macro_f1(truth[inside], best[inside]),
        ece=calibration_error(confidence[inside], right[inside]),
        sure=Sure(min(fitted.threshold, NEVER), _mean(sure) or 0.0, _mean(right[sure])),
        oos_recall=_mean(~sure[~inside]),
        aurc=area_under_risk(confidence, right),
        fit_seconds=fit_seconds,
        ms_per_message=1000.0 * predict_seconds / len(rows) if rows else None,
        model_bytes=model_bytes(fitted),
        predictions=rows,
    )


def calibration_error(confidence: Doubles, right: NDArray[np.bool_]) -> float | None:
    """The mean distance between confidence and how often it was right, over bins of confidence (ECE)."""
    if not len(right):
        return None
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gap = np.bincount(bins, weights=confidence - right, minlength=BINS)
    return float(np.abs(gap).sum() / len(right))


def area_under_risk(confidence: Doubles, right: NDArray[np.bool_]) -> float | None:
    """The mean share of wrong guesses among the k most confident ones, over all k (AURC)."""
    if not len(right):
        return None
    wrong = ~right[np.argsort(-confidence, kind="stable")]
    return float((np.cumsum(wrong) / np.arange(1, len(wrong) + 1)).mean())


def model_bytes(fitted: FittedClassifier) -> int:
    """What the model's numbers and terms take, on disk and about as much in memory."""
    if fitted.pooled is None:
        return 0
    topical = fitted.pooled.topical
    linears = (fitted.pooled.own, None if topical is None else topical.linear)
    return sum(_linear_bytes(linear) for linear in linears if linear is not None)


def _linear_bytes(linear: Linear) -> int:
    terms = sum(len(term.encode()) + 1 for term in linear.vocabulary.terms)
    return terms + linear.vocabulary.idf.nbytes + linear.weights.nbytes + linear.intercept.nbytes


def _macro_f1(truth: NDArray[np.object_], best: NDArray[np.object_]) -> float | None:
    scores = []
    for label in sorted(set(truth.tolist())):
        hits = int(((truth == label) & (best == label)).sum())
        scores.append(2.0 * hits / (int((truth == label).sum()) + int((best == label).sum())))
    return float(np.mean(scores)) if scores else None


def _mean(values: NDArray[np.bool_]) -> float | None:
    return float(values.mean()) if len(values) else None


def _predicted(guess: Prediction, ranking: Sequence[Guess]) -> PredictedRow:
    """The best label, also where the guess is that no department fits."""
    if guess.department is not None or not ranking:
        order = [guess.department] if guess.department is not None else []
        order += [g.department for g in ranking if g.department != guess.department]
        return PredictedRow(guess.department, guess.sure, guess.confidence, tuple(order))
    return PredictedRow(ranking[0].department, False, ranking[0].confidence, tuple(g.department for g in ranking))


def _batches(questions: Sequence[Question]) -> list[Sequence[Question]]:
    return [questions[i : i + BATCH] for i in range(0, len(questions), BATCH)]


def _know_labels(test: Sequence[Row], departments: Sequence[Department]) -> None:
    known = {department.key for department in departments} | {NOBODY}
    for row in test:
        if row.label not in known:
            near = get_close_matches(row.label, known, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ConfigError(f"label {row.label!r} of the test file is the key of no department{hint}")


def _header(fields: list[str] | None, name: str) -> list[str]:
    if fields is None:
        raise ConfigError(f"{name}: the file is empty; its first line should be text,label")
    for column in fields:
        if column not in COLUMNS:
            raise ConfigError(f"{name}, line 1: column {column!r} is none of {', '.join(COLUMNS)}")
    for column in COLUMNS[:2]:
        if fields.count(column) != 1:
            raise ConfigError(f"{name}, line 1: there should be one column {column!r}")
    return fields


def _row(header: list[str], fields: list[str], name: str, line: int) -> Row:
    if len(fields) != len(header):
        raise ConfigError(f"{name}, line {line}: {len(fields)} fields where the first line has {len(header)}")
    table = dict(zip(header, fields, strict=True))
    return Row(table["text"], table["label"].strip() or NOBODY, table.get("subject", ""))


def _rounded(value: object) -> object:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return round(value, 4) if isinstance(value, float) else value
