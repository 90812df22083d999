"""Coverage-guided fuzzing of the mail package: ``python tests/mail/fuzz.py CORPUS [libFuzzer options]``.

Needs atheris, which the tests do not. A crash is an exception out of ``understand`` or a mail that takes longer than
``SLOW`` seconds for each 100 KB; either is written to a file, which then becomes a mail in ``eml/``.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

sys.path.insert(0, str(Path(__file__).parents[2]))

with atheris.instrument_imports(include=["mailbot.mail"]):
    from mailbot.mail import parse, understand
    from mailbot.mail.bounce import bounce_of

from tests.mail.sample import RIVERBEND

SLOW = 2.0
_FROM_STAFF = b"From: dan.whitlock@riverbend.example\nSubject: Fwd: x\n"


def one_input(data: bytes) -> None:
    """The same bytes as a mail, and as what a colleague passed on."""
    began = time.process_time()
    found = understand(data, RIVERBEND)
    understand(_FROM_STAFF + data, RIVERBEND)
    bounce_of(parse(data))
    if time.process_time() - began > SLOW * max(1.0, len(data) / 100_000):
        raise TimeoutError(f"{len(data)} bytes took {time.process_time() - began:.1f} s")
    if found.answerable and (found.writer is None or "@" not in found.writer.address):
        raise AssertionError("answerable, but to nobody")
    found.text.encode("utf-8")


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
