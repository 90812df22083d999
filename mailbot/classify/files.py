"""Model files: a folder a version, written under another name and renamed, checked before a byte of it is trusted.

The one part of ``classify`` that touches a disk. A version holds ``model.npz`` (numbers, strings and arrays, no
pickle) and ``manifest.json``: hashes, library versions, what it was fitted on. What is damaged, foreign or made by
another scikit-learn is refused with a ``ModelError`` that says so; nothing is ever deleted.
"""

from __future__ import annotations

import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import file_digest, sha256
from importlib.metadata import version as installed
from pathlib import Path

import numpy as np

from mailbot.classify import starter
from mailbot.classify.encoder import Encoder
from mailbot.classify.examples import Example
from mailbot.classify.fitted import FittedClassifier
from mailbot.classify.meaning import Encoding, MeantTopics
from mailbot.classify.packing import (
    FORMAT,
    Packed,
    from_arrays,
    pack_classifier,
    pack_meant_topics,
    pack_topics,
    to_arrays,
    unpack_classifier,
    unpack_meant_topics,
    unpack_topics,
)
from mailbot.classify.topical import TopicModel
from mailbot.errors import ModelError
from mailbot.library import Department

MODEL, MANIFEST, LEARNED, SERVING = "model.npz", "manifest.json", "learned.txt", "serving.json"
CARD = "model.md"
LIBRARIES = ("numpy", "scikit-learn", "scipy")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known of a version without opening it. ``figures`` are whatever was measured, by name."""

    version: str
    sha256: str
    libraries: Mapping[str, str]
    departments: str
    data: str
    starter: str
    threshold: float
    regime: str
    figures: Mapping[str, float] = field(default_factory=dict)
    encoder: str = ""


def departments_fingerprint(departments: Sequence[Department]) -> str:
    """Changes whenever something does that a model learns from; links, hours and addresses do not matter."""
    learned = [[d.key, d.name, d.description, d.examples, d.covers] for d in departments]
    return _digest(learned)


def data_fingerprint(
    departments: Sequence[Department], examples: Sequence[Example], precision: float, start: str, encoder: str = ""
) -> str:
    """Changes whenever a fit would learn something else."""
    taught = sorted((example_digest(example), example.weight) for example in examples)
    about = departments_fingerprint(departments)
    return _digest([FORMAT, about, taught, precision, start, starter.fingerprint(), encoder])


def example_digest(example: Example) -> str:
    """A short name for an example, that gives nothing of it away."""
    question = example.question
    told = [question.subject, question.text, example.department, str(example.source), str(example.at), example.sender]
    return _digest(told)[:16]


def learned(folder: Path, version: str) -> frozenset[str]:
    """The digests of the examples that a version was fitted on. Raises ModelError."""
    try:
        return frozenset((folder / version / LEARNED).read_text("ascii").split())
    except (OSError, ValueError) as error:
        raise ModelError(f"model {folder / version} does not say what it was fitted on ({error})") from error


def save(
    fitted: FittedClassifier,
    folder: Path,
    *,
    data: str = "",
    figures: Mapping[str, float] | None = None,
    examples: Sequence[Example] = (),
) -> Path:
    """Writes a new version and returns its folder. Until one is promoted, the newest one serves. Raises OSError."""
    packed = pack_classifier(fitted)
    about = {
        "departments": departments_fingerprint(fitted.departments),
        "data": data,
        "starter": starter.fingerprint() if packed.get("cover") is not None else "",
        "threshold": fitted.threshold,
        "regime": str(fitted.regime),
        "figures": dict(figures or {}),
        "encoder": "" if fitted.encoder is None else fitted.encoder.name,
    }
    while True:
        name = f"v{max(map(_number, versions(folder)), default=0) + 1:04d}"
        if _write(folder, name, packed, about, map(example_digest, examples)):
            return folder / name


def load(
    folder: Path, departments: Sequence[Department], version: str | None = None, encoder: Encoder | None = None
) -> FittedClassifier:
    """The version that serves (or the one named) for these departments. Raises ModelError, and why."""
    name = version or serving(folder)
    if name is None:
        raise ModelError(f"{folder} holds no model yet; run `mailbot train`")
    manifest = read_manifest(folder, name)
    if manifest.departments != departments_fingerprint(departments):
        raise ModelError(f"model {name} was fitted for other departments than the config has now; run `mailbot train`")
    if manifest.encoder != ("" if encoder is None else encoder.name):
        raise ModelError(f"model {name} was fitted with another [classify] encoder than the config has now")
    topic_model = load_topics(folder) if manifest.starter else None
    encoding = None
    if encoder is not None:
        encoding = Encoding(encoder, load_meant_topics(folder, encoder) if manifest.starter else None)
    packed = _read(folder, name)
    try:
        return replace(unpack_classifier(packed, departments, topic_model, encoding), version=name)
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"model {name} in {folder} does not hold what a model holds ({error})") from error


def add_card(place: Path, card: Mapping[str, str]) -> None:
    """Puts a card's files beside a model, for people to read. Raises OSError."""
    for name, text in card.items():
        (place / name).write_text(text, "utf-8")


