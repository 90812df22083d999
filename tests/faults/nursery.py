"""Starts `mailbot` processes without their start-up: a process that has everything imported, and forks.

Each command runs `mailbot.cli.main` in a process of its own, with its own signals, files and end, so it can be killed
like any other; only the seconds of importing and of fitting the model are spent once. The model does without the
starter collection, since nobody here looks at how good a guess is.

Run as a program it is the forking process: a line of JSON in, a line out.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent.parent.parent
DEADLY = "MAILBOT_TEST_DEADLY"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit status (minus the signal's number), and what it said."""

    status: int
    out: str
    err: str


class Command:
    """A running `mailbot` command."""

    def __init__(self, nursery: Nursery, pid: int, out: Path, err: Path) -> None:
        self.pid = pid
        self._nursery = nursery
        self._out = out
        self._err = err
        self._seen = 0
        self._status: int | None = None

    def running(self) -> bool:
        """Whether it has not ended yet."""
        if self._status is None:
            self._status = self._nursery.poll(self.pid)
        return self._status is None

    def log(self) -> str:
        """All it has said on stderr so far."""
        return self._err.read_text(errors="replace")

    def news(self) -> list[str]:
        """The whole lines on stderr since the last call."""
        with self._err.open("rb") as file:
            file.seek(self._seen)
            fresh = file.read()
        whole = fresh[: fresh.rfind(b"\n") + 1]
        self._seen += len(whole)
        return whole.decode(errors="replace").splitlines()

    def await_log(self, what: str, seconds: float = 60) -> None:
        """Returns once it has said so on stderr. Raises AssertionError where it ends without."""
        deadline = time.monotonic() + seconds
        while what not in self.log():
            assert self.running(), f"ended without saying {what!r}:\n{self.log()}"
            assert time.monotonic() < deadline, f"{what!r} was not said within {seconds} seconds:\n{self.log()}"
            time.sleep(0.01)

    def signal(self, number: signal.Signals) -> None:
        """Sends it a signal, unless it has ended."""
        if self.running():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def end(self, seconds: float = 120) -> Ended:
        """Waits until it has ended by itself."""
        deadline = time.monotonic() + seconds
        while self.running():
            if time.monotonic() > deadline:
                self.signal(signal.SIGKILL)
                raise AssertionError(f"did not end within {seconds} seconds:\n{self.log()[-5000:]}")
            time.sleep(0.005)
        assert self._status is not None
        return Ended(self._status, self._out.read_text(errors="replace"), self.log())


class Nursery:
    """Close it at the end: what still runs is killed then. For one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
            start_new_session=True,
        )

    def start(self, *args: str, environ: Mapping[str, str] | None = None, files: int | None = None) -> Command:
        """Starts `mailbot ARGS`. ``files``: no file may grow beyond so many bytes, as on a disk that is full."""
        self._count += 1
        out, err = (self._folder / f"{self._count}.{name}" for name in ("out", "err"))
        out.touch()
        err.touch()
        asked = {"args": args, "environ": dict(environ or {}), "out": str(out), "err": str(err), "files": files}
        return Command(self, int(self._ask(asked)), out, err)

    def poll(self, pid: int) -> int | None:
        """The exit status of a command, or None where it is still running."""
        said = self._ask({"poll": pid})
        return int(said) if said else None

    def close(self) -> None:
        """Ends it and all that it has started."""
        if self._process.stdin is not None and self._process.stdout is not None:
            self._process.stdin.close()
            self._process.wait()
            self._process.stdout.close()

    def _ask(self, what: object) -> str:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(what) + "\n")
        stdin.flush()
        said = stdout.readline()
        assert said, "the nursery has ended"
        return said.strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _serve() -> Sequence[str]:
    """Forks at every request. Returns only in a child: the arguments of its command."""
    children: set[int] = set()
    for line in sys.stdin:
        asked = json.loads(line)
        if "poll" in asked:
            pid, status = os.waitpid(asked["poll"], os.WNOHANG)
            children.discard(pid)
            print(os.waitstatus_to_exitcode(status) if pid else "", flush=True)
            continue
        pid = os.fork()
        if pid == 0:
            _become(asked["out"], asked["err"], asked["environ"], asked["files"])
            return [str(each) for each in asked["args"]]
        children.add(pid)
        print(pid, flush=True)
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    os._exit(0)


def _become(out: str, err: str, environ: Mapping[str, str], files: int | None) -> None:
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(os.open(out, os.O_WRONLY | os.O_APPEND), 1)
    os.dup2(os.open(err, os.O_WRONLY | os.O_APPEND), 2)
    os.environ.update(environ)
    if files is not None:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (files, files))


def _warm() -> None:
    """Imports what any command may need, fits the model once, and runs one harmless command."""
    import mailbot.classify
    import mailbot.cli
    import mailbot.engine.embedded
    from mailbot.serving import Service
    from mailbot.settings import Settings, load
    from tests.faults.deadly import Deadly, Kept

    os.environ["ASK_PASSWORD"] = "secret"
    departments = load(ROOT / "config", os.environ).library.departments
    fitted = mailbot.classify.fit(departments, starter=False)

    def at_hand(settings: Settings) -> tuple[Service, mailbot.classify.Classifier]:
        return Kept(), Deadly(fitted, os.environ[DEADLY]) if DEADLY in os.environ else fitted

    mailbot.cli._service = at_hand
    with contextlib.redirect_stdout(io.StringIO()), tempfile.TemporaryDirectory() as empty, contextlib.chdir(empty):
        mailbot.cli.app(["status", "--config", str(ROOT / "config")], standalone_mode=False)


if __name__ == "__main__":
    _warm()
    sys.argv = ["mailbot", *_serve()]
    from mailbot.cli import main

    main()
