"""The two pages there are: letters to read through, and a rehearsal. Owns what they say of themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mailbot.library import Library
from mailbot.page.html import Page
from mailbot.page.shown import Shown, of_preview
from mailbot.preview import Preview

UNDONE = "Nothing was sent, and nothing was changed in the mailbox."


def letters_page(previews: Sequence[Preview], library: Library, now: datetime, *, sample: bool) -> Page:
    """The letters for messages that are judged as if each had come just now. ``sample``: they are nobody's own."""
    what = "sample mails, which nobody sent" if sample else "the messages that were named"
    return Page(
        title="Letters to read through",
        about=(
            f"What the mail assistant would write today about {len(previews)} {what}. Nothing was sent.",
            "Each is judged as if it had been the first one ever.",
            "Beside each paragraph stands where its facts come from.",
        ),
        library=library,
        shown=tuple(of_preview(one, library, now) for one in previews),
        unfolded=True,
        private=not sample,
    )


def rehearsal_page(shown: Sequence[Shown], library: Library, since: datetime | None) -> Page:
    """A rehearsal of the mail since then (aware), or of files."""
    return Page(
        title="Rehearsal",
        about=(
            f"What the mail assistant would have done with {_how_many(shown, library, since)}. {UNDONE}",
            "Each message was judged at its own time. What follows when time passes, such as reminders, is left out.",
            "Open a message to read the letters that would have left.",
        ),
        library=library,
        shown=tuple(shown),
    )


def _how_many(shown: Sequence[Shown], library: Library, since: datetime | None) -> str:
    span = [one.at.astimezone(library.timezone) for one in shown]
    if not span:
        return "no messages" if since is None else f"no messages since {since.astimezone(library.timezone):%d %B %Y}"
    first, last = f"{min(span):%d %B %Y}", f"{max(span):%d %B %Y}"
    messages = "one message" if len(span) == 1 else f"{len(span)} messages"
    return f"{messages} of {first}" if first == last else f"{messages} from {first} to {last}"