def card(folder: Path, version: str) -> str:
    """The text of a version's card; "" where it has none."""
    try:
        return (folder / version / CARD).read_text("utf-8")
    except OSError:
        return ""


def versions(folder: Path) -> tuple[str, ...]:
    """The versions in a models folder, oldest first."""
    if not folder.is_dir():
        return ()
    return tuple(sorted((item.name for item in folder.iterdir() if re.fullmatch(r"v\d{4,}", item.name)), key=_number))


def serving(folder: Path) -> str | None:
    """The version that serves, or None. Without a promotion the newest one does."""
    return promoted(folder) or next(reversed(versions(folder)), None)


def history(folder: Path) -> tuple[str, ...]:
    """The versions that were promoted, in order, the last of which serves. Raises ModelError where the record of it
    can't be read.
    """
    try:
        found = json.loads((folder / SERVING).read_text("utf-8"))["history"]
    except FileNotFoundError:
        return ()
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{folder / SERVING} can't be read ({error}); promote a version again") from error
    return tuple(map(str, found))


def promoted(folder: Path) -> str | None:
    """The version that was promoted last, or None. Raises ModelError where the record of it can't be read."""
    found = history(folder)
    return found[-1] if found else None


def promote(folder: Path, version: str) -> None:
    """From now on this version serves; a running worker sees it between two messages. Raises ModelError."""
    read_manifest(folder, version)
    before = list(history(folder)) or ([previous] if (previous := serving(folder)) and previous != version else [])
    _replace(folder / SERVING, json.dumps({"history": [*before, version]}))


def rollback(folder: Path) -> str:
    """The version that served before serves again; returns which. Raises ModelError where there was none."""
    found = history(folder)
    if len(found) < 2:
        raise ModelError(f"in {folder} only one version has served so far; there is none to go back to")
    read_manifest(folder, found[-2])
    _replace(folder / SERVING, json.dumps({"history": found[:-1]}))
    return found[-2]


def topics_name() -> str:
    """The folder of the model of topics: of this collection, this format and this scikit-learn."""
    return f"topics-{starter.fingerprint()[:12]}-{FORMAT}-{installed('scikit-learn')}"


def save_topics(model: TopicModel, folder: Path) -> None:
    """Keeps the model of topics, which every version shares. Raises OSError."""
    _write(folder, topics_name(), pack_topics(model), {"starter": starter.fingerprint()})


def load_topics(folder: Path) -> TopicModel:
    """The model of topics. Raises ModelError."""
    read_manifest(folder, topics_name())
    try:
        return unpack_topics(_read(folder, topics_name()))
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"the model of topics in {folder} does not hold what it should ({error})") from error


def meant_topics_name(encoder: Encoder) -> str:
    """The folder of what the collection means to an encoder; beside the model of topics that it goes with."""
    return f"{topics_name()}-{encoder.name}"


