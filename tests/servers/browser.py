"""Debian's Chromium without a window, for a look at a page as a reader sees it. Asks nothing of any network."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.servers.daemon import program

_QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars"),
)


class Browser:
    """Opens one page at a time, each with a profile of its own below ``folder``. Raises ServerMissing without one."""

    def __init__(self, folder: Path) -> None:
        self._binary = program("chromium", "chromium")
        self._folder = folder
        self._opened = 0

    def document(self, page: Path) -> str:
        """The page's document as the browser has understood it, written out again as HTML."""
        return self._look(page, "--dump-dom").decode("utf-8")

    def picture(self, page: Path, width: int, height: int) -> bytes:
        """The page's top as a PNG."""
        place = self._folder / f"picture-{self._opened}.png"
        self._look(page, f"--window-size={width},{height}", f"--screenshot={place}")
        return place.read_bytes()

    def _look(self, page: Path, *wishes: str) -> bytes:
        self._opened += 1
        profile = self._folder / f"profile-{self._opened}"
        command = [self._binary, *_QUIET, f"--user-data-dir={profile}", *wishes, page.resolve().as_uri()]
        with (self._folder / "browser.log").open("ab") as log:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, check=True, timeout=120,
                env={"HOME": str(self._folder), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
            )  # fmt: skip
        return done.stdout
