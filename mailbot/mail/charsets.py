"""Bytes to text, as senders really label them, and encoded words (RFC 2047).

Owns every guess about a character set. Never raises; the second half of a result says in words what was wrong.
"""

from __future__ import annotations

import binascii
import codecs
import re
import string
from collections.abc import Iterator
from functools import lru_cache

# What the label says, and what the bytes are: the web's table (WHATWG Encoding) where it differs from Python's.
_REALLY = {
    "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8", "utf-8-sig": "utf-8", "cp65001": "utf-8", "unicode": "utf-16",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "chinesesimplified": "gb18030",
    "euc-cn": "gb18030", "cp936": "gb18030", "windows-936": "gb18030", "big5": "big5hkscs", "x-big5": "big5hkscs",
    "cn-big5": "big5hkscs", "chinesetrad": "big5hkscs", "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949",
    "euc-kr": "cp949", "ksc5601": "cp949", "korean": "cp949", "windows-949": "cp949", "shift_jis": "cp932",
    "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "ms_kanji": "cp932", "windows-31j": "cp932",
    "x-euc-jp": "euc-jp", "iso-2022-jp": "iso2022_jp_ext", "iso-8859-1": "cp1252", "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "l1": "cp1252", "ansi": "cp1252",
    "us-ascii": "ascii", "ansi_x3.4-1968": "ascii", "646": "ascii", "iso-8859-9": "cp1254", "iso-8859-11": "cp874",
    "tis-620": "cp874", "windows-874": "cp874", "iso-8859-8-i": "iso8859-8", "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6", "macintosh": "mac_roman", "x-mac-roman": "mac_roman", "x-mac-cyrillic": "mac_cyrillic",
    "koi8": "koi8_r", "cp-1251": "cp1251", "cp-1252": "cp1252", "win-1251": "cp1251", "windows1251": "cp1251",
}  # fmt: skip
_NO_LABEL = frozenset({"", "unknown", "unknown-8bit", "x-unknown", "8bit", "7bit", "binary", "default", "none", "text"})
# Only true character sets: Python's registry also holds compressors, and punycode, which is quadratic.
_FAMILIES = ("utf", "cp", "iso", "gb", "big5", "euc", "shift", "koi8", "mac", "ascii", "latin", "johab", "hz", "kz1048",
             "ptcp154", "tis", "hp")  # fmt: skip
_STATEFUL = ("iso2022", "utf-16", "utf-32", "utf-7", "hz")
_WORD = re.compile(r"=\?([^?*\s]{1,60})(?:\*[^?\s]{0,40})?\?([bBqQ])\?((?:[^?=]|=(?!\?)|=(?=\?=)|\?(?!=))*)\?=")
_GAP = re.compile(r"(\?=)\s+(?==\?)")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_HALF = re.compile(r"[\ud800-\udfff]")
_NOT_BASE64 = bytes(set(range(256)) - set(string.ascii_letters.encode() + string.digits.encode() + b"+/"))
_SAMPLE = 4096
_PIECE = 1 << 20
_TWO_BYTES = frozenset({"gb18030", "big5hkscs", "cp949", "cp932", "euc_jp"})
_TELLING = 12


@lru_cache(maxsize=256)
def codec_of(label: str) -> str:
    """Python's name of the character set that the label means, or "" where it means none."""
    name = label.strip(" \t\"'").lower()
    if name in _NO_LABEL or len(name) > 60 or not name.isascii():
        return ""
    name = _REALLY.get(name, name).removeprefix("x-")
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return found if found.startswith(_FAMILIES) else ""


