"""What staff are told of a letter to the patron that no mail server took: a fact, as in ``facts``."""

from __future__ import annotations

from dataclasses import dataclass

from mailbot.writing.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered(Fact):
    """Our letter to the patron never left. ``failure`` is why, as the server said it; ``answer``: it was a colleague's
    answer, to be sent on.
    """

    patron: str
    address: str
    failure: str
    answer: bool = False

    @property
    def variant(self) -> str:
        return "answer" if self.answer else ""
