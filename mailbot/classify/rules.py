"""Link and address rules of the config: what decides before any model is asked.

Owns how a pattern (``fnmatch``) meets a link or an address. Pure; knows no model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from mailbot.classify.prediction import Question
from mailbot.library import Department


@dataclass(frozen=True, slots=True)
class RuleHit:
    """A rule that decides: the department's key, the pattern, and the link or address as it stands in the message."""

    department: str
    pattern: str
    matched: str


def rule_for(question: Question, departments: Iterable[Department]) -> RuleHit | None:
    """The rule that decides this message, or None.

    Links come before addresses, being the patron's own words. Where patterns of several departments match,
    the most specific one (most literal characters) wins; two that are equally specific decide nothing.
    """
    known = tuple(departments)
    return _decisive(_link_hits(question, known)) or _decisive(_address_hits(question, known))


def bare_link(link: str) -> str:
    """A link without scheme, ``www.`` and fragment, its host in lower case: what patterns are compared with."""
    rest = link.strip().partition("://")[2] or link.strip()
    rest = rest.partition("#")[0]
    slash = rest.find("/")
    host, path = (rest, "") if slash < 0 else (rest[:slash], rest[slash:])
    host = host.rpartition("@")[2].lower().removeprefix("www.")
    return host + path.rstrip(".,;:)>\"'")


def _link_hits(question: Question, departments: Sequence[Department]) -> Iterator[RuleHit]:
    for link in question.links:
        bare = bare_link(link)
        for department in departments:
            for pattern in department.links:
                if _matches(bare, bare_link(pattern)):
                    yield RuleHit(department.key, pattern, link)


def _address_hits(question: Question, departments: Sequence[Department]) -> Iterator[RuleHit]:
    for address in question.addresses:
        for department in departments:
            for pattern in department.addresses:
                if fnmatchcase(address.lower(), pattern.lower()):
                    yield RuleHit(department.key, pattern, address)


def _matches(link: str, pattern: str) -> bool:
    """Whether the pattern covers the link; a query or a closing slash that the pattern doesn't name is no matter."""
    plain = link.partition("?")[0]
    forms = {link, plain, plain.rstrip("/"), plain if "/" in plain else plain + "/"}
    return any(fnmatchcase(form, pattern) for form in forms)


def _decisive(hits: Iterable[RuleHit]) -> RuleHit | None:
    found = sorted(hits, key=lambda hit: -_specificity(hit.pattern))
    if not found:
        return None
    best = _specificity(found[0].pattern)
    rivals = {hit.department for hit in found if _specificity(hit.pattern) == best}
    return found[0] if len(rivals) == 1 else None


def _specificity(pattern: str) -> int:
    return sum(c not in "*?[]" for c in bare_link(pattern))
