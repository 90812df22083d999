"""The mail of the demo: sample patrons, two machines, and the *Performing Editions* story, as raw messages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from mailbot.samples import raw

ASK = "ask@riverbend.example"
PAT = ("Pat Ron", "pat.ron@example.com")
DAN = ("Dan Whitlock", "dan.whitlock@riverbend.example")
NOOR = ("Noor Haddad", "noor.haddad@riverbend.example")

FIRST_MAIL = """\
Dear Mr. Whitlock,

we spoke for a moment after the chamber concert in January. Could you send me a list of your musical scores?
I play in a small orchestra and we are putting together our spring program.

With kind regards,
Pat Ron
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One mail of the story: what happens, who writes, and which letter (`X-Mailbot-Letter`, to whom) it answers."""

    what: str
    writer: tuple[str, str]
    to: str
    cc: str
    answers: tuple[str, str] | None
    text: str
    subject: str = "Re: Musical scores"


def story(first: datetime) -> tuple[Step, ...]:
    """A question reaches the wrong person, changes its meaning, and is decided by a link."""
    forwarded = (
        "Can somebody take this? Not my patch, I only book the players.\nDan\n\n"
        "---------- Forwarded message ---------\n"
        f"From: {PAT[0]} <{PAT[1]}>\nDate: {first:%a, %b %d, %Y} at {first:%I:%M %p}\n"
        f"Subject: Musical scores\nTo: {DAN[0]} <{DAN[1]}>\n\n{FIRST_MAIL}"
    )
    return (
        Step(
            "Pat wrote to Dan, whom she happens to know; Dan passes her mail on to the shared mailbox",
            DAN,
            ASK,
            "",
            None,
            forwarded,
            "Fwd: Musical scores",
        ),
        Step(
            "Pat corrects herself: not scores, orchestral parts",
            PAT,
            ASK,
            "",
            ("acknowledgement", PAT[1]),
            "I'm sorry, I used the wrong word. Not scores: what I mean are orchestral parts, one for each "
            "player's stand.\n",
        ),
        Step(
            "Pat sends a link, and the link decides",
            PAT,
            ASK,
            "",
            ("update", PAT[1]),
            "I have found the page I remembered. It is this collection that I mean:\n"
            "https://riverbend.example/blog/performing-editions-come-home\nIs there a list of what is in it?\n",
        ),
        Step(
            "Noor in Special Collections answers Pat, with the mailbox on copy",
            NOOR,
            PAT[1],
            ASK,
            ("forward", "special@riverbend.example"),
            "Dear Ms. Ron,\nthe list is attached: 512 sets, with the instruments and the number of string parts for "
            "each. If you tell me your dates I can put a set aside.\nNoor Haddad, Special Collections\n",
        ),
        Step(
            "Pat says thank you: no robot answers, the people who helped get to read it",
            PAT,
            NOOR[1],
            ASK,
            None,
            "That is exactly what I was hoping for. Thank you, and please thank Mr. Whitlock and the people at the "
            "first desk too.\nPat Ron\n",
        ),
    )


def letters_of_a_morning(now: datetime) -> Iterator[bytes]:
    """What lies in the mailbox: patrons' questions, a thank-you, a swindle, a newsletter, an absence note."""
    for number, line in enumerate(files("mailbot.demo").joinpath("sample.jsonl").read_text("utf-8").splitlines()):
        row = json.loads(line)
        writer = (row["from_name"], row["from_address"])
        yield raw(writer, row["to"], row["subject"], row["text"], f"sample-{number}", now)
    yield raw(
        ("Cressida Vane", "cvane@example.org"),
        ASK,
        "Automatic reply: Your hold is ready",
        "I am away until Monday and will read your message then.\n",
        "away",
        now,
        {"Auto-Submitted": "auto-replied"},
    )
    yield raw(
        ("Shelf Life Weekly", "news@shelflife.example"),
        ASK,
        "Ten new ways to label a shelf",
        "This week: spine labels that stay on.\n",
        "newsletter",
        now,
        {"List-Id": "<weekly.shelflife.example>", "Precedence": "bulk"},
    )
