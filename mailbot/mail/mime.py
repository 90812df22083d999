"""The MIME structure of a mail (RFC 2045, 2046, 2231) as a flat list of parts, found in the bytes without copying them.

Owns headers, boundaries and transfer encodings. Knows nothing of what the parts mean. Never raises; depth and
the number of parts are bounded, so that the time is linear in the size.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import unquote_to_bytes

from mailbot.mail.charsets import base64_bytes, decode, decode_header, decode_words

MAX_DEPTH = 25
MAX_PARTS = 2000
MAX_VALUE = 50_000
MAX_FIELDS = 3000
_MAX_TYPE = 4000
_PIECE = 1 << 20

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:[ \t]*([^\n]*+(?:\n[ \t][^\n]*+)*+)(?:\n|\Z)")
_FOLD = re.compile(rb"\r*\n[ \t]*")
_BLANK_LINES = re.compile(rb"(?:[ \t]*\r*\n)*")
_BLANK = re.compile(rb"\r*(?:\n|\Z)")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,80})\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)', re.S)
_NUMBERED = re.compile(r"^([^*]+)\*(\d{1,3})(\*?)$")
_TYPE = re.compile(r"^[\w.+-]{1,80}/[\w.+-]{1,120}$")
_STRAY = re.compile(rb"^--([!-~]{4,200})[ \t]*\r?\nContent-", re.M | re.I)


@dataclass(frozen=True, slots=True)
class Field:
    """A header field: lower-case name, value as text, unfolded, encoded words not yet decoded."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf, or a ``message/rfc822``: where its body lies in ``raw``, and what its headers say of it."""

    raw: bytes
    start: int
    end: int
    type: str
    parameters: tuple[tuple[str, str], ...]
    encoding: str
    disposition: str
    filename: str
    parents: tuple[str, ...]
    content_id: str = ""

    def parameter(self, name: str) -> str:
        """A parameter of the Content-Type, or ""."""
        return next((value for key, value in self.parameters if key == name), "")

    def body(self, most: int = 0) -> bytes:
        """The bytes with the transfer encoding undone; of a long body at least the first ``most``, if given."""
        end = min(self.end, self.start + 4 * most) if most else self.end
        if self.encoding == "base64":
            return base64_bytes(self.raw[self.start : end])  # not named: who decodes it can let it go
        if self.encoding == "quoted-printable":
            return b"".join(_unquoted(self.raw, self.start, end))
        if self.encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
            return _uudecoded(self.raw[self.start : end])
        return self.raw[self.start : end]

    def size(self) -> int:
        """The length of ``body()``; of base64 without decoding it, since attachments are large."""
        if self.encoding == "quoted-printable":
            return sum(map(len, _unquoted(self.raw, self.start, self.end)))
        if self.encoding != "base64":
            return len(self.body())
        breaks = self.raw.count(b"\n", self.start, self.end) + self.raw.count(b"\r", self.start, self.end)
        padding = self.raw.count(b"=", max(self.start, self.end - 8), self.end)
        return max(0, self.end - self.start - breaks - padding) * 3 // 4


@dataclass(frozen=True, slots=True)
class Structure:
    """A mail taken apart: its fields, where its body begins, its parts in order, every media type, what was wrong."""

    fields: tuple[Field, ...]
    body: int
    parts: tuple[Part, ...]
    types: tuple[str, ...]
    problems: tuple[str, ...]


def take_apart(raw: bytes) -> Structure:
    """The structure of one mail. Attached mails stay closed."""
    problems: list[str] = []
    fields, body = read_fields(raw, 0, len(raw), problems, envelope=True)
    parts: list[Part] = []
    types: list[str] = []
    _walk(raw, fields, body, len(raw), (), parts, types, problems)
    return Structure(fields, body, tuple(parts), tuple(types), tuple(dict.fromkeys(problems)))


