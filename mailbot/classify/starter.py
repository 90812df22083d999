"""The starter collection: what people write to libraries, by topic (``starter/topics.toml``, ``starter/part-*.jsonl``).

Owns reading it from the package. Each topic is written in two parts by different hands; ``half`` says in which, since
a model is only honestly tried on a hand it has not seen.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

from mailbot.classify.prediction import Question

ASTRAY = "not-for-a-library"
"""The topic of mail that is meant for somebody else: no department of any library covers it."""

SECOND_HALF = 7
"""The number of the first part of the second half."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a part of the mail is about. ``usually``: names that departments covering it tend to have."""

    key: str
    name: str
    description: str
    usually: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StarterMessage:
    """One message of the collection. ``half`` is 0 or 1."""

    topic: str
    question: Question
    half: int


@cache
def topics() -> tuple[Topic, ...]:
    """Every topic, in the order of the file."""
    tables = tomllib.loads(_folder().joinpath("topics.toml").read_text("utf-8"))
    return tuple(
        Topic(key, str(table["name"]), str(table["description"]), tuple(map(str, table["usually"])))
        for key, table in tables.items()
    )


def messages() -> tuple[StarterMessage, ...]:
    """Every message of the collection, part by part."""
    return tuple(_message(line, half=int(number >= SECOND_HALF)) for number, part in _parts() for line in _lines(part))


@cache
def fingerprint() -> str:
    """Changes whenever a message or a topic does."""
    digest = sha256(_folder().joinpath("topics.toml").read_bytes())
    for _, part in _parts():
        digest.update(part.read_bytes())
    return digest.hexdigest()


def _message(line: str, half: int) -> StarterMessage:
    row = json.loads(line)
    question = Question(str(row["subject"]), str(row["text"]), language=str(row["language"]))
    return StarterMessage(str(row["topic"]), question, half)


def _lines(part: Traversable) -> list[str]:
    return [line for line in part.read_text("utf-8").split("\n") if line.strip()]


def _parts() -> list[tuple[int, Traversable]]:
    numbered = ((re.fullmatch(r"part-(\d+)\.jsonl", item.name), item) for item in _folder().iterdir())
    return sorted(((int(match[1]), item) for match, item in numbered if match), key=lambda pair: pair[0])


def _folder() -> Traversable:
    return files("mailbot.classify").joinpath("starter")
