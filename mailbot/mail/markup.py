"""HTML to the text that a reader sees, quotes marked with ``>``, and to the links behind the words.

Owns the rendering. One pass over the tags, no tree: linear in time whatever is unclosed or nested.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

MAX_CHARACTERS = 2_000_000
_MAX_QUOTES = 30

_TAG = re.compile(r"<!--|<(/?)([a-zA-Z][\w:-]{0,40})([^<>]*)>|<[!?][^<>]*>")
_SPACE = re.compile(r"[ \t\r\n\f\u200b\u00a0]+")
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
_ALT = re.compile(r"""\balt\s*=\s*["']([^"']{1,80})["']""", re.I)

_SKIPPED = frozenset({"head", "title", "style", "script", "xml", "noscript", "template", "svg", "select", "button"})
_BLOCK = frozenset({
    "div", "tr", "table", "ul", "ol", "dl", "dt", "dd", "section", "article", "header", "footer", "main", "address",
    "center", "form", "fieldset", "figure", "tbody", "thead", "aside", "nav", "body", "html",
})  # fmt: skip
_PARAGRAPH = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"})
RULE = "_" * 32


@dataclass(slots=True)
class _Page:
    """What has been rendered so far."""

    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    spelled_out: bool = False
    quotes: int = 0
    verbatim: int = 0
    gap: int = -1
    """The quote depth of the blank line that is due before the next line, -1 where none is."""

    def text(self, text: str) -> None:
        if "&" in text:
            text = unescape(text)
        if self.verbatim:
            head, *rest = text.split("\n")
            self.line.append(head)
            for line in rest:
                self.end_line()
                self.line.append(line)
            return
        text = _SPACE.sub(" ", text)
        if text != " " or self.line:
            self.line.append(text)

    def end_line(self) -> None:
        text = "".join(self.line)
        self.line.clear()
        text = text.rstrip() if self.verbatim else _SPACE.sub(" ", text).strip()
        quotes = min(self.quotes, _MAX_QUOTES)
        if self.gap >= 0 and self.lines and self.lines[-1].strip("> "):
            self.lines.append(">" * min(self.gap, quotes))
        self.gap = -1
        self.lines.append((">" * quotes + " " + text).rstrip() if quotes else text)

    def block(self) -> None:
        if self.line and any(not piece.isspace() for piece in self.line):
            self.end_line()
        self.line.clear()

    def rule(self) -> None:
        self.block()
        self.line.append(RULE)
        self.end_line()

    def paragraph(self) -> None:
        self.block()
        depth = min(self.quotes, _MAX_QUOTES)
        self.gap = min(self.gap, depth) if self.gap >= 0 else depth


def render(html: str, *, spelled_out: bool = False) -> tuple[str, tuple[str, ...]]:
    """(text, links): the page as lines of text, and the http(s) addresses behind its links, in order.

    ``spelled_out`` writes each address into the text, too, before the words that it stands behind.
    """
    html = html[:MAX_CHARACTERS]
    page = _Page(spelled_out=spelled_out)
    at = 0
    skipping = ""
    length = len(html)
    unclosed_comment = False
    ends: dict[str, int] = {}
    while at < length:
        match = _TAG.search(html, at)
        if match is None:
            break
        if not skipping and match.start() > at:
            page.text(html[at : match.start()])
        at = match.end()
        name = (match[2] or "").lower()
        if match[0] == "<!--":
            stop = -1 if unclosed_comment else html.find("-->", at)
            unclosed_comment = unclosed_comment or stop < 0
            at = stop + 3 if stop >= 0 else at
        elif skipping:
            over = (match[1] and name == skipping) or (skipping == "head" and name == "body")
            skipping = "" if over else skipping
        elif name in _SKIPPED and not match[1] and not match[3].endswith("/"):
            skipping = name if _last_end(html, name, ends) > at else ""
        elif name:
            _tag(page, name, bool(match[1]), match[3])
    if not skipping and at < length:
        page.text(html[at:])
    page.block()
    return "\n".join(page.lines).strip("\n"), tuple(dict.fromkeys(page.links))


def _last_end(html: str, name: str, ends: dict[str, int]) -> int:
    """Where the last closing tag of that name stands; each name is looked for once."""
    if name not in ends:
        ends[name] = max((match.start() for match in re.finditer(rf"</{name}\b", html, re.I)), default=-1)
    return ends[name]


def _tag(page: _Page, name: str, closing: bool, attributes: str) -> None:
    if name == "br":
        page.end_line()
    elif name == "hr":
        page.rule()
    elif name == "a":
        _link(page, attributes)
    elif name in _PARAGRAPH:
        _paragraph(page, name, closing)
    elif name in _BLOCK:
        page.block()
    elif name == "li":
        page.block()
        page.line.extend(() if closing else ("- ",))
    elif name in ("td", "th") and page.line:
        page.line.append(" ")
    elif name == "img" and page.line and (alt := _ALT.search(attributes)):
        page.line.append(unescape(alt[1]))


def _paragraph(page: _Page, name: str, closing: bool) -> None:
    if name == "blockquote" and closing:
        page.block()
        page.quotes = max(0, page.quotes - 1)
    page.paragraph()
    if name == "blockquote" and not closing:
        page.quotes += 1
    elif name == "pre":
        page.verbatim = max(0, page.verbatim - 1) if closing else page.verbatim + 1


def _link(page: _Page, attributes: str) -> None:
    match = _HREF.search(attributes)
    if match:
        url = unescape(match[1] or match[2] or match[3] or "").strip()
        if url[:7].lower() == "http://" or url[:8].lower() == "https://":
            page.links.append(url)
            if page.spelled_out:
                page.line.append(f" <{_SPACE.sub('%20', url)}> ")
