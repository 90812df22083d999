"""The starter collection: what people write to libraries, by topic (``starter/topics.toml``, ``starter/part-*.jsonl``).

Owns reading it from the package. Each topic is written by many hands that did not know of each other; ``hand`` says by
which, since a model is only honestly tried on a hand it has not seen.
"""

from __future__ import annotations

import json
import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

from mailbot.classify.prediction import Question

ASTRAY = "not-for-a-library"
"""The topic of mail that is meant for somebody else: no department of any library covers it."""

FIRST_PARTS = (1, 7, 13, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29)
"""The number of the first part of each hand."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a part of the mail is about.

    ``usually``: names that departments covering it tend to have, most typical first; ``words``: how library pages say
    that a department does this.
    """

    key: str
    name: str
    description: str
    usually: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StarterMessage:
    """One message of the collection. ``hand`` counts from 0."""

    topic: str
    question: Question
    hand: int


@cache
def topics() -> tuple[Topic, ...]:
    """Every topic, in the order of the file."""
    tables = tomllib.loads(_folder().joinpath("topics.toml").read_text("utf-8"))
    return tuple(
        Topic(
            key,
            str(table["name"]),
            str(table["description"]),
            tuple(map(str, table["usually"])),
            tuple(map(str, table["words"])),
        )
        for key, table in tables.items()
    )


def messages() -> tuple[StarterMessage, ...]:
    """Every message of the collection, part by part."""
    return tuple(
        _message(line, bisect_right(FIRST_PARTS, number) - 1) for number, part in _parts() for line in _lines(part)
    )


@cache
def fingerprint() -> str:
    """Changes whenever a message or a topic does."""
    digest = sha256(_folder().joinpath("topics.toml").read_bytes())
    for _, part in _parts():
        digest.update(part.read_bytes())
    return digest.hexdigest()


def _message(line: str, hand: int) -> StarterMessage:
    row = json.loads(line)
    question = Question(str(row["subject"]), str(row["text"]), language=str(row["language"]))
    return StarterMessage(str(row["topic"]), question, hand)


def _lines(part: Traversable) -> list[str]:
    return [line for line in part.read_text("utf-8").split("\n") if line.strip()]


def _parts() -> list[tuple[int, Traversable]]:
    numbered = ((re.fullmatch(r"part-(\d+)\.jsonl", item.name), item) for item in _folder().iterdir())
    return sorted(((int(match[1]), item) for match, item in numbered if match), key=lambda pair: pair[0])


def _folder() -> Traversable:
    return files("mailbot.classify").joinpath("starter")
