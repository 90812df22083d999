"""What mailbot writes to its log: a closed list of events with named fields, never a body, never a secret."""

from __future__ import annotations

import logging
from enum import StrEnum

from mailbot.masks import masked_for_log

LOGGER = logging.getLogger("mailbot")


class Event(StrEnum):
    """Everything that can be logged. Each line is the event's name, then its fields as ``key=value``."""

    WORKER_STARTED = "worker-started"
    WORKER_STOPPED = "worker-stopped"
    MAILBOX_OPENED = "mailbox-opened"
    MAILBOX_FAILED = "mailbox-failed"
    MAILBOX_UNREAD = "mailbox-unread"
    MAILBOX_CROWDED = "mailbox-crowded"
    MESSAGES_KEPT = "messages-kept"
    MESSAGE_DECIDED = "message-decided"
    MESSAGE_FAILED = "message-failed"
    MESSAGE_SET_ASIDE = "message-set-aside"
    MESSAGES_FILED = "messages-filed"
    CASE_REROUTED = "case-rerouted"
    MOVE_FAILED = "move-failed"
    LETTER_SENT = "letter-sent"
    LETTER_POSTPONED = "letter-postponed"
    LETTER_FAILED = "letter-failed"
    LETTERS_RESUMED = "letters-resumed"
    CASE_REMINDED = "case-reminded"
    DIGEST_WRITTEN = "digest-written"
    DIGEST_FAILED = "digest-failed"
    REMINDER_FAILED = "reminder-failed"
    SERVER_FAILED = "server-failed"
    STORE_FAILED = "store-failed"
    MODEL_FAILED = "model-failed"
    MODEL_RENEWED = "model-renewed"
    MODEL_TRAINED = "model-trained"
    MODEL_RESTRAINED = "model-restrained"
    PURGED = "purged"
    FORGOTTEN = "forgotten"
    PAST_BROUGHT = "past-brought"


LEVELS = {
    Event.MESSAGE_FAILED: logging.WARNING,
    Event.LETTER_POSTPONED: logging.WARNING,
    Event.MAILBOX_FAILED: logging.WARNING,
    Event.MAILBOX_UNREAD: logging.WARNING,
    Event.MAILBOX_CROWDED: logging.ERROR,
    Event.SERVER_FAILED: logging.WARNING,
    Event.MESSAGE_SET_ASIDE: logging.ERROR,
    Event.LETTER_FAILED: logging.ERROR,
    Event.REMINDER_FAILED: logging.ERROR,
    Event.DIGEST_FAILED: logging.ERROR,
    Event.MOVE_FAILED: logging.ERROR,
    Event.STORE_FAILED: logging.ERROR,
    Event.MODEL_FAILED: logging.ERROR,
    Event.MODEL_RESTRAINED: logging.WARNING,
    Event.MESSAGE_DECIDED: logging.DEBUG,
    Event.LETTER_SENT: logging.DEBUG,
}


def note(event: Event, **fields: str | float | None) -> None:
    """Logs an event. Values are quoted so that a line from outside can't forge another, and errors masked: servers and
    libraries like to repeat what they did not like.
    """
    level = LEVELS.get(event, logging.INFO)
    if isinstance(error := fields.get("error"), str):
        fields["error"] = masked_for_log(error)
    if LOGGER.isEnabledFor(level):
        LOGGER.log(level, "%s %s", event.value, " ".join(f"{key}={value!r}" for key, value in fields.items()))
