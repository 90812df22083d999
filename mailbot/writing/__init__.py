"""What mailbot says: letters, from what is on record to words to bytes.

``Writer`` turns an order and its scene into a ``Letter``, ``compose`` a letter into the bytes of a mail. The words are
in ``mailbot/templates``. Reaches no network, database or clock.
"""

from __future__ import annotations

from mailbot.writing.alarm import grave_in
from mailbot.writing.compose import compose
from mailbot.writing.mirror import delicate, grave, request_of, urgent
from mailbot.writing.notes import asked_in
from mailbot.writing.plan import is_delicate, named_in
from mailbot.writing.writer import Writer

__all__ = [
    "Writer", "asked_in", "compose", "delicate", "grave", "grave_in", "is_delicate", "named_in", "request_of", "urgent",
]  # fmt: skip
