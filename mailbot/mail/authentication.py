"""What the library's own mail server found out about a sender (RFC 8601, 7489), and when that speaks against them.

Owns the reading of Authentication-Results. Only the topmost field of a trusted server counts: what stands below may
have been written by the sender, and a server takes its own name out of what comes from outside (RFC 8601 section 5).
Never raises; reads each character a bounded number of times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mailbot.mail.message import Message
from mailbot.mail.mime import read_fields

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*+)"?', re.DOTALL)
_WORD = re.compile(r'[^\s"();=]+')
_IN_COMMENT = re.compile(r"\\.|[()]", re.DOTALL)
_FAILED = frozenset({"fail", "hardfail", "softfail"})
_Lexeme = tuple[str, bool]  # a word, and whether it is one of ; and = as such


@dataclass(frozen=True, slots=True)
class Result:
    """What one method found: ``method`` and ``result`` in small letters, ``properties`` as "smtp.mailfrom"."""

    method: str
    result: str
    properties: Mapping[str, str]


def failing_check(message: Message, trusted: frozenset[str]) -> str:
    """Which check says that the mail is not from whom it names in From, as "dmarc=fail"; "" where none does.

    DMARC has the last word where it has one. Otherwise SPF and DKIM must both fail for that domain: having no result,
    or none for the moment, is no failure. ``trusted`` are the authserv-ids that count, in small letters.
    """
    domain = message.sender.domain if message.sender is not None else ""
    results = _trusted_results(message.raw, trusted) if trusted and domain else ()
    if any(one.method == "dmarc" and one.result in _FAILED for one in results):
        return "dmarc=fail"
    if any(_passes_dmarc(one, domain) for one in results):
        return ""
    failed = [_failing(results, method, domain) for method in ("spf", "dkim")]
    return ", ".join(failed) if all(failed) else ""


def results_of(value: str) -> tuple[str, tuple[Result, ...]]:
    """The authserv-id (small letters, "" where there is none) of one field, and its results; what is no result is
    passed over.
    """
    clauses = list(_clauses(value))
    head = clauses[0] if clauses else []
    name = head[0][0].lower() if head and not head[0][1] else ""
    return name, tuple(result for clause in clauses[1:] if (result := _result(clause)) is not None)


def _trusted_results(raw: bytes, trusted: frozenset[str]) -> tuple[Result, ...]:
    """Of the raw field: an encoded word in it is a sender's, and must not become results."""
    for field in read_fields(raw, 0, len(raw), [], envelope=True)[0]:
        if field.name == "authentication-results":
            name, results = results_of(field.value)
            if name in trusted:
                return results
    return ()


def _passes_dmarc(one: Result, domain: str) -> bool:
    """Whether DMARC passed, for the very domain that is read here: of two From fields a server may judge the other."""
    judged = one.properties.get("header.from", domain).lower().rpartition("@")[2]
    return one.method == "dmarc" and one.result == "pass" and judged == domain


def _failing(results: tuple[Result, ...], method: str, domain: str) -> str:
    """The method's failure for a domain in words, or "" where it passed or had nothing to say."""
    told = [one for one in results if one.method == method]
    if any(one.result == "pass" and _is_for(one, domain) for one in told):
        return ""
    failed = next((one for one in told if one.result in _FAILED or one.result == "pass"), None)
    if failed is None:
        return ""
    return f"{method}={failed.result}" if failed.result in _FAILED else f"{method}=pass for another domain"


def _is_for(one: Result, domain: str) -> bool:
    """Whether a result is about a domain, or one above or below it (RFC 7489 section 3.1, relaxed); where it names none
    it is taken to be.
    """
    named = [one.properties[key] for key in ("smtp.mailfrom", "header.d", "header.i") if key in one.properties]
    return not named or any(_aligned(value.lower().rpartition("@")[2].rstrip("."), domain) for value in named)


def _aligned(one: str, other: str) -> bool:
    above, below = sorted((one, other), key=len)
    return one == other or ("." in above and below.endswith(f".{above}"))


def _result(clause: list[_Lexeme]) -> Result | None:
    """``method [/version] = result`` and its properties."""
    pairs = list(_pairs(clause))
    if not pairs or clause[1:2] != [("=", True)]:
        return None
    (method, result), *rest = pairs
    return Result(method.partition("/")[0], result.lower(), dict(rest))


def _pairs(clause: list[_Lexeme]) -> Iterator[tuple[str, str]]:
    for at in range(1, len(clause) - 1):
        (name, special), (value, value_special) = clause[at - 1], clause[at + 1]
        if clause[at] == ("=", True) and not special and not value_special:
            yield name.lower(), value


def _clauses(value: str) -> Iterator[list[_Lexeme]]:
    """The parts between semicolons, word by word, without comments (RFC 5322 section 3.2.2)."""
    clause: list[_Lexeme] = []
    at = 0
    while at < len(value):
        sign = value[at]
        if sign == "(":
            at = _comment_end(value, at)
        elif (quoted := _QUOTED.match(value, at)) is not None:
            clause.append((re.sub(r"\\(.)", r"\1", quoted[1]), False))
            at = quoted.end()
        elif (word := _WORD.match(value, at)) is not None:
            clause.append((word[0], False))
            at = word.end()
        else:
            at += 1
            if sign == ";":
                yield clause
                clause = []
            elif sign == "=":
                clause.append(("=", True))
    yield clause


def _comment_end(value: str, at: int) -> int:
    """Past the comment that begins here; one that is never closed goes on to the end."""
    depth = 0
    for mark in _IN_COMMENT.finditer(value, at):
        depth += {"(": 1, ")": -1}.get(mark[0], 0)
        if depth == 0:
            return mark.end()
    return len(value)