def read_fields(
    raw: bytes, start: int, end: int, problems: list[str], *, envelope: bool = False
) -> tuple[tuple[Field, ...], int]:
    """The header fields from ``start`` on, and where the body begins."""
    if envelope:
        start = _skip_envelope(raw, start, end)
    found: list[tuple[bytes, bytes]] = []
    at = start
    while at < end:
        blank = _BLANK.match(raw, at, end)
        if blank:
            at = blank.end()
            break
        if len(found) >= MAX_FIELDS:
            problems.append("there are too many headers; the rest was left out")
            at = _body_after(raw, at, end)
            break
        match = _FIELD.match(raw, at, end)
        if match is None:
            stop = raw.find(b"\n", at, end)
            line = raw[at : stop if stop >= 0 else end]
            if found and envelope and line.startswith((b">From ", b"From ")):
                at = stop + 1 if stop >= 0 else end
                continue
            if envelope or found:
                problems.append("the headers end without an empty line")
            break
        found.append((match[1], _unfolded(raw, match.start(2), match.end(2))))
        at = match.end()
    label = _charset_hint(found) if any(not value.isascii() for _, value in found) else ""
    if any(len(value) > MAX_VALUE for _, value in found):
        problems.append("a header is too long and was cut")
    fields = tuple(
        Field(name.decode("ascii").lower(), decode_header(value[:MAX_VALUE], label)) for name, value in found
    )
    return fields, at


def _unfolded(raw: bytes, start: int, end: int) -> bytes:
    """A value on one line, and no more of it than shows that it was too long."""
    value = raw[start : min(end, start + 4 * MAX_VALUE)]
    if b"\n" in value or b"\r" in value:
        value = _FOLD.sub(b" ", value).strip()
    return value


def _body_after(raw: bytes, at: int, end: int) -> int:
    """Where the body begins, past all headers."""
    found = [place + len(mark) for mark in (b"\n\n", b"\n\r\n") if (place := raw.find(mark, at, end)) >= 0]
    return min(found, default=end)


