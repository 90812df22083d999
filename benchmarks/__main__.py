"""Runs the benchmarks named on the command line, or all. Each prints what it measured, bad figures too."""

from __future__ import annotations

import importlib
import platform
import sys

ALL = (
    "start",
    "letters",
    "advice",
    "inspect",
    "growth",
    "arrival",
    "way",
    "rest",
    "guess",
    "assignment",
    "cost",
    "learning",
)


def main() -> None:
    """Each benchmark is a module with a ``main``."""
    names = sys.argv[1:] or ALL
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}\n")
    for name in names:
        print(f"== {name}", flush=True)
        importlib.import_module(f"benchmarks.{name}").main()
        print(flush=True)


if __name__ == "__main__":
    main()
