"""What all private servers share: a scratch folder, free ports, a start that waits, and an end that is certain.

Owns processes and ports. Knows nothing of mail or databases.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Self

_FAREWELL = 'kill "$1" "$2"; sleep 2; kill -9 -- "-$2"; rm -rf "$3"'


class ServerMissing(Exception):
    """The server is not on this machine, or may not be started; the message says which and how to get it."""


class StartFailed(Exception):
    """The server is there and did not come up; the message holds the end of its log."""


def free_port() -> int:
    """A port nobody listens on, below the range that outgoing connections take theirs from."""
    while True:
        port = random.randint(15_000, 32_000)
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def program(name: str, package: str, *folders: str) -> str:
    """Where a program lies; servers are often outside an ordinary user's PATH. Raises ServerMissing."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *folders, "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"])
    found = shutil.which(name, path=path)
    if found is None:
        raise ServerMissing(f"{name} is not installed (Debian package {package})")
    return found


class Guard:
    """A process that runs a shell command when this process ends, however it ends: it then sees its pipe close."""

    def __init__(self, command: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", f"cat >/dev/null; {command}", "guard", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def dismiss(self) -> None:
        """It need not do anything any more."""
        self._process.kill()
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


class Daemon(ABC):
    """A private server. ``stop()`` and ``start()`` keep ports and files; ``close()`` removes them.

    When this process ends, however it ends, a guard kills the server and removes the folder.
    """

    ports = 1
    stop_signal = signal.SIGTERM
    gentle_end = False  # what is thrown away may be killed, and that is quicker

    def __init__(self) -> None:
        # Short, since it holds Unix sockets, and open, since servers run as other users.
        self.folder = Path(tempfile.mkdtemp(prefix="mbt-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.port_numbers: list[int] = []
        self.pid: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: Guard | None = None
        atexit.register(self.close)

    @abstractmethod
    def configure(self) -> None:
        """Write the configuration for ``port_numbers`` into ``folder``."""

    @abstractmethod
    def launch(self) -> int:
        """Start the server and return its process id."""

    def start(self) -> Self:
        """Up and answering on all its ports. The first start looks for other ports where one is taken meanwhile."""
        if self.pid is not None:
            return self
        first = not self.port_numbers
        for attempt in range(4):
            if first:
                self.port_numbers = [free_port() for _ in range(self.ports)]
            self.configure()
            try:
                self._bring_up()
            except StartFailed:
                self.stop()
                if not first or attempt == 3:
                    raise
            else:
                return self
        raise AssertionError("unreachable")

    def stop(self) -> None:
        """Ask it to end, wait, and insist after ten seconds."""
        pid, self.pid = self.pid, None
        self._dismiss_guard()
        if pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, self.stop_signal)
            if not self._gone(pid, 10):
                os.kill(pid, signal.SIGKILL)
                self._gone(pid, 10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)  # those that outlive their master, serving who is still connected
        self._process = None

    def kill(self) -> None:
        """End it the hard way, as a power cut would."""
        if self.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self._gone(self.pid, 10)
        self.stop()

    def close(self) -> None:
        """Stop and leave nothing behind."""
        atexit.unregister(self.close)
        if self.gentle_end:
            self.stop()
        else:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def spawn(self, command: list[str], user: str | None = None) -> int:
        """Run a server in the foreground as our child, its output in ``output.log``, out of reach of Ctrl-C."""
        with (self.folder / "output.log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
                user=user,
                group=user,
                extra_groups=[] if user else None,
            )
        return self._process.pid

    def _bring_up(self) -> None:
        self.pid = self.launch()
        self._guard = Guard(_FAREWELL, f"-{self.stop_signal.value}", str(self.pid), str(self.folder))
        deadline = time.monotonic() + 30
        while not self.ready():
            if self._gone(self.pid, 0) or time.monotonic() > deadline:
                raise StartFailed(f"{type(self).__name__} did not start\n{self.log()}")
            time.sleep(0.01)

    def ready(self) -> bool:
        """Whether it answers on all its ports."""
        return all(_listening(port) for port in self.port_numbers)

    def log(self) -> str:
        """The end of everything the server has logged."""
        texts = [path.read_text(errors="replace")[-3000:] for path in sorted(self.folder.glob("*.log"))]
        return "\n".join(texts)

    def _dismiss_guard(self) -> None:
        guard, self._guard = self._guard, None
        if guard is not None:
            guard.dismiss()

    def _gone(self, pid: int, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while True:
            if self._process is not None and self._process.pid == pid:
                if self._process.poll() is not None:
                    return True
            else:
                try:
                    os.kill(pid, 0)
                except ProcessLookupError:
                    return True
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.01)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True
