"""Whatever a page tells people to type is a command that exists, with options that exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mailbot.cli import app

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    (ROOT / "docs").glob("*.md")
)
TYPED = re.compile(r"^    (?:\S*ExecStart=)?(\S+ .+)$|`([^`\n]+)`", re.MULTILINE)


def _typed(start: str) -> list[tuple[str, str]]:
    """(page, line) for everything in code that begins with this program, wherever it lies."""
    found: set[tuple[str, str]] = set()
    for page in PAGES:
        for match in TYPED.finditer(page.read_text(encoding="utf-8")):
            line = re.sub(r"^(\S*=\S+ )*(\S*/)?", "", (match[1] or match[2]).removeprefix("ExecStart="))
            if re.match(rf"{start} \S", line):
                found.add((page.name, line))
    return sorted(found)


@pytest.mark.parametrize(("page", "line"), _typed("mailbot"))
def test_every_mailbot_command_on_a_page_exists_with_its_options(page: str, line: str) -> None:
    said = CliRunner().invoke(app, [*shlex.split(line)[1:], "--help"])
    assert said.exit_code == 0, said.output


@pytest.mark.parametrize("line", ["mailbot rum", "mailbot run --onec", "mailbot cases shwo REF"])
def test_a_command_that_does_not_exist_would_be_noticed(line: str) -> None:
    assert CliRunner().invoke(app, [*shlex.split(line)[1:], "--help"]).exit_code == 2


@pytest.mark.parametrize(("page", "line"), _typed("make"))
def test_every_make_target_on_a_page_exists(page: str, line: str) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert line.split()[1] in targets


def test_there_are_commands_on_the_pages() -> None:
    assert len(_typed("mailbot")) > 12
    assert len(_typed("make")) > 4
