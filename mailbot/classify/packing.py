"""Models as plain values (numbers, strings, arrays) and back: all that a model file holds.

Owns the format, so that a model file needs no type of ours or of scikit-learn to be trusted. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from mailbot.classify.dense import Dense
from mailbot.classify.distance import Reach
from mailbot.classify.features import Vocabulary
from mailbot.classify.fitted import FittedClassifier, Regime
from mailbot.classify.linear import Linear
from mailbot.classify.meaning import Encoding, MeantTopics
from mailbot.classify.pooled import Meant, Pooled, Say, Topical
from mailbot.classify.similar import Earlier
from mailbot.classify.starter import topics
from mailbot.classify.topical import TopicModel
from mailbot.library import Department

FORMAT = 6
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
    return {
        "linear": pack_linear(model.linear),
        "unseen": model.unseen,
        "truth": model.truth,
        "at": model.at,
        "group": model.group,
    }


def unpack_topics(packed: Packed) -> TopicModel:
    """The model of topics again; raises as ``unpack_linear``."""
    return TopicModel(
        unpack_linear(_mapping(packed["linear"])),
        np.asarray(packed["unseen"], np.float16),
        np.asarray(packed["truth"], np.int64),
        np.asarray(packed["at"], np.int64),
        np.asarray(packed["group"], np.int64),
    )


def pack_meant_topics(meant: MeantTopics) -> Packed:
    """What the starter collection means to an encoder."""
    return {
        "encoder": meant.encoder,
        "dense": pack_dense(meant.dense),
        "unseen": meant.unseen,
        "languages": sorted(meant.languages),
    }


def unpack_meant_topics(packed: Packed) -> MeantTopics:
    """The same again; raises as ``unpack_linear``."""
    return MeantTopics(
        str(packed["encoder"]),
        unpack_dense(_mapping(packed["dense"])),
        np.asarray(packed["unseen"], np.float16),
        frozenset(_strings(packed["languages"])),
    )


def pack_dense(dense: Dense) -> Packed:
    """A linear model on vectors."""
    return {"labels": list(dense.labels), "weights": dense.weights}


def unpack_dense(packed: Packed) -> Dense:
    """The same again; raises as ``unpack_linear``."""
    labels, weights = _strings(packed["labels"]), np.asarray(packed["weights"], np.float32)
    if weights.ndim != 2 or weights.shape[1] != len(labels):
        raise ValueError(f"weights of {weights.shape} do not fit {len(labels)} labels")
    return Dense(labels, weights)


def _pack_earlier(earlier: Earlier) -> Packed:
    rows = earlier.rows
    return {
        "ids": earlier.ids,
        "data": rows.data.astype(np.float16),
        "indices": rows.indices.astype(np.int32),
        "indptr": rows.indptr.astype(np.int64),
        "columns": earlier.columns,
    }


def _unpack_earlier(packed: Packed) -> Earlier:
    ids, columns = np.asarray(packed["ids"], np.int64), np.asarray(packed["columns"], np.int64)
    parts = (np.asarray(packed["data"], np.float32), np.asarray(packed["indices"]), np.asarray(packed["indptr"]))
    return Earlier(csr_matrix(parts, shape=(len(ids), len(columns))), ids, columns)


def pack_classifier(fitted: FittedClassifier) -> Packed:
    """A classifier without the departments, which the config has, and without what is fitted on the collection."""
    pooled = fitted.pooled
    packed: dict[str, object] = {"threshold": fitted.threshold, "regime": str(fitted.regime), "admit": fitted.admit}
    packed["reach"] = None if fitted.reach is None else [fitted.reach.words, fitted.reach.meaning]
    packed["earlier"] = None if fitted.earlier is None else _pack_earlier(fitted.earlier)
    if pooled is not None:
        packed |= {"keys": list(pooled.keys), "say": _pack_say(pooled.say), "alone": _pack_say(pooled.alone)}
        packed["own"] = None if pooled.own is None else pack_linear(pooled.own)
        packed["cover"] = None if pooled.topical is None else pooled.topical.cover
        packed["meant"] = None if pooled.meant is None else _pack_meant(pooled.meant)
    return packed


def unpack_classifier(
    packed: Packed, departments: Sequence[Department], topic_model: TopicModel | None, encoding: Encoding | None
) -> FittedClassifier:
    """The classifier for these departments again; raises as ``unpack_linear``."""
    threshold, regime = float(str(packed["threshold"])), Regime(str(packed["regime"]))
    if "keys" not in packed:
        return FittedClassifier(tuple(departments), None, threshold, regime)
    own = None if packed["own"] is None else unpack_linear(_mapping(packed["own"]))
    meant = None if packed["meant"] is None else _unpack_meant(_mapping(packed["meant"]), encoding)
    pooled = Pooled(
        _strings(packed["keys"]),
        _unpack_topical(packed["cover"], topic_model),
        own,
        _unpack_say(packed["alone"]),
        meant,
        _unpack_say(packed["say"]),
    )
    return FittedClassifier(
        tuple(departments),
        pooled,
        threshold,
        regime,
        {topic.key: topic.name for topic in topics()} if pooled.topical else {},
        float(str(packed["admit"])),
        None if packed["earlier"] is None else _unpack_earlier(_mapping(packed["earlier"])),
        None if encoding is None else encoding.encoder,
        _unpack_reach(packed["reach"]),
    )


def _unpack_topical(cover: object, topic_model: TopicModel | None) -> Topical | None:
    if cover is None:
        return None
    if topic_model is None:
        raise ValueError("the model of topics that belongs to it is missing")
    return Topical(topic_model.linear, np.asarray(cover, np.float64))


def _pack_meant(meant: Meant) -> Packed:
    """Without what the collection means, which is kept once for all versions."""
    return {
        "encoder": meant.encoder,
        "topics": meant.topics is not None,
        "own": None if meant.own is None else pack_dense(meant.own),
        "languages": None if meant.languages is None else sorted(meant.languages),
    }


def _unpack_meant(packed: Packed, encoding: Encoding | None) -> Meant:
    name = str(packed["encoder"])
    if encoding is None or encoding.encoder.name != name:
        raise ValueError(f"it needs the encoder {name}, which the config does not name")
    topical = None if encoding.topics is None else encoding.topics.dense
    own = None if packed["own"] is None else unpack_dense(_mapping(packed["own"]))
    languages = None if packed["languages"] is None else frozenset(_strings(packed["languages"]))
    return Meant(name, topical if packed["topics"] else None, own, languages)


def _unpack_reach(value: object) -> Reach | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise TypeError(f"a list was expected, not {type(value).__name__}")
    words, meaning = value
    return Reach(float(words), None if meaning is None else float(meaning))


def _pack_say(say: Say) -> list[float]:
    return [say.topical, say.own, say.meant_topical, say.meant_own]


def _unpack_say(value: object) -> Say:
    topical, own, meant_topical, meant_own = (float(part) for part in _strings(value))
    return Say(topical, own, meant_topical, meant_own)


def _mapping(value: object) -> Packed:
    if not isinstance(value, Mapping):
        raise TypeError(f"a table was expected, not {type(value).__name__}")
    return value


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(f"a list was expected, not {type(value).__name__}")
    return tuple(map(str, value))
