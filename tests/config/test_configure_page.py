"""The page on configuration names every key there is, and no key that there isn't."""

from __future__ import annotations

import re
from pathlib import Path

from tests.config.known import known_keys

PAGE = Path(__file__).parents[2] / "docs" / "configure.md"


def _documented() -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    tables: list[str] = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            tables = re.findall(r"`\[+([a-z_.]+)\]+`", line)
        elif line.startswith("| `"):
            keys = re.findall(r"`([a-z_]+)`", line.split("|")[1])
            found |= {(table, key) for table in tables for key in keys}
    return found


def test_every_key_is_documented_and_no_other(tmp_path: Path) -> None:
    known = {(table, key) for table, key in known_keys(tmp_path) if table}
    assert known - _documented() == set()
    assert _documented() - known == set()
