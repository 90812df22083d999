"""Every key that the configuration knows, learned from what it says about a key it does not know."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mailbot.errors import ConfigError
from mailbot.settings import load

_MAILBOT = """
zzzzzz = 1
[library]
zzzzzz = 1
[[mailboxes]]
zzzzzz = 1
[mailboxes.imap]
zzzzzz = 1
[mailboxes.smtp]
zzzzzz = 1
[routing]
zzzzzz = 1
[classify]
zzzzzz = 1
[store]
zzzzzz = 1
[folders]
zzzzzz = 1
[worker]
zzzzzz = 1
[promises]
zzzzzz = 1
[follow_up]
zzzzzz = 1
[digest]
zzzzzz = 1
[urgent]
zzzzzz = 1
[corrections]
zzzzzz = 1
"""
_DEPARTMENTS = """
zzzzzz = 1
[[departments]]
zzzzzz = 1
[[departments.asks]]
zzzzzz = 1
[[departments.meanwhile]]
zzzzzz = 1
"""


def known_keys(folder: Path) -> set[tuple[str, str]]:
    """(table, key) of every key: ("library", "name"), ("mailboxes.imap", "host"), ("departments.asks", "when") ..."""
    (folder / "mailbot.toml").write_text(_MAILBOT)
    (folder / "departments.toml").write_text(_DEPARTMENTS)
    with pytest.raises(ConfigError) as caught:
        load(folder, {})
    found: set[tuple[str, str]] = set()
    for line in str(caught.value).splitlines():
        said = re.match(r".*?\.toml: (.*?):? ?zzzzzz: .*; known are (.*)$", line)
        if said:
            table = re.sub(r"\[\d+\]", "", said[1]).strip("[]").replace(": ", ".")
            found |= {(table, key) for key in said[2].split(", ")}
    return found
