"""A winmail.dat as Outlook packs it (MS-OXTNEF): attributes of a level, each with tag, length and checksum."""

from __future__ import annotations

import struct

_SIGNATURE = struct.pack("<IH", 0x223E9F78, 1)
_BODY, _RENDERING, _TITLE, _DATA = 0x0002800C, 0x00069002, 0x00018010, 0x0006800F


def winmail(text: str, name: str, data: bytes) -> bytes:
    """A mail's text and one file."""
    return b"".join([
        _SIGNATURE,
        _attribute(1, _BODY, text.encode("cp1252") + b"\0"),
        _attribute(2, _RENDERING, bytes(14)),
        _attribute(2, _TITLE, name.encode("cp1252") + b"\0"),
        _attribute(2, _DATA, data),
    ])  # fmt: skip


def _attribute(level: int, tag: int, value: bytes) -> bytes:
    return struct.pack("<BII", level, tag, len(value)) + value + struct.pack("<H", sum(value[:1000]) & 0xFFFF)
