"""The one text path: what a model sees of a message, in training and in prediction alike.

Owns tokens and their forms: case and accents folded, numbers masked, URLs as host and path words, scripts
without word spaces as single characters. Each token keeps its place in the text, so that reasons can quote
the patron's own words. Pure; knows no model.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mailbot.classify.prediction import Question

LONGEST_TEXT = 12_000
"""Characters that are looked at: nobody describes a question at greater length, but logs get pasted."""

LONGEST_TOKEN = 40
"""Characters of a token that count; what is longer is a key, a hash or an attack."""

_URL = r"(?:https?://|www\.)[^\s<>\"']+"
_EMAIL = r"[\w.+-]+@[\w-]+\.[\w.-]+"
_WORD = r"[^\W_]+(?:['\u2019][^\W_]+)*"
_TOKEN = re.compile(f"(?P<url>{_URL})|(?P<email>{_EMAIL})|{_WORD}", re.IGNORECASE)
_PIECE = re.compile(_WORD)
_LINK = re.compile(_URL, re.IGNORECASE)
_UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")

MASKED_EMAIL = "<email>"
MASKED_YEAR = "<year>"
MASKED_NUMBER = "<number>"
MASKED_SMALL = "<small>"


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text and its tokens: ``forms[i]`` is what the model sees of ``text[starts[i]:ends[i]]``."""

    text: str
    forms: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def spelt(tokens: Tokens, which: Iterable[int]) -> str:
    """The words of these of the tokens, as they stand in the text, with single blanks between them."""
    return " ".join(tokens.text[tokens.starts[i] : tokens.ends[i]] for i in which)


def part(tokens: Tokens, first: int, end: int) -> Tokens:
    """The tokens from ``first`` to before ``end``."""
    return Tokens(tokens.text, tokens.forms[first:end], tokens.starts[first:end], tokens.ends[first:end])


def compose(question: Question) -> str:
    """Subject and new text as one text, cut to ``LONGEST_TEXT``."""
    subject, text = question.subject.strip(), question.text.strip()
    whole = f"{subject}\n{text}" if subject else text
    return whole[:LONGEST_TEXT]


def tokenise(text: str) -> Tokens:
    """The tokens of a text, in order. Any text will do; there may be none."""
    found = list(_tokens(text))
    return Tokens(
        text,
        tuple(form for form, _, _ in found),
        tuple(start for _, start, _ in found),
        tuple(end for _, _, end in found),
    )


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _TOKEN.finditer(text):
        token, start = match.group(), match.start()
        if match.lastgroup == "email":
            yield MASKED_EMAIL, start, match.end()
        elif match.lastgroup == "url":
            yield from _url_tokens(token, start)
        elif token.isascii() or not _UNSPACED.search(token):
            yield form(token), start, match.end()
        else:
            yield from _unspaced_tokens(token, start)


def _url_tokens(url: str, at: int) -> Iterator[tuple[str, int, int]]:
    """The host as one token (without ``www.``), then the words of the path; the query is nobody's question."""
    bare = url.split("?", 1)[0].split("#", 1)[0]
    scheme = bare.find("://")
    begin = scheme + 3 if scheme >= 0 else 0
    slash = bare.find("/", begin)
    host_end = slash if slash >= 0 else len(bare)
    host = bare[begin:host_end].lower().removeprefix("www.").rstrip(".,;:)")
    if host:
        yield host[:LONGEST_TOKEN], at, at + host_end
    for piece in _PIECE.finditer(bare, host_end):
        yield form(piece.group()), at + piece.start(), at + piece.end()


def _unspaced_tokens(token: str, at: int) -> Iterator[tuple[str, int, int]]:
    """Characters of scripts that write no spaces one by one; what stands between them as words."""
    end = 0
    for match in _UNSPACED.finditer(token):
        if match.start() > end:
            yield form(token[end : match.start()]), at + end, at + match.start()
        yield match.group(), at + match.start(), at + match.end()
        end = match.end()
    if end < len(token):
        yield form(token[end:]), at + end, at + len(token)


def form(token: str) -> str:
    """A word as the model sees it: lower case, no accents, numbers masked."""
    folded = token[:LONGEST_TOKEN].lower()
    if not folded.isascii():
        folded = _without_accents(folded)
    return folded if folded.isalpha() else _masked(folded)


def links_in(text: str) -> tuple[str, ...]:
    """The URLs of a plain text, in order, each once, without the punctuation that follows them."""
    return tuple(dict.fromkeys(match.group().rstrip(".,;:!?)>]") for match in _LINK.finditer(text)))


def is_mask(form: str) -> bool:
    """Whether this stands for a number or an address that the model does not see."""
    return form.startswith("<")


def is_unspaced(form: str) -> bool:
    """Whether this is a single character of a script without word spaces."""
    return len(form) == 1 and not form.isascii() and _UNSPACED.match(form) is not None


def _without_accents(token: str) -> str:
    decomposed = unicodedata.normalize("NFKD", token.replace("\u2019", "'"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower() or token


def _masked(token: str) -> str:
    """Numbers say little and may be private; a year, a small number and a name such as ``3d`` or ``mp3`` stay apart."""
    digits = sum(c.isdigit() for c in token)
    if not digits:
        return token
    if digits < len(token):
        return token if digits == 1 else re.sub(r"\d", "0", token)
    if _YEAR.fullmatch(token):
        return MASKED_YEAR
    return MASKED_SMALL if digits <= 2 else MASKED_NUMBER
