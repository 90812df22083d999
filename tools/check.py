"""`make check`: every check, one after the other, all of them even where one fails; a summary at the end."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parent.parent

CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("format", (str(BIN / "ruff"), "format", "--check", "--quiet", ".")),
    ("lint", (str(BIN / "ruff"), "check", "--quiet", ".")),
    ("types", (str(BIN / "mypy"), "--strict", "--no-error-summary")),
    ("imports", (str(BIN / "lint-imports"), "--no-cache")),
    ("links", (sys.executable, "tools/links.py")),
    ("vulnerabilities", (sys.executable, "tools/audit.py")),
)


def passes(name: str, command: tuple[str, ...]) -> bool:
    """Run one check; what it says is shown where it fails, its last line where it passes."""
    start = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    said = done.stdout.strip()
    if done.returncode != 0:
        print(f"--- {name}\n{said}\n")
    last = said.splitlines()[-1] if said and done.returncode == 0 else ""
    print(
        f"{'passed' if done.returncode == 0 else 'FAILED'}  {name:16} {time.monotonic() - start:5.1f} s  {last}",
        flush=True,
    )
    return done.returncode == 0


def main() -> int:
    """Exit status: 0 where every check passed, else 1."""
    failed = [name for name, command in CHECKS if not passes(name, command)]
    print(f"make check: {', '.join(failed)} failed" if failed else "make check: all passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
