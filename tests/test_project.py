"""The project as others pick it up: locks, paths, links, and what starting a command costs."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKS = (ROOT / "requirements" / "run.txt", ROOT / "requirements" / "dev.txt")
NOT_OURS = {".git", ".venv", "var", "dist", "__pycache__"}
HEAVY = (
    "importlib.metadata",
    "sklearn",
    "numpy",
    "scipy",
    "sqlalchemy",
    "alembic",
    "imapclient",
    "aiosmtplib",
    "babel",
    "holidays",
)


def tracked_files() -> list[Path]:
    """What git tracks; where git is missing, all that lies outside the folders it ignores."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        files = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        files = [path for path in ROOT.rglob("*") if not NOT_OURS & set(path.relative_to(ROOT).parts)]
    return [path for path in files if path.is_file()]


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_dependency_has_hashes(lock: Path) -> None:
    requirements = re.split(r"\n(?=[A-Za-z0-9])", lock.read_text(encoding="utf-8").strip())
    assert len(requirements) > 20
    assert [entry.splitlines()[0] for entry in requirements if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_no_index(lock: Path) -> None:
    assert re.findall(r"--(?:extra-)?index-url|--find-links|https?://|file:|--trusted-host", text_of(lock)) == []


def test_the_two_locks_agree_on_every_version() -> None:
    run, dev = (dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text_of(lock), re.MULTILINE)) for lock in LOCKS)
    assert {name: (version, dev.get(name)) for name, version in run.items() if dev.get(name) != version} == {}


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))
    every_lock = "\n".join(map(text_of, (LOCKS[1], ROOT / "requirements" / "fuzz.txt")))
    locked = dict(re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", every_lock, re.MULTILINE))
    optional = project["project"]["optional-dependencies"]
    groups = project["dependency-groups"]
    asked = chain(project["project"]["dependencies"], *optional.values(), *groups.values())
    for requirement in map(Requirement, asked):
        assert requirement.specifier.contains(locked[canonicalize_name(requirement.name)]), requirement


def test_no_tracked_file_names_a_folder_of_some_machine() -> None:
    folders = re.compile(r"(?<![\w.:/$}~-])/(?:work|root|home/(?!\$)\w|Users/\w|opt/(?:wheels|pypi))(?:/|\b)")
    assert [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in tracked_files()
        if path.suffix not in {".eml", ".jsonl"} and (found := folders.search(text_of(path)))
    ] == []


def test_no_tracked_file_names_a_package_registry() -> None:
    hosts = re.compile(
        "|".join(("files[.]python" + "hosted", "pypi[.]" + "org", "index" + "-url *=", "arti" + "factory"))
    )
    assert [str(path.relative_to(ROOT)) for path in tracked_files() if hosts.search(text_of(path))] == []


def test_links_in_the_documentation_lead_somewhere() -> None:
    done = subprocess.run([sys.executable, "tools/links.py"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_target_of_the_makefile_says_what_it_does() -> None:
    described = set(re.findall(r"^([a-z-]+):.*## \S", text_of(ROOT / "Makefile"), re.MULTILINE))
    assert {"setup", "test", "check", "demo", "bench", "chaos", "fuzz", "lock", "format", "clean", "help"} <= described


def test_the_version_is_the_packages_own() -> None:
    program = [sys.executable, "-c", "from mailbot.cli import main; main()", "--version"]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True)
    pinned = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]["version"]
    assert done.stdout == f"mailbot {pinned}\n"


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys, mailbot.cli\n"
        "sys.argv = ['mailbot', '--help']\n"
        "try: mailbot.cli.main()\n"
        "except SystemExit: pass\n"
        f"print('loaded:', *sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().splitlines()[-1] == "loaded:"
