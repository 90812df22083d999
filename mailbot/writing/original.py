"""What a patron sent, as a part of a mail to staff: as it came, its HTML harmless, and what is too large left out.

Owns how an original travels. No original is parsed into a tree and written again: bytes are exchanged in place, all
others stay what they were. Knows nothing of letters. Pure.
"""

from __future__ import annotations

import re
from base64 import b64encode, encodebytes
from codecs import lookup
from collections.abc import Sequence
from dataclasses import dataclass
from email.header import decode_header
from quopri import encodestring
from urllib.parse import quote

import nh3

from mailbot.mail.charsets import codec_of, decode
from mailbot.mail.mime import Part, take_apart

READABLE = 60_000  # characters shown of an original that travels inside base64
HARD = 998  # octets of a line (RFC 5322 section 2.1.1)
_LONGEST_HEADER = 4000  # octets of a header that are looked at
_LONGEST_VALUE = 400  # characters of a header value that a stranger chose
_SMALL = 10_000  # octets: nothing is gained by leaving out less


@dataclass(frozen=True, slots=True)
class Carried:
    """An original as parts: ``part`` its bytes, ``shown`` its main headers as text, ``beside`` further parts.

    Where the bytes can't travel as they are, ``readable`` is the text of what lies in ``part`` as a file.
    """

    part: bytes
    shown: str
    readable: str = ""
    beside: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that was too large to send on: of which original (its place in the list), its name, its octets there."""

    original: int
    name: str
    size: int


def carried(raw: bytes) -> Carried:
    """One original, ready to stand inside another mail. Its HTML is what nh3 leaves of it."""
    head, body = _split(raw)
    fields = _fields(head)
    shown = "\n".join(_shown(name, fields[name]) for name in _SHOWN if name in fields)
    safe, sources = _harmless(raw) if _travels(raw, head, body, fields) else (b"", ())
    if not safe:
        return _as_file(raw, shown)
    body = _split(safe)[1]
    kept = [_canonical(name) + b":" + fields[name] for name in _KEPT if name in fields]
    if b"content-transfer-encoding" not in fields and not body.isascii():
        kept.append(b"Content-Transfer-Encoding: 8bit")
    if b"content-type" not in fields:
        kept.append(b'Content-Type: text/plain; charset="us-ascii"')
    return Carried(_crlf(b"\r\n".join(kept) + b"\r\n\r\n" + body), shown, beside=sources)


def enclosures(raw: bytes) -> tuple[bytes, ...]:
    """The files of a colleague's mail as parts of a mail to somebody outside; no letter of ours is among them."""
    return tuple(
        _enclosure(part) for part in take_apart(raw).parts if _is_file(part) and not _stays_inside(part)
    )  # fmt: skip


def shortened(originals: Sequence[bytes], most: int) -> tuple[list[bytes], tuple[LeftOut, ...]]:
    """The originals without their largest files, so that all together have at most ``most`` octets, if that can be.

    A file's place is taken by its name in brackets; what is no file is cut at last, to what can be read of it.
    """
    files = [(at, part) for at, raw in enumerate(originals) for part in take_apart(raw).parts if _is_file(part)]
    over = sum(map(len, originals)) - most
    out: list[tuple[int, Part]] = []
    for at, part in sorted(files, key=lambda found: found[1].start - found[1].end):
        if over <= 0:
            break
        out.append((at, part))
        over -= part.end - part.start
    kept = [_without(raw, [part for at, part in out if at == place]) for place, raw in enumerate(originals)]
    if over > 0:
        large = [at for at, raw in enumerate(kept) if len(raw) > _SMALL]
        cut = [_text_of(raw) if at in large else raw for at, raw in enumerate(kept)]
        return cut, tuple(LeftOut(at, "", len(originals[at])) for at in large)
    return kept, tuple(LeftOut(at, _name_of(part), part.size()) for at, part in sorted(out, key=lambda one: one[0]))


# Controls, and what turns or hides text: bidirectional marks, zero-width characters, line separators, lone surrogates.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e007f]+"
)


def one_line(value: str) -> str:
    """One line of visible text, of bounded length."""
    clean = " ".join(_UNSEEN.sub(" ", value[: 4 * _LONGEST_VALUE]).split())
    return clean if len(clean) <= _LONGEST_VALUE else clean[: _LONGEST_VALUE - 1] + "…"


