"""Labelled mail from CSV files: to measure on (`mailbot evaluate`) and to learn from (`mailbot train --data`).

Owns the files and the clock of both. Touches no stored model but that of topics, which every library shares.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from mailbot.classify.encoder import Encoder
from mailbot.classify.evaluate import Evaluation, Row, evaluate, rows_from
from mailbot.classify.examples import NOBODY, Example, Source
from mailbot.classify.keeping import encoding_of, topic_model
from mailbot.classify.meaning import Encoding
from mailbot.errors import ConfigError
from mailbot.library import Department


def measured(
    train: Path | None, test: Path, departments: Sequence[Department], models: Path, encoder: Encoder | None = None
) -> Evaluation:
    """Fits on ``train``, or on the departments where it is None, and measures on ``test``.

    Raises ConfigError, which names the file and the line, where a file can't be used.
    """
    return evaluate(
        None if train is None else _rows(train),
        _rows(test),
        departments,
        lambda: topic_model(models),
        clock=time.perf_counter,
        encoding=lambda: _encoding(encoder, models, train is None),
    )


def _encoding(encoder: Encoder | None, models: Path, starter: bool) -> Encoding | None:
    if encoder is None:
        return None
    return encoding_of(models, encoder) if starter else Encoding(encoder, None)


def check_writable(path: Path) -> None:
    """Raises ConfigError where a file can't be written there; what is in it stays. Asked before minutes of fitting."""
    try:
        with path.open("a"):
            pass
    except OSError as error:
        raise _unwritable(path, error) from error


def keep_predictions(path: Path, found: Evaluation) -> None:
    """Each guess as a line of JSON. Raises ConfigError where the file can't be written."""
    try:
        path.write_text("".join(row.to_json() + "\n" for row in found.predictions), encoding="utf-8")
    except OSError as error:
        raise _unwritable(path, error) from error


def examples_from(path: Path, departments: Sequence[Department]) -> list[Example]:
    """The rows of a CSV as examples. Raises ConfigError where a label is no department's key."""
    rows = _rows(path)
    known = {NOBODY, *(department.key for department in departments)}
    for row in rows:
        if row.label not in known:
            raise ConfigError(f"{path}: {row.label!r} is no department's key; known are {', '.join(sorted(known))}")
    return [Example(row.question, row.label, Source.IMPORT) for row in rows]


def _rows(path: Path) -> tuple[Row, ...]:
    try:
        return rows_from(path.read_bytes(), str(path))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error


def _unwritable(path: Path, error: OSError) -> ConfigError:
    return ConfigError(f"{path} cannot be written: {error.strerror}")
