"""The sample library's own addresses, and the mails in ``eml/`` with what they must be understood as."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from mailbot.mail import Ours

FOLDER = Path(__file__).parent
RIVERBEND = Ours(
    addresses=frozenset({"ask@riverbend.example", "info@riverbend.example"}),
    departments=frozenset({"reference@riverbend.example", "special@riverbend.example", "outreach@riverbend.example"}),
    staff_domains=frozenset({"riverbend.example"}),
    lists=frozenset({"ask-the-library@groups.example.com"}),
    forms=frozenset({"noreply-forms@riverbend.example"}),
)


def expected() -> list[dict[str, Any]]:
    """One table for each mail."""
    return list(tomllib.loads((FOLDER / "expected.toml").read_text("utf-8"))["mail"])


def raw(file: str) -> bytes:
    """The bytes of one of the mails."""
    return (FOLDER / "eml" / file).read_bytes()
