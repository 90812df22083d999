"""What the library's own mail server found out about a sender (RFC 8601, 7489), and when that speaks against them.

Owns the reading of Authentication-Results. Only the topmost field of a trusted server can speak for a sender: what
stands below may have been written by the sender, though a server should take its own name out of what comes from
outside (RFC 8601 section 5). Against a sender each field of that name speaks: nobody forges a failure of their own, and
many servers write one field a method. Never raises; reads each character a bounded number of times.
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
_NAMED_BY = {  # what names the domain of a result; an envelope without a sender is judged by its HELO (RFC 7208 2.4)
    "dmarc": ("header.from",),
    "spf": ("smtp.mailfrom", "smtp.helo"),
    "dkim": ("header.d", "header.i"),
}
_Lexeme = tuple[str, bool]  # a word, and whether it is one of ; and = as such


@dataclass(frozen=True, slots=True)
class Result:
    """What one method found: ``method`` and ``result`` in small letters, ``properties`` as "smtp.mailfrom"."""

    method: str
    result: str
    properties: Mapping[str, str]


def failing_check(message: Message, trusted: frozenset[str]) -> str:
    """Which check says that the mail is not from whom it names in From, as "dmarc=fail"; "" where none does.

    DMARC has the last word where it has one. Otherwise SPF or DKIM must pass for that domain as soon as either has
    failed or passed for another one: the rest is the sender's to choose, who may leave out a signature or point at a
    key that can't be fetched. Having no result, or none for the moment, is no failure by itself. ``trusted`` are the
    authserv-ids that count, in small letters.
    """
    domain = message.sender.domain if message.sender is not None else ""
    fields = list(_trusted_fields(message.raw, trusted)) if trusted and domain else []
    top = fields[0] if fields else ()
    if not any(_fails_dmarc(one) for one in top) and any(_vouches(one, domain) for one in top):
        return ""
    results = tuple(one for field in fields for one in field)
    if any(_fails_dmarc(one) for one in results):
        return "dmarc=fail"
    return ", ".join(filter(None, (_failing(results, method, domain) for method in _NAMED_BY)))


def is_vouched(message: Message, trusted: frozenset[str]) -> bool:
    """Whether a trusted server says that the mail is from whom it names in From, and no check of it says otherwise."""
    domain = message.sender.domain if message.sender is not None else ""
    top = next(_trusted_fields(message.raw, trusted), ()) if trusted and domain else ()
    return any(_vouches(one, domain) for one in top) and not failing_check(message, trusted)


def results_of(value: str) -> tuple[str, tuple[Result, ...]]:
    """The authserv-id (small letters, "" where there is none) of one field, and its results; what is no result is
    passed over.
    """
    clauses = list(_clauses(value))
    head = clauses[0] if clauses else []
    name = head[0][0].lower() if head and not head[0][1] else ""
    return name, tuple(result for clause in clauses[1:] if (result := _result(clause)) is not None)


def _trusted_fields(raw: bytes, trusted: frozenset[str]) -> Iterator[tuple[Result, ...]]:
    """The results of each trusted field, topmost first; of the raw fields, for an encoded word in one is a sender's,
    and must not become results.
    """
    for field in read_fields(raw, 0, len(raw), [], envelope=True)[0]:
        if field.name == "authentication-results":
            name, results = results_of(field.value)
            if name in trusted:
                yield results


def _fails_dmarc(one: Result) -> bool:
    return one.method == "dmarc" and one.result in _FAILED


def _vouches(one: Result, domain: str) -> bool:
    """Whether a check passed for the very domain that is read here: of two From fields a server may judge the other.
    A pass of SPF or DKIM, which look at other names than From's, counts only with the name it is for.
    """
    if one.result != "pass" or one.method not in _NAMED_BY:
        return False
    names_it = one.method == "dmarc" or any(key in one.properties for key in _NAMED_BY[one.method])
    return names_it and _is_for(one, domain)


def _failing(results: tuple[Result, ...], method: str, domain: str) -> str:
    """The method's failure for a domain in words, or "" where it had nothing to say."""
    told = [one for one in results if one.method == method]
    if failed := next((one for one in told if one.result in _FAILED), None):
        return f"{method}={failed.result}"
    strange = any(one.result == "pass" and not _is_for(one, domain) for one in told)
    return f"{method}=pass for another domain" if strange else ""


def _is_for(one: Result, domain: str) -> bool:
    """Whether a result is about a domain; for SPF and DKIM also one above or below it (RFC 7489 section 3.1, relaxed).
    Where it names none it is taken to be, but for an empty name (a null sender), which anybody may use.
    """
    values = [one.properties[key].strip("<>") for key in _NAMED_BY[one.method] if key in one.properties]
    named = next((value.lower().rpartition("@")[2].rstrip(".") for value in values if value), "" if values else domain)
    return named == domain or (one.method != "dmarc" and _aligned(named, domain))


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
