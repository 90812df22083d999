"""Messages a second through `mailbot inspect --json`: in a kept process with the model loaded, and as one command."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.servers import ROOT, fitted, inquiries
from mailbot.preview import inspections
from mailbot.settings import load
from tests.mail.sample import expected, raw

NUMBER, ROUNDS = 1000, 3
COMMAND = [sys.executable, "-m", "mailbot.cli", "inspect", "--json", "--config", str(ROOT / "config")]


def main() -> None:
    """Prints the best of several rounds, since whatever else runs on the machine only ever slows it down."""
    settings, classifier = load(ROOT / "config", {"ASK_PASSWORD": "none"}), fitted()
    kinds = {
        "inquiries": inquiries(NUMBER),
        "forwards, replies, robots, traps": [raw(mail["file"]) for mail in expected()],
    }
    for name, mails in kinds.items():
        files = [(str(number), one, "") for number, one in enumerate(mails)]
        rate, cpu = 0.0, float("inf")
        for _ in range(ROUNDS):
            began, used = time.perf_counter(), time.process_time()
            shown = [one.as_json() for one in inspections(files, settings, classifier)]
            rate = max(rate, len(shown) / (time.perf_counter() - began))
            cpu = min(cpu, (time.process_time() - used) / len(shown) * 1000)
        print(f"{len(files)} {name}: {rate:.0f} messages/s, {cpu:.1f} ms of CPU each (best of {ROUNDS})")
    print(f"`mailbot inspect --json` on {NUMBER} files, start and model included: {_command():.1f} s")


def _command() -> float:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.eml" for number in range(NUMBER)]
        for file, mail in zip(files, inquiries(NUMBER), strict=True):
            file.write_bytes(mail)
        began = time.perf_counter()
        subprocess.run([*COMMAND, *map(str, files)], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - began