# --- HTML ----------------------------------------------------------------------------------------------------------

_MENTIONED = re.compile(rb"text/html", re.IGNORECASE)
_LOOKS = {"style", "align", "valign", "dir", "lang", "title", "width", "height", "bgcolor", "border", "cellpadding"}
_TAGS = nh3.ALLOWED_TAGS | {"font"}
_ATTRIBUTES = nh3.ALLOWED_ATTRIBUTES | {"*": _LOOKS, "font": {"color", "size", "face"}}
_STYLES = {
    "background-color", "border", "border-collapse", "color", "font-family", "font-size", "font-style", "font-weight",
    "height", "line-height", "list-style-type", "margin", "margin-bottom", "margin-left", "margin-right", "margin-top",
    "max-width", "padding", "padding-bottom", "padding-left", "padding-right", "padding-top", "text-align",
    "text-decoration", "text-indent", "vertical-align", "white-space", "width",
}  # fmt: skip
_SCHEMES = {"http", "https", "mailto", "tel", "cid"}
# What does something rather than show something: its loss is a loss for whoever has to find out what was sent.
_ACTIVE = {
    "script", "iframe", "frame", "object", "embed", "applet", "form", "input", "button", "textarea", "select", "svg",
    "math", "base", "link",
}  # fmt: skip
_LURES = _SCHEMES | {"javascript", "vbscript", "data", "file", "blob"}


