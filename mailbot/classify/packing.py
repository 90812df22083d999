"""Models as plain values (numbers, strings, arrays) and back: all that a model file holds.

Owns the format, so that a model file needs no type of ours or of scikit-learn to be trusted. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.features import Vocabulary
from mailbot.classify.fitted import FittedClassifier, Regime
from mailbot.classify.linear import Linear
from mailbot.classify.pooled import Pooled, Topical
from mailbot.classify.starter import topics
from mailbot.classify.topical import TopicModel
from mailbot.library import Department

FORMAT = 4
"""Raised whenever what is packed, or what it means, changes."""

_PLAIN = "plain"
"""The member of a model file that holds what is no array."""

Packed = Mapping[str, object]


def to_arrays(packed: Packed) -> dict[str, NDArray[np.generic]]:
    """The same as arrays alone, named by where they stand ("own/idf"); all else is one JSON text, itself an array."""
    arrays: dict[str, NDArray[np.generic]] = {}
    plain = json.dumps(_plain(packed, "", arrays)).encode("ascii")
    return {**arrays, _PLAIN: np.frombuffer(plain, np.uint8)}


def from_arrays(arrays: Mapping[str, NDArray[np.generic]]) -> Packed:
    """What ``to_arrays`` was given. Raises KeyError, TypeError or ValueError where it can't have been that."""
    packed: dict[str, object] = json.loads(arrays[_PLAIN].tobytes())
    for name, array in arrays.items():
        *path, last = name.split("/")
        if name != _PLAIN:
            _at(packed, path)[last] = array
    return packed


def _plain(packed: Packed, path: str, arrays: dict[str, NDArray[np.generic]]) -> dict[str, object]:
    """What of a table is no array; the arrays go into ``arrays``."""
    plain: dict[str, object] = {}
    for key, value in packed.items():
        if isinstance(value, np.ndarray):
            arrays[f"{path}{key}"] = value
        else:
            plain[key] = _plain(value, f"{path}{key}/", arrays) if isinstance(value, Mapping) else value
    return plain


def _at(table: dict[str, object], path: Sequence[str]) -> dict[str, object]:
    for key in path:
        inner = table[key]
        if not isinstance(inner, dict):
            raise TypeError(f"{key} is no table")
        table = inner
    return table


def pack_linear(linear: Linear) -> Packed:
    """A linear model. The terms are one string, which is read and written at once."""
    return {
        "terms": "\n".join(linear.vocabulary.terms),
        "idf": linear.vocabulary.idf,
        "n_words": linear.vocabulary.n_words,
        "labels": list(linear.labels),
        "weights": linear.weights,
        "intercept": linear.intercept,
    }


def unpack_linear(packed: Packed) -> Linear:
    """The linear model again. Raises KeyError, TypeError or ValueError where it is not one."""
    terms = tuple(str(packed["terms"]).split("\n"))
    vocabulary = Vocabulary(terms, np.asarray(packed["idf"], np.float32), int(str(packed["n_words"])))
    labels = _strings(packed["labels"])
    weights = np.asarray(packed["weights"], np.float16)
    if weights.shape != (len(terms), len(labels)):
        raise ValueError(f"weights of {weights.shape} do not fit {len(terms)} terms and {len(labels)} labels")
    intercept = np.asarray(packed["intercept"], np.float32)
    return Linear(vocabulary, labels, weights, intercept)


def pack_topics(model: TopicModel) -> Packed:
    """The model of topics."""
    return {"linear": pack_linear(model.linear), "unseen": model.unseen, "truth": model.truth, "at": model.at}


def unpack_topics(packed: Packed) -> TopicModel:
    """The model of topics again; raises as ``unpack_linear``."""
    return TopicModel(
        unpack_linear(_mapping(packed["linear"])),
        np.asarray(packed["unseen"], np.float16),
        np.asarray(packed["truth"], np.int64),
        np.asarray(packed["at"], np.int64),
    )


def pack_classifier(fitted: FittedClassifier) -> Packed:
    """A classifier without the departments, which the config has, and without the model of topics."""
    pooled = fitted.pooled
    packed: dict[str, object] = {"threshold": fitted.threshold, "regime": str(fitted.regime)}
    if pooled is not None:
        packed |= {"keys": list(pooled.keys), "say": list(pooled.say)}
        packed["own"] = None if pooled.own is None else pack_linear(pooled.own)
        packed["cover"] = None if pooled.topical is None else pooled.topical.cover
    return packed


def unpack_classifier(
    packed: Packed, departments: Sequence[Department], topic_model: TopicModel | None
) -> FittedClassifier:
    """The classifier for these departments again; raises as ``unpack_linear``."""
    threshold, regime = float(str(packed["threshold"])), Regime(str(packed["regime"]))
    if "keys" not in packed:
        return FittedClassifier(tuple(departments), None, threshold, regime)
    keys = _strings(packed["keys"])
    topical = None
    if packed["cover"] is not None:
        if topic_model is None:
            raise ValueError("the model of topics that belongs to it is missing")
        topical = Topical(topic_model.linear, np.asarray(packed["cover"], np.float64))
    own = None if packed["own"] is None else unpack_linear(_mapping(packed["own"]))
    first, second = (float(part) for part in _strings(packed["say"]))
    names = {topic.key: topic.name for topic in topics()} if topical else {}
    return FittedClassifier(tuple(departments), Pooled(keys, topical, own, (first, second)), threshold, regime, names)


def _mapping(value: object) -> Packed:
    if not isinstance(value, Mapping):
        raise TypeError(f"a table was expected, not {type(value).__name__}")
    return value


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(f"a list was expected, not {type(value).__name__}")
    return tuple(map(str, value))
