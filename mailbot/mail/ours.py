"""What of the world is the library's own, as far as reading mail needs to know it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailbot.mail.addresses import Address, unplussed

ABOVE_ORIGINAL = "-" * 40
"""The line of a letter to staff that stands between the note and what was written to the library."""

_OUR_ID = re.compile(r"^<[^<>@\s]+\.mailbot@([^<>@\s]+)>$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Ours:
    """What of the world is the library's own; all addresses and domains in lower case.

    ``addresses``: the mailboxes and their aliases. ``departments``: where mailbot forwards to.
    ``staff_domains``: whose mail may pass on, answer and correct. ``lists``: mailing lists that feed the
    mailbox (a Google Group in front of it), by address. ``forms``: From addresses of web forms on our own
    site, where the writer stands in Reply-To or in the text. ``trusted`` are the authserv-ids of mail servers whose
    word on a sender counts (RFC 8601).
    """

    addresses: frozenset[str]
    departments: frozenset[str]
    staff_domains: frozenset[str]
    lists: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    trusted: frozenset[str] = frozenset()

    @property
    def domains(self) -> frozenset[str]:
        """The domains that the mailboxes write from."""
        return frozenset(address.rpartition("@")[2] for address in self.addresses)

    def is_own(self, address: Address) -> bool:
        """Whether this is an address of the mailboxes, plain or with something behind a plus (RFC 5233).

        Also where plus addressing is off: an address that was signed before may still be written to, and nobody but
        the mailbox has what stands behind the plus. A department's own address is never one.
        """
        return address.key in self.addresses or (
            "+" in address.key and unplussed(address.key) in self.addresses and address.key not in self.departments
        )

    def passes_on(self, address: Address) -> bool:
        """Whether it is a mailbox of ours, or a list's that feeds it: no writer is at home there."""
        return self.is_own(address) or address.key in self.lists

    def is_house(self, address: Address) -> bool:
        """Whether mail to this address reaches the library: there, or a colleague."""
        return self.passes_on(address) or self.is_staff(address)

    def gave(self, message_id: str) -> bool:
        """Whether this Message-ID (in angle brackets) looks like one of our letters'."""
        found = _OUR_ID.match(message_id)
        return found is not None and found[1].lower() in self.domains

    def is_staff(self, address: Address | None) -> bool:
        """Whether this is a colleague's address (never one of the mailboxes themselves)."""
        if address is None or self.is_own(address):
            return False
        return address.key in self.departments or any(
            address.domain == domain or address.domain.endswith("." + domain) for domain in self.staff_domains
        )
