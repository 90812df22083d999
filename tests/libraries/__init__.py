"""Seven libraries to measure with; see README.md there."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from mailbot.classify import NOBODY
from mailbot.classify.evaluate import Row
from mailbot.library import Department
from mailbot.settings import load

HERE = Path(__file__).parent
NAMES = ("kestrel", "dunmore", "harcourt", "marlow", "tindale", "northgate", "riverbend")
UNTOLD = "nothing"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A mail and the departments that would serve its writer, the right one first; none where nobody can help."""

    row: Row
    acceptable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleLibrary:
    """A library's directory, its mail, and who covers which topic: department's key (or ``NOBODY``) by topic."""

    name: str
    departments: tuple[Department, ...]
    mail: tuple[Labelled, ...]
    owner: Mapping[str, str]

    @property
    def by_hand(self) -> tuple[Department, ...]:
        """The departments, each told what it covers."""
        covers: dict[str, list[str]] = {}
        for topic, key in self.owner.items():
            covers.setdefault(key, []).append(topic)
        return tuple(replace(one, covers=tuple(covers.get(one.key, (UNTOLD,)))) for one in self.departments)


def sample_library(name: str) -> SampleLibrary:
    """One of ``NAMES``."""
    covers = tomllib.loads((HERE / name / "covers.toml").read_text("utf-8"))
    owner = {topic: NOBODY if key == "nobody" else key for key, topics in covers.items() for topic in topics}
    if name == "riverbend":
        root = HERE.parent.parent
        departments = load(root / "config", {}).library.departments
        return SampleLibrary(name, departments, _mail(root / "tests" / "riverbend" / "mail.jsonl"), owner)
    return SampleLibrary(name, _directory(HERE / name / "departments.toml"), _mail(HERE / name / "mail.jsonl"), owner)


def _directory(path: Path) -> tuple[Department, ...]:
    return tuple(
        Department(
            table["key"],
            table["name"],
            table["email"],
            table["description"],
            examples=tuple(table.get("examples", ())),
            triage=table.get("triage", False),
        )
        for table in tomllib.loads(path.read_text("utf-8"))["departments"]
    )


def _mail(path: Path) -> tuple[Labelled, ...]:
    tables = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return tuple(
        Labelled(Row(table["text"], table["department"] or NOBODY, table["subject"]), tuple(table["acceptable"]))
        for table in tables
        if "thanks" not in table.get("tags", [])
    )
