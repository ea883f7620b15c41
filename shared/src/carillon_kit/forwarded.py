"""The address as the caller wrote it, where proxies stand between: absolute links are made from it."""

from typing import Any, cast

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware


class ForwardedMiddleware:
    """Believe X-Forwarded-Host, and as uvicorn does X-Forwarded-Proto and X-Forwarded-For, of trusted proxies only."""

    def __init__(self, app: ASGIApp, trusted: str) -> None:
        """`trusted` has addresses and networks with commas between them, or `*`."""
        self._uvicorns = ProxyHeadersMiddleware(cast("Any", app), trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        peer = scope.get("client")
        if scope["type"] == "http" and peer is not None and peer[0] in self._uvicorns.trusted_hosts:
            said = next((value for name, value in scope["headers"] if name == b"x-forwarded-host"), b"")
            # Each proxy adds to the list's end; its first entry is what the caller wrote.
            host = said.split(b",")[0].strip()
            if host:
                others = [pair for pair in scope["headers"] if pair[0] != b"host"]
                scope = {**scope, "headers": [*others, (b"host", host)]}
        await self._uvicorns(cast("Any", scope), cast("Any", receive), cast("Any", send))
