"""What names a case beyond doubt: a `route:` line in a colleague's reply, a signed link, a signed address.

Pure: reads text and checks signatures; what the writer may do with it is decided in ``routing`` and ``threads``.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote

SEAL = "corrections"
"""The name under which the store keeps the secret that links and addresses are signed with."""

ROUTE_LINE = re.compile(
    r"^[\s\u200b\ufeff]*[>*_`\[•-]*\s*route\s*[:\uff1a]\s*(?P<name>[^\r\n]{1,120}?)\s*[*_`\]]*\s*$", re.IGNORECASE
)
TOKEN = re.compile(r"\[(?P<ref>[A-Za-z0-9_-]{8,32})\.(?P<department>[A-Za-z0-9_-]{1,64})\.(?P<seal>[0-9a-f]{32})\]")
_GREETING = re.compile(
    r"^\W*(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)|hola|buen[oa]s? (?:d[ií]as?|tardes|noches)|"
    r"estimad[oa]s?|bonjour|bonsoir|ch[eè]re?s?|hallo|moin|servus|liebe[rs]?|guten (?:tag|morgen|abend)|"
    r"sehr geehrte[rs]?)\b[^.!?:\n]{0,40}\W*$",
    re.IGNORECASE,
)
_TAGS = r"(?:\s*\[[^\[\].]{1,40}\])*"  # what mail gateways and lists add: [EXTERNAL], [SEC=OFFICIAL]
_LINKED = re.compile(rf"{_TAGS}\s*(?i:route)\s*:[^\[\]]{{0,120}}{TOKEN.pattern}{_TAGS}\s*")
LINK = re.compile(r"mailto:\S{1,320}?[?&]subject=route", re.IGNORECASE)
"""How a link of ours begins, wherever a mail program wrote it out."""

CASE_ADDRESS = re.compile(r"\+c-(?P<ref>[a-z0-9]{8,32})-(?P<seal>[0-9a-f]{16})@")
LONGEST_LOCAL = 28  # octets of a mailbox's local part that leave room for a reference and its seal (RFC 5321: 64)


@dataclass(frozen=True, slots=True)
class Token:
    """A signed order to move one case to one department, as found in a mail."""

    ref: str
    department: str
    seal: str


def route_line(text: str) -> str | None:
    """What stands after `route:` on the first line that says something, or None where that line says no such thing.

    A line without a letter says nothing, and neither does a greeting above.
    """
    lines = [line for line in text.splitlines() if any(map(str.isalnum, line))]
    while lines[1:] and _GREETING.match(lines[0]):
        del lines[0]
    found = ROUTE_LINE.match(lines[0]) if lines else None
    return found["name"] if found else None


def later_route(text: str) -> str | None:
    """What stands after `route:` on a line that does not come first, or None. Quoted, and in a note of ours, which
    stands there whole where a mail program marks no quotes, such a line is nobody's order.
    """
    if LINK.search(text):
        return None
    found = (ROUTE_LINE.match(line) for line in text.splitlines() if not line.lstrip().startswith(">"))
    return next((line["name"] for line in found if line), None)


def token_in(subject: str) -> Token | None:
    """The signed order of a mail that was begun with a link, not yet checked; ``subject`` is the whole of what was
    written there, and nothing may stand beside it but tags in brackets: an answer to such a mail is no order.
    """
    found = _LINKED.fullmatch(subject)
    return Token(found["ref"], found["department"], found["seal"]) if found else None


def tokens_in(note: str) -> Iterator[Token]:
    """Every signed link in the text of a letter of ours, not yet checked."""
    for found in TOKEN.finditer(unquote(note)):
        yield Token(found["ref"], found["department"], found["seal"])


def seal(key: bytes, ref: str, department: str) -> str:
    """The signature that binds a case to a department: HMAC-SHA256 (RFC 2104), its first 128 bits in hex."""
    return hmac.new(key, f"{ref}\0{department}".encode(), hashlib.sha256).hexdigest()[:32]


def holds(token: Token, key: bytes) -> bool:
    """Whether this token was signed with this key."""
    return hmac.compare_digest(token.seal, seal(key, token.ref, token.department))


def link(mailbox: str, key: bytes, ref: str, department: str) -> str:
    """A `mailto:` URL (RFC 6068) that moves the case to the department when sent by a colleague."""
    subject = f"route: {department} [{ref}.{department}.{seal(key, ref, department)}]"
    return f"mailto:{quote(mailbox, safe='@')}?subject={quote(subject)}&body={quote(f'route: {department}')}"


def case_address(mailbox: str, key: bytes, ref: str) -> str:
    """The mailbox's address for answers about one case, `ask+c-REF-SEAL@...`: all in lower case, since mail programs
    change the case of addresses. "" for a reference that would not survive that.
    """
    local, _, domain = mailbox.lower().rpartition("@")
    address = f"{local}+c-{ref}-{_address_seal(key, ref)}@{domain}"
    return address if CASE_ADDRESS.search(address) else ""


def ref_at(address: str, key: bytes) -> str | None:
    """The reference of the case whose address this is, or None where it is none, or was not signed with this key."""
    found = CASE_ADDRESS.search(address.lower())
    if found is None or not hmac.compare_digest(found["seal"], _address_seal(key, found["ref"])):
        return None
    return found["ref"]


def _address_seal(key: bytes, ref: str) -> str:
    """64 bits: each guess is a mail. No department has an empty key, so it can't be taken for a link's."""
    return seal(key, ref, "")[:16]
