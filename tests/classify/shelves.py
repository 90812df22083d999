"""A small library for the classifier's tests, and messages to it."""

from collections.abc import Sequence

from mailbot.classify import Example, Question, fit
from mailbot.classify.fitted import FittedClassifier
from mailbot.library import Department

CIRCULATION = Department(
    "circulation",
    "Circulation",
    "circulation@riverbend.example",
    "Library cards and PINs, borrowing, renewals, holds and pickup, due dates, overdue notices, fees.",
    examples=("My card expired, can I renew it without coming in?", "Please cancel my hold, I bought the book."),
    links=("riverbend.example/account*",),
)
SPECIAL = Department(
    "special-collections",
    "Special Collections",
    "special@riverbend.example",
    "Local history and genealogy, photographs, maps, manuscripts, rare books, orchestral parts.",
    examples=("Do you have photographs of the 1951 flood?", "I want to see the mayor's letters."),
    links=("riverbend.example/blog/performing-editions*", "history.riverbend.example/*"),
)
REFERENCE = Department(
    "reference",
    "Reference",
    "reference@riverbend.example",
    "Research help and facts: finding information, databases, legal and medical sources, citations.",
    links=("*.ebsco.com/*", "riverbend.example/blog*"),
    addresses=("ask-a-librarian@*",),
    triage=True,
)
DEPARTMENTS = (CIRCULATION, SPECIAL, REFERENCE)


def asks(text: str, *, subject: str = "", links: tuple[str, ...] = (), addresses: tuple[str, ...] = ()) -> Question:
    return Question(subject, text, links=links, addresses=addresses)


def plain(
    departments: Sequence[Department], examples: Sequence[Example] = (), *, start: str = "guess"
) -> FittedClassifier:
    """Without the starter collection: what the library's own texts say, and nothing else."""
    return fit(departments, examples=examples, start=start, starter=False)
