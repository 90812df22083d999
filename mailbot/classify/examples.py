"""What a classifier learns from: questions with the department that is right for them, and where that is known from.

Owns the value and how departments of the config become examples. Imports nothing heavy; pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mailbot.classify.prediction import Question
from mailbot.library import Department

NOBODY = "oos"
"""The label of a question that no department is there for (the contract's ``oos``)."""

WHOLE_DESCRIPTION, PHRASE = 1.0, 0.3


class Source(StrEnum):
    """Where a label comes from. Only a correction, a confirmation or an import was given by a person to a real mail."""

    DESCRIPTION = "description"
    STARTER = "starter"
    CONFIG = "config"
    IMPORT = "import"
    CORRECTION = "correction"
    CONFIRMATION = "confirmation"


@dataclass(frozen=True, slots=True)
class Example:
    """A question and the key of its department, or ``NOBODY``.

    ``sender`` (an address or any stable token) and ``at`` keep one sender or one day from outweighing the rest. ``id``
    is under which the store knows it, 0 where it doesn't; ``vector`` what an encoder makes of it (16-bit floats), b""
    where that has to be asked yet.
    """

    question: Question
    department: str
    source: Source = Source.CORRECTION
    at: datetime | None = None
    sender: str = ""
    weight: float = 1.0
    id: int = 0
    vector: bytes = b""

    @property
    def own(self) -> bool:
        """Whether this is real mail of the library itself: the only evidence of how well it is served."""
        return self.source in (Source.IMPORT, Source.CORRECTION, Source.CONFIRMATION)


def from_department(department: Department) -> Iterator[Example]:
    """What the config itself teaches: the description whole and in phrases, with the name; and the examples."""
    about = f"{department.name}. {department.description}"
    yield Example(Question("", about), department.key, Source.DESCRIPTION, weight=WHOLE_DESCRIPTION)
    for phrase in phrases(department.description):
        yield Example(Question("", phrase), department.key, Source.DESCRIPTION, weight=PHRASE)
    for text in department.examples:
        yield Example(Question("", text), department.key, Source.CONFIG)


def phrases(description: str) -> tuple[str, ...]:
    """A description's parts between commas, semicolons, colons and full stops."""
    parts = (part.strip() for part in re.split(r"[,;:.]\s|[.;]$|\n", description))
    return tuple(part for part in parts if part)
