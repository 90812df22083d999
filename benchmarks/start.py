"""Seconds until the commands are there: `mailbot --help`, beside a bare interpreter."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

COMMAND = [sys.executable, "-c", "from mailbot.cli import main; main()"]
ROUNDS = 11


def main() -> None:
    """Prints the median of several starts, beside a bare interpreter's."""
    bare = _seconds([sys.executable, "-c", "pass"])
    print(f"python -c pass   {bare:.3f} s")
    print(f"mailbot --help   {_seconds([*COMMAND, '--help']):.3f} s (median of {ROUNDS})")


def _seconds(command: list[str]) -> float:
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)
