"""A TCP proxy that delays, fragments, swallows, resets, or loses a chosen reply."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tests.servers.loop import LoopThread


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong from now on. "up" is from client to server, "down" from server to client.

    ``delay``: seconds before each chunk; ``fragment``: at most so many bytes a write, ``gap`` seconds apart;
    ``refuse``: reset at once; ``black_hole``: "up", "down" or "both" swallow everything; ``reset_after_up`` and
    ``reset_after_down``: reset after so many bytes; ``cut_up``: reset just after forwarding a client chunk that
    holds this (the server heard it, its reply is lost); ``cut_down``: lose the server's chunk that holds this.
    """

    delay: float = 0.0
    fragment: int = 0
    gap: float = 0.0
    refuse: bool = False
    black_hole: str = ""
    reset_after_up: int | None = None
    reset_after_down: int | None = None
    cut_up: bytes = b""
    cut_down: bytes = b""
    grace: float = 0.2


class FaultProxy:
    """Stands before ``target`` on ``port``. Set ``faults`` at any time.

    ``connections`` counts what came in, ``passed_up`` the bytes that the youngest of them has sent up.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self.faults = Faults()
        self.connections = 0
        self.passed_up = 0
        self._thread: LoopThread | None = None
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    def start(self) -> Self:
        """Listen; a later start takes the same port again."""
        if self._thread is None:
            self._thread = LoopThread()
            self._thread.call(self._listen())
        return self

    def stop(self) -> None:
        """Reset every connection and listen no more."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.call(self._hang_up())
            thread.close()

    def cut(self) -> None:
        """Reset every connection that is open now."""
        assert self._thread is not None
        self._thread.call(self._reset_all())

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _hang_up(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._reset_all()

    async def _reset_all(self) -> None:
        _reset(*self._open)
        await asyncio.sleep(0)

    async def _connected(self, client_in: asyncio.StreamReader, client_out: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.faults.refuse:
            _reset(client_out)
            return
        try:
            server_in, server_out = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            _reset(client_out)
            return
        both = (client_out, server_out)
        self._open.update(both)
        try:
            await asyncio.gather(
                self._pump(client_in, server_out, "up", both),
                self._pump(server_in, client_out, "down", both),
                return_exceptions=True,
            )
        finally:
            self._open.difference_update(both)
            for writer in both:
                writer.close()

    async def _pump(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        way: str,
        both: tuple[asyncio.StreamWriter, ...],
    ) -> None:
        seen = b""
        passed = 0
        while chunk := await source.read(65536):
            faults = self.faults
            await asyncio.sleep(faults.delay)
            if faults.black_hole in (way, "both"):
                continue
            seen = (seen + chunk)[-4096:]
            passed += len(chunk)
            if way == "up":
                self.passed_up = passed
            if faults.cut_down and way == "down" and faults.cut_down in seen:
                _reset(*both)
                return
            await _forward(chunk, target, faults)
            limit = faults.reset_after_up if way == "up" else faults.reset_after_down
            heard = bool(faults.cut_up) and way == "up" and faults.cut_up in seen
            if heard or (limit is not None and passed >= limit):
                await asyncio.sleep(faults.grace if heard else 0)
                _reset(*both)
                return
        target.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


async def _forward(chunk: bytes, target: asyncio.StreamWriter, faults: Faults) -> None:
    size = faults.fragment or len(chunk)
    for start in range(0, len(chunk), size):
        target.write(chunk[start : start + size])
        await target.drain()
        if faults.gap:
            await asyncio.sleep(faults.gap)


def _reset(*writers: asyncio.StreamWriter) -> None:
    for writer in writers:
        sock = writer.get_extra_info("socket")
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