def decode(data: bytes, label: str) -> tuple[str, str]:
    """The text, and in words what was wrong with the label, or ""."""
    codec = codec_of(label)
    stateful = codec.startswith(_STATEFUL)
    if not stateful and data.isascii():
        if b"\x1b$" in data or b"\x1b(" in data:
            return data.decode("iso2022_jp_ext", "replace"), ""
        return data.decode("ascii"), ""
    if not stateful and not (codec in _TWO_BYTES and _few_high(data)):
        # Bytes that are valid UTF-8 beyond ASCII are UTF-8, whatever a careless sender called them.
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return text.removeprefix("\ufeff"), ""
    if codec and codec not in ("ascii", "utf-8"):
        try:
            return _whole(data.decode(codec)), ""
        except UnicodeError:
            return _repaired(data, codec)
    return _guessed(data, label)


def decode_header(data: bytes, label: str = "") -> str:
    """A header value's bytes as text, encoded words left as they are; ``label`` serves for raw 8-bit bytes."""
    if data.isascii() and b"\x1b" not in data:
        return data.decode("ascii")
    return decode(data, label)[0]


def decode_words(value: str) -> str:
    """A header value with its encoded words decoded; words split inside a character are joined first."""
    if "=?" not in value:
        return value
    value = _GAP.sub(r"\1", value)
    out: list[str] = []
    run: list[bytes] = []
    charset = ""
    end = 0
    for match in _WORD.finditer(value):
        label, data = match[1].lower(), _word_bytes(match[2], match[3])
        if run and (match.start() > end or label != charset):
            out.append(decode(b"".join(run), charset)[0])
            run = []
        out.append(value[end : match.start()])
        run.append(data)
        charset, end = label, match.end()
    if run:
        out.append(decode(b"".join(run), charset)[0])
    out.append(value[end:])
    return "".join(out)


def base64_bytes(data: bytes) -> bytes:
    """Base64 as far as it can be read (RFC 2045 section 6.8), whatever is wrong with its end."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        pieces = list(_repaired_base64(data))
    del data  # a large file is let go of before its decoded bytes are joined
    return b"".join(pieces)


def _repaired_base64(data: bytes) -> Iterator[bytes]:
    """What can be read of base64 with other characters in it, some of it at a time."""
    rest = b""
    for start in range(0, len(data), _PIECE):
        rest += data[start : start + _PIECE].translate(None, _NOT_BASE64)
        whole = len(rest) - len(rest) % 4
        yield binascii.a2b_base64(rest[:whole])
        rest = rest[whole:]
    if len(rest) > 1:
        yield binascii.a2b_base64(rest + b"=" * (4 - len(rest)))


def _few_high(data: bytes) -> bool:
    """Whether so little is beyond ASCII that being valid UTF-8 may be chance (two Chinese characters are)."""
    return len(data) < 400 and sum(byte > 127 for byte in data) < _TELLING


def _word_bytes(encoding: str, content: str) -> bytes:
    raw = content.encode("utf-8", "replace")
    if encoding in "bB":
        return base64_bytes(raw)
    return _HEX.sub(lambda match: bytes((int(match[1], 16),)), raw.replace(b"_", b" "))


def _whole(text: str) -> str:
    """The text without halves of characters, which UTF-7 lets through and nothing after it can write."""
    return text.encode("utf-8", "replace").decode("utf-8") if _HALF.search(text) else text


def _repaired(data: bytes, codec: str) -> tuple[str, str]:
    text = _whole(data.decode(codec, "replace"))
    if text.count("\ufffd") * 20 <= len(text):
        return text, f"a few bytes are not {codec}"
    return _guessed(data, codec)


def _guessed(data: bytes, label: str) -> tuple[str, str]:
    """No usable label: what the bytes look like, from a sample."""
    problem = f"the character set {label or 'is missing and'!s} had to be guessed"
    high = sum(byte > 127 for byte in data[:_SAMPLE])
    if high * 4 < min(len(data), _SAMPLE):
        return data.decode("cp1252", "replace"), problem
    from charset_normalizer import from_bytes  # loaded only for the rare mail that needs it

    best = from_bytes(data[:_SAMPLE]).best()
    codec = codec_of(best.encoding) if best else ""
    return data.decode(codec or "cp1252", "replace"), problem
