"""How the time to read a mail grows with its size: for each hostile kind, by what factor a doubling multiplies it.

Two is linear; less is what the bounds save. More than two again and again would be a way to keep a library's mail from
being read.
"""

from __future__ import annotations

import time

from mailbot.mail import parse, understand
from mailbot.mail.bounce import bounce_of
from tests.mail.hostile import hostile
from tests.mail.sample import RIVERBEND

SIZES = tuple(25_000 * 2**power for power in range(6))
TRIES = 2
# Word lists and the language identifier are read when they are first needed; that is no part of any mail's time.
STRANGE = "From: Pat <pat.ron@example.com>\n\nVorrei sapere se la biblioteca è aperta.".encode()


def main() -> None:
    """Prints milliseconds of CPU for each kind, from the smallest size to the largest, and the factor of a doubling."""
    _milliseconds(STRANGE)
    times: dict[str, list[float]] = {}
    for size in SIZES:
        for kind, raw in hostile(size).items():
            times.setdefault(kind, []).append(min(_milliseconds(raw) for _ in range(TRIES)))
    sizes = " ".join(f"{size // 1000:>6}K" for size in SIZES)
    print(f"{'ms of CPU at a size of':<24}{sizes}  a doubling")
    for kind, taken in sorted(times.items(), key=lambda one: -_doubling(one[1])):
        print(f"{kind:<24}{' '.join(f'{one:7.1f}' for one in taken)}  {_doubling(taken):.2f} times")
    print(f"steepest: {max(map(_doubling, times.values())):.2f} times; slowest: {max(map(max, times.values())):.0f} ms")


def _doubling(taken: list[float]) -> float:
    """The factor of one doubling, the mean (geometric) of the last three, where what is fixed counts least."""
    return float((taken[-1] / taken[-4]) ** (1 / 3))


def _milliseconds(raw: bytes) -> float:
    began = time.process_time()
    understand(raw, RIVERBEND)
    bounce_of(parse(raw))
    return (time.process_time() - began) * 1000