def _harmless(raw: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """The mail with its HTML cleaned in place, and as files the HTML of which something active was taken out.

    Nothing where the cleaned HTML has no place in the mail.
    """
    if not _MENTIONED.search(raw):
        return raw, ()
    pieces: list[bytes] = []
    sources: list[bytes] = []
    at = 0
    for part in take_apart(raw).parts:
        if part.type != "text/html" or part.disposition == "attachment":
            continue
        sent = part.body()
        page = decode(sent, part.parameter("charset"))[0]
        clean = _cleaned(page)
        octets = _written(clean, part)
        if octets is None:
            return b"", ()
        pieces += [raw[at : part.start], octets]
        at = part.end
        if _is_active(page, clean):
            sources.append(_file(sent, b"text/plain", b"html-as-sent.txt"))
    return b"".join([*pieces, raw[at:]]), tuple(sources)


def _cleaned(page: str) -> str:
    return nh3.clean(
        page, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, filter_style_properties=_STYLES
    )  # fmt: skip


def _is_active(page: str, clean: str) -> bool:
    """Whether more than looks was lost."""
    loose = nh3.clean(
        page,
        tags=_TAGS | _ACTIVE,
        clean_content_tags={"style"},
        attributes=_ATTRIBUTES,
        url_schemes=_LURES,
        filter_style_properties=_STYLES,
        generic_attribute_prefixes={"on", "formaction"},
    )
    return loose != clean


def _written(page: str, part: Part) -> bytes | None:
    """The HTML in the charset and the transfer encoding that the part's headers tell; None where that can't be."""
    octets = page.encode(_charset(part), "xmlcharrefreplace").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if part.encoding == "base64":
        return encodebytes(octets).rstrip(b"\n").replace(b"\n", b"\r\n")
    if part.encoding == "quoted-printable":
        return encodestring(octets).replace(b"\n", b"\r\n")
    lines = [piece for line in octets.split(b"\n") for piece in _broken(line)]
    fits = part.encoding in ("", "7bit", "8bit") and all(len(line) <= HARD for line in lines)
    return b"\r\n".join(lines) if fits else None


def _charset(part: Part) -> str:
    """The part's own, where it is known and markup stands in it as in ASCII; otherwise ASCII, which is in all."""
    codec = codec_of(part.parameter("charset"))
    wide = part.encoding not in ("", "7bit")
    return codec if wide and codec and "<é>".encode(codec, "replace")[:1] == b"<" and _is_superset(codec) else "ascii"


def _is_superset(codec: str) -> bool:
    return lookup(codec).name in {"utf-8", "cp1252", "iso8859-1", "iso8859-15"}


def _broken(line: bytes) -> list[bytes]:
    """A line in lines that mail can carry, broken at spaces, where HTML doesn't mind."""
    lines: list[bytes] = []
    while len(line) > HARD:
        cut = line.rfind(b" ", 1, HARD)
        if cut < 0:
            break
        lines.append(line[:cut])
        line = line[cut + 1 :]
    return [*lines, line]


# --- files ---------------------------------------------------------------------------------------------------------


def _as_file(raw: bytes, shown: str) -> Carried:
    """An original whose bytes can't travel as they are: whole, as a file, with what can be read of it beside."""
    # message/rfc822 may not be base64 (RFC 2046 section 5.2.1), and these bytes cannot travel any other way:
    # as octets they arrive as they were, and every mail program opens a file that ends in .eml.
    part = _file(raw, b"application/octet-stream", b"original.eml")
    parts = take_apart(raw).parts
    plain = next((one for one in parts if one.type == "text/plain" and not _is_file(one)), None)
    if plain is not None:
        return Carried(part, shown, _lines(decode(plain.body(4 * READABLE), plain.parameter("charset"))[0]))
    page = next((one for one in parts if one.type == "text/html" and not _is_file(one)), None)
    if page is None:
        return Carried(part, shown)
    clean = _cleaned(decode(page.body(), page.parameter("charset"))[0]).encode("utf-8", "replace")
    head = b'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    return Carried(part, shown, beside=(head + encodebytes(clean).replace(b"\n", b"\r\n"),))


def _lines(text: str) -> str:
    return text[:READABLE].replace("\r\n", "\n").replace("\r", "\n")


def _file(octets: bytes, kind: bytes, name: bytes) -> bytes:
    head = (
        b'Content-Type: %b; name="%b"\r\nContent-Transfer-Encoding: base64\r\n'
        b'Content-Disposition: attachment; filename="%b"\r\n\r\n'
    ) % (kind, name, name)
    return head + encodebytes(octets).replace(b"\n", b"\r\n")


_SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
_OURS = re.compile(rb"^X-Mailbot-Letter:", re.MULTILINE | re.IGNORECASE)
_CHARSET = re.compile(r"[A-Za-z0-9.:_-]{1,40}\Z")
_PLAIN_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+\Z")


def _stays_inside(part: Part) -> bool:
    """A signature, which no longer fits, and a mail of ours, whose note is not for the patron."""
    is_mail = part.type.startswith("message/") or part.filename.lower().endswith((".eml", ".msg"))
    return part.type in _SIGNATURES or (is_mail and _OURS.search(part.body()) is not None)


def _enclosure(part: Part) -> bytes:
    kind = part.type if _PLAIN_TYPE.match(part.type) and not part.type.startswith("message/") else ""
    name = _short(one_line(part.filename)) or ("message.eml" if part.type == "message/rfc822" else "file")
    plain = re.sub(r"[^ !#-\[\]-~]", "_", name)
    exact = "" if name.isascii() else f"; filename*=utf-8''{quote(name, safe='')}"
    charset = part.parameter("charset")
    also = f"; charset={charset}" if kind.startswith("text/") and _CHARSET.match(charset) else ""
    head = (
        f"Content-Type: {kind or 'application/octet-stream'}{also}\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{plain}"{exact}\r\n\r\n'
    )
    return head.encode("ascii") + encodebytes(part.body()).replace(b"\n", b"\r\n")


def _short(name: str) -> str:
    """A file's name with its ending, short enough for one line of a header."""
    return name if len(name) <= 60 else f"{name[:45]}…{name[-14:]}"


def _is_file(part: Part) -> bool:
    """Whether a part is something beside the text: an attachment, a picture, a mail inside the mail."""
    return part.disposition == "attachment" or part.type not in ("text/plain", "text/html")


def _name_of(part: Part) -> str:
    return part.filename or part.type


def _without(raw: bytes, parts: Sequence[Part]) -> bytes:
    """The mail with the name of each of these parts in its place."""
    pieces: list[bytes] = []
    at = 0
    for part in sorted(parts, key=lambda one: one.start):
        head = raw.rfind(b"\n--", 0, part.start)
        begin = raw.find(b"\n", head + 1) + 1 if head >= 0 else 0
        if begin <= at or begin > part.start:
            continue
        stub = f"[{_name_of(part)}]".encode()
        pieces += [
            raw[at:begin],
            b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n',
            b64encode(stub[:700]),
        ]
        at = part.end
    return b"".join([*pieces, raw[at:]])


def _text_of(raw: bytes) -> bytes:
    """What can be read of a mail, as a mail of its own with the main headers."""
    head = _split(raw)[0]
    fields = _fields(head)
    kept = [_canonical(name) + b":" + fields[name] for name in _SHOWN if name in fields]
    text = _as_file(raw, "").readable.encode("utf-8", "replace")
    kind = b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    return b"\r\n".join(kept) + b"\r\n" * bool(kept) + kind + encodebytes(text).replace(b"\n", b"\r\n")


# --- headers -------------------------------------------------------------------------------------------------------

_KEPT = (b"content-type", b"content-transfer-encoding", b"content-disposition", b"content-id", b"content-language")
_SHOWN = (b"from", b"date", b"to", b"cc", b"subject")
_FIELD = re.compile(rb"^([!-9;-~]+)[ \t]*:((?:.*(?:\r?\n[ \t].*)*))", re.MULTILINE)
_TYPE = re.compile(rb"[ \t\r\n]*[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+[ \t\r\n]*(?:;|\Z|\()")
_ENCODINGS = frozenset({b"7bit", b"8bit", b"quoted-printable", b"base64"})


def _split(raw: bytes) -> tuple[bytes, bytes]:
    """Header block and body, at the first empty line."""
    crlf, lf = raw.find(b"\r\n\r\n"), raw.find(b"\n\n")
    if crlf >= 0 and (lf < 0 or crlf < lf):
        return raw[:crlf], raw[crlf + 4 :]
    if lf >= 0:
        return raw[:lf], raw[lf + 2 :]
    return raw, b""


def _fields(head: bytes) -> dict[bytes, bytes]:
    """The first header of each name, folded as it came, by lower-case name."""
    found: dict[bytes, bytes] = {}
    for field in _FIELD.finditer(head[:65536]):
        found.setdefault(field[1].lower(), field[2].rstrip(b"\r\n"))
    return found


def _travels(raw: bytes, head: bytes, body: bytes, fields: dict[bytes, bytes]) -> bool:
    """Whether the content can stand inside another mail as it is."""
    if b"\0" in raw or raw.count(b"\r") != raw.count(b"\r\n") or max(map(len, raw.split(b"\n"))) > HARD:
        return False
    contents = [fields[name] for name in _KEPT if name in fields]
    if not all(value.isascii() for value in contents) or len(head) > 65536:
        return False
    kind = fields.get(b"content-type")
    if kind is None:
        return body.isascii() and b"content-transfer-encoding" not in fields
    encoding = fields.get(b"content-transfer-encoding", b"7bit").strip().lower()
    if encoding not in _ENCODINGS or not _TYPE.match(kind):
        return False
    return b"boundary" in kind.lower() or not kind.strip().lower().startswith(b"multipart/")


def _crlf(octets: bytes) -> bytes:
    return (
        octets
        if octets.count(b"\n") == octets.count(b"\r\n")
        else octets.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    )


def _canonical(name: bytes) -> bytes:
    return b"-".join(word.capitalize() for word in name.split(b"-")).replace(b"Id", b"ID")


def _shown(name: bytes, value: bytes) -> str:
    return f"{name.decode('ascii').capitalize()}: {_decoded(value)}"


def _decoded(value: bytes) -> str:
    """A header as text (RFC 2047), on one line; what can't be decoded is shown as it stands."""
    text = " ".join(_lenient(value[:_LONGEST_HEADER], "utf-8").split())
    if "=?" in text:
        try:
            text = "".join(
                piece if isinstance(piece, str) else _lenient(piece, charset or "ascii")
                for piece, charset in decode_header(text)
            )
        except (ValueError, LookupError):
            return text
    return one_line(text)


def _lenient(octets: bytes, charset: str) -> str:
    try:
        return octets.decode(charset)
    except (UnicodeDecodeError, LookupError):
        return octets.decode("cp1252", "replace")