def save_meant_topics(meant: MeantTopics, folder: Path) -> None:
    """Keeps what the collection means to an encoder, which every version shares. Raises OSError."""
    name = f"{topics_name()}-{meant.encoder}"
    _write(folder, name, pack_meant_topics(meant), {"starter": starter.fingerprint()})


def load_meant_topics(folder: Path, encoder: Encoder) -> MeantTopics:
    """What the collection means to this encoder. Raises ModelError."""
    name = meant_topics_name(encoder)
    read_manifest(folder, name)
    try:
        return unpack_meant_topics(_read(folder, name))
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{folder / name} does not hold what it should ({error})") from error


def read_manifest(folder: Path, version: str) -> Manifest:
    """A version's manifest, its model's hash checked. Raises ModelError."""
    place = folder / version
    try:
        table = json.loads((place / MANIFEST).read_text("utf-8"))
        manifest = Manifest(
            version,
            str(table["sha256"]),
            {str(k): str(v) for k, v in table["libraries"].items()},
            str(table.get("departments", "")),
            str(table.get("data", "")),
            str(table.get("starter", "")),
            float(table.get("threshold", 0.0)),
            str(table.get("regime", "")),
            {str(k): float(v) for k, v in table.get("figures", {}).items()},
            str(table.get("encoder", "")),
        )
        found = _hash(place / MODEL)
    except OSError as error:
        raise ModelError(f"model {place} can't be read: {error.strerror or error}") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(f"model {place} has a damaged manifest ({error})") from error
    _refuse_foreign(place, table, manifest, found)
    return manifest


def _refuse_foreign(place: Path, table: Mapping[str, object], manifest: Manifest, found: str) -> None:
    if found != manifest.sha256:
        raise ModelError(f"model {place} is not the one that was written: the hash of {MODEL} differs")
    if table.get("format") != FORMAT:
        raise ModelError(f"model {place} has format {table.get('format')}, this mailbot reads {FORMAT}; train again")
    made, here = manifest.libraries.get("scikit-learn"), installed("scikit-learn")
    if made != here:
        raise ModelError(f"model {place} was made by scikit-learn {made}, here is {here}; run `mailbot train`")


def _write(
    folder: Path, name: str, packed: Packed, about: Mapping[str, object], learned_from: Iterable[str] = ()
) -> bool:
    """Writes a folder under a hidden name and renames it; False where another process was faster."""
    draft = folder / f".{name}.{os.getpid()}.tmp"
    draft.mkdir(parents=True, exist_ok=True)
    np.savez(draft / MODEL, allow_pickle=False, **to_arrays(packed))
    table = {
        "format": FORMAT,
        "sha256": _hash(draft / MODEL),
        "libraries": {library: installed(library) for library in LIBRARIES},
        **about,
    }
    (draft / MANIFEST).write_text(json.dumps(table, indent=2, sort_keys=True) + "\n", "utf-8")
    (draft / LEARNED).write_text("".join(f"{digest}\n" for digest in learned_from), "ascii")
    for item in (draft / MODEL, draft / MANIFEST, draft / LEARNED):
        _flush(item)
    try:
        draft.rename(folder / name)
    except OSError:
        if (folder / name).is_dir():
            return False
        raise
    _flush(folder)
    return True


def _read(folder: Path, name: str) -> Packed:
    """What a model file holds; nothing but numbers, strings and arrays is trusted."""
    try:
        with (folder / name / MODEL).open("rb") as file, np.load(file, allow_pickle=False) as members:
            return from_arrays(dict(members))
    except (
        OSError,
        EOFError,
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise ModelError(f"model {folder / name} can't be used: {error}") from error


def _replace(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    draft.write_text(text + "\n", "utf-8")
    _flush(draft)
    draft.replace(path)
    _flush(path.parent)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _hash(path: Path) -> str:
    with path.open("rb") as handle:
        return file_digest(handle, "sha256").hexdigest()


def _number(version: str) -> int:
    return int(version.removeprefix("v"))


def _digest(value: object) -> str:
    return sha256(json.dumps(value, ensure_ascii=True, sort_keys=True).encode()).hexdigest()
