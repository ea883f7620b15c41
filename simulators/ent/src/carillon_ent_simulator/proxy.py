"""A proxy whose whole world is the simulator: every CONNECT ends at its TLS endpoint, every plain request at its other.

So unmodified clients meet the portals under their real names, and nothing leaves the machine.
"""

import asyncio
import contextlib
from dataclasses import dataclass

_LARGEST_HEAD = 64 * 1024


@dataclass(frozen=True)
class Proxy:
    """The two endpoints behind the proxy, by their ports on the loopback address."""

    tls_port: int
    plain_port: int

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection of a client."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = await reader.readuntil(b"\r\n\r\n")
            if len(head) <= _LARGEST_HEAD:
                await self._join(head, reader, writer)
        writer.close()

    async def _join(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tunnel = head.startswith(b"CONNECT ")
        site_reader, site_writer = await asyncio.open_connection("127.0.0.1", self._port(tunnel=tunnel))
        if tunnel:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            site_writer.write(head)
        # The first side to end its part ends both: HTTP has nothing more to say then.
        parts = {asyncio.create_task(_copy(reader, site_writer)), asyncio.create_task(_copy(site_reader, writer))}
        _, rest = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        for part in rest:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)
        site_writer.close()

    def _port(self, *, tunnel: bool) -> int:
        return self.tls_port if tunnel else self.plain_port


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(64 * 1024):
            writer.write(data)
            await writer.drain()