def parameters_of(value: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The value and the parameters (lower-case names) of a structured field (RFC 2045, RFC 2231)."""
    value = value[:_MAX_TYPE]
    main = value.partition(";")[0].strip().lower()
    if ";" not in value:
        return main, ()
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for match in _PARAMETER.finditer(value):
        name, text = match[1].lower(), match[2].strip()
        if len(text) > 1 and text[0] == text[-1] == '"':
            text = re.sub(r"\\(.)", r"\1", text[1:-1])
        numbered = _NUMBERED.match(name)
        if numbered:
            pieces.setdefault(numbered[1], []).append((int(numbered[2]), bool(numbered[3]), text))
        elif name.endswith("*"):
            plain[name[:-1]] = _extended([(0, True, text)])
        else:
            plain.setdefault(name, decode_words(text))
    for name, numbered_pieces in pieces.items():
        plain[name] = _extended(sorted(numbered_pieces))
    return main, tuple(plain.items())


def _skip_envelope(raw: bytes, start: int, end: int) -> int:
    """Past a byte order mark, empty lines and an mbox line, none of which belong to the mail."""
    if raw.startswith(b"\xef\xbb\xbf", start):
        start += 3
    blank = _BLANK_LINES.match(raw, start, end)
    start = blank.end() if blank else start
    while raw.startswith((b"From ", b">From "), start):
        stop = raw.find(b"\n", start, end)
        start = stop + 1 if stop >= 0 else end
    return start


def _charset_hint(found: list[tuple[bytes, bytes]]) -> str:
    for name, value in found:
        if name.lower() == b"content-type":
            return dict(parameters_of(value[:_MAX_TYPE].decode("latin-1"))[1]).get("charset", "")
    return ""


def _extended(pieces: list[tuple[int, bool, str]]) -> str:
    """RFC 2231: charset'language'percent-encoded, possibly in numbered pieces."""
    charset, data = "", b""
    for position, (_, encoded, text) in enumerate(pieces):
        said = text
        if encoded and position == 0 and text.count("'") >= 2:
            charset, _, said = text.split("'", 2)
        data += unquote_to_bytes(said) if encoded else said.encode("utf-8", "replace")
    return decode(data, charset)[0]


def _walk(
    raw: bytes, fields: tuple[Field, ...], start: int, end: int, parents: tuple[str, ...],
    parts: list[Part], types: list[str], problems: list[str],
) -> None:  # fmt: skip
    values = {field.name: field.value for field in reversed(fields) if field.name.startswith("content-")}
    kind, parameters = parameters_of(values.get("content-type", ""))
    if not _TYPE.match(kind):
        inside_digest = bool(parents) and parents[-1] == "multipart/digest"
        kind = "message/rfc822" if inside_digest and not kind else "text/plain"
    types.append(kind)
    if kind.startswith("multipart/") and _walk_children(
        raw, kind, dict(parameters), start, end, parents, parts, types, problems
    ):
        return
    if len(parts) >= MAX_PARTS:
        problems.append("the mail has too many parts; the rest was left out")
        return
    disposition, details = parameters_of(values.get("content-disposition", ""))
    named = dict(details).get("filename") or dict(parameters).get("name") or ""
    encoding = values.get("content-transfer-encoding", "").partition(";")[0].strip(" \t\"'.").lower()
    parts.append(Part(raw, start, end, "text/plain" if kind.startswith("multipart/") else kind, parameters, encoding,
                      disposition, named, parents, values.get("content-id", "")))  # fmt: skip


def _walk_children(
    raw: bytes, kind: str, parameters: dict[str, str], start: int, end: int, parents: tuple[str, ...],
    parts: list[Part], types: list[str], problems: list[str],
) -> bool:  # fmt: skip
    """Whether the multipart could be opened; if not, its bytes are read as text."""
    if len(parents) >= MAX_DEPTH:
        problems.append("the parts are nested too deep; the innermost were not opened")
        return False
    boundary = parameters.get("boundary", "").rstrip().encode("utf-8", "replace")[:998]
    slices = _split(raw, boundary, start, end, problems) if boundary else []
    if not slices:
        stray = _STRAY.search(raw, start, end)
        problems.append("the boundary of a multipart is missing" + (" and had to be guessed" if stray else ""))
        slices = _split(raw, stray[1].removesuffix(b"--"), start, end, problems) if stray else []
    for first, last in slices:
        if len(parts) >= MAX_PARTS:
            problems.append("the mail has too many parts; the rest was left out")
            break
        fields, body = read_fields(raw, first, last, [])
        _walk(raw, fields, min(body, last), last, (*parents, kind), parts, types, problems)
    return bool(slices)


def _split(raw: bytes, boundary: bytes, start: int, end: int, problems: list[str]) -> list[tuple[int, int]]:
    """(start, end) of each part between delimiter lines (RFC 2046 section 5.1.1)."""
    needle = b"--" + boundary
    slices: list[tuple[int, int]] = []
    opened = -1
    at = raw.find(needle, start, end)
    while at >= 0 and len(slices) < MAX_PARTS:
        after = at + len(needle)
        stop = raw.find(b"\n", after, end)
        stop = end if stop < 0 else stop
        tail = raw[after : min(stop, after + 200)].strip()
        if (at == start or raw[at - 1] in b"\r\n") and tail in (b"", b"--"):
            if opened >= 0:
                slices.append((opened, _before_line_break(raw, opened, at)))
            opened = min(stop + 1, end)
            if tail:
                return slices
        at = raw.find(needle, after, end)
    if opened >= 0:
        problems.append("the last boundary of a multipart is missing")
        slices.append((opened, end))
    return slices


def _before_line_break(raw: bytes, start: int, at: int) -> int:
    """The line break before a delimiter belongs to the delimiter."""
    if at > start and raw[at - 1] == 10:
        at -= 1
    if at > start and raw[at - 1] == 13:
        at -= 1
    return at


def _unquoted(raw: bytes, start: int, end: int) -> Iterator[bytes]:
    """Quoted-printable undone, some lines at a time: in one go it takes a buffer of the whole size besides."""
    while start < end:
        stop = raw.find(b"\n", min(start + _PIECE, end), end) + 1 or end
        yield binascii.a2b_qp(raw[start:stop])
        start = stop


def _uudecoded(data: bytes) -> bytes:
    lines, out = BytesIO(data), bytearray()
    del data  # a large file is let go of before its decoded bytes are copied
    for line in lines:
        if line.startswith((b"begin ", b"end")):
            continue
        bare = line.rstrip(b"\r\n")
        try:
            out += binascii.a2b_uu(bare)
        except binascii.Error:
            out += bare + b"\n"
    del lines
    return bytes(out)
