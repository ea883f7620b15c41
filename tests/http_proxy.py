"""A real proxy on loopback: plain requests, tunnels (`CONNECT`) and SOCKS 5."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

REFUSED = b"HTTP/1.1 407 X\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Proxy:
    """`names` are the hosts that only the proxy knows; `asked` is each connection's kind and `host:port`."""

    names: Mapping[str, str]
    account: str | None
    address: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            first = await reader.readexactly(1)
            await (self._socks if first == b"\x05" else self._http)(first, reader, writer)
        writer.close()

    async def _http(self, first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = first + await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        tunnel = method == "CONNECT"
        host = target if tunnel else urlsplit(target).netloc
        if self.account is not None and b64encode(self.account.encode()) not in head:
            writer.write(REFUSED)
            return
        self.asked.append(("connect" if tunnel else "http", host))
        if tunnel:
            writer.write(b"HTTP/1.1 200 X\r\n\r\n")
        await self._joined(host, b"" if tunnel else head, reader, writer)

    async def _socks(self, _first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly((await reader.readexactly(1))[0])
        writer.write(b"\x05\x00")
        kind = (await reader.readexactly(4))[3]
        name = await reader.readexactly(4 if kind == 1 else (await reader.readexactly(1))[0])
        port = int.from_bytes(await reader.readexactly(2))
        host = f"{'.'.join(map(str, name)) if kind == 1 else name.decode()}:{port}"
        self.asked.append(("socks5", host))
        writer.write(b"\x05\x00\x00\x01" + bytes(6))
        await self._joined(host, b"", reader, writer)

    async def _joined(
        self, host: str, start: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        name, _, port = self.names.get(host, host).rpartition(":")
        there, back = await asyncio.open_connection(name, int(port))
        back.write(start)
        await asyncio.gather(_copy(reader, back), _copy(there, writer))


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await source.read(65536):
            target.write(chunk)
        target.close()
        await target.wait_closed()


@asynccontextmanager
async def running_proxy(names: Mapping[str, str] | None = None, account: str | None = None) -> AsyncIterator[Proxy]:
    """A proxy until the block ends; with an `account` (`user:password`) it serves nobody else."""
    proxy = Proxy(names or {}, account)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    async with server:
        proxy.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield proxy
