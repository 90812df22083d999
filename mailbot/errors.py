"""The errors of mailbot; each class says what its catcher does differently.

An error's message is written for the person who has to act on it: what is wrong, where, and how to
mend it. Where none is given, the first line of the class's docstring stands in for it.
"""

from __future__ import annotations

import os
from traceback import walk_tb


class MailbotError(Exception):
    """Something went wrong that a person has to know of."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])


class ConfigError(MailbotError):
    """The configuration has a mistake; the command ends, a person edits the named file."""


class StoreError(MailbotError):
    """The database cannot be used just now; nothing was changed, the next run tries again."""


class ConstraintBroken(MailbotError):
    """The database refuses one record; the message that caused it is set aside, the others go on."""


class Overtaken(MailbotError):
    """Somebody else has changed the case meanwhile; look at it again, then decide anew."""


class ModelError(MailbotError):
    """A stored model is not fit to use; the last good one serves, or triage does."""


class Unreachable(MailbotError):
    """A server does not answer; connect again later, nothing is lost by waiting."""


class Refused(MailbotError):
    """A server answers and says no (login, folder, certificate); a person must mend it."""


class DeliveryFailure(MailbotError):
    """An SMTP server did not take a letter.

    ``permanent`` is the edge's verdict (RFC 5321 section 4.2.1: 5yz against 4yz); ``code`` is the reply
    code, or None where the connection broke before one came.
    """

    def __init__(self, message: str, *, permanent: bool, code: int | None = None) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.code = code


def named(error: Exception) -> str:
    """An unforeseen failure in one line, for the log and for whoever reads it there: what kind it is, and where.

    Words are repeated where they are our own or the system's alone: a library's may quote the mail that it failed at.
    """
    kind = type(error).__name__
    if isinstance(error, MailbotError):
        return f"{kind}: {error}"
    if isinstance(error, OSError) and error.errno is not None and error.strerror == os.strerror(error.errno):
        kind = f"{kind} ({error.strerror})"
    steps = [(frame.f_globals.get("__name__", ""), line) for frame, line in walk_tb(error.__traceback__)]
    ours = [f"{kind} in {module}, line {line}" for module, line in steps if module.startswith("mailbot.")]
    return ours[-1] if ours else kind
