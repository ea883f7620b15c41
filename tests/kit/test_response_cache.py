"""What is kept of answers has bounds, whoever asks for what."""

import httpx
from carillon_kit.response_cache import ResponseCache, ResponseCacheMiddleware
from starlette.responses import Response


async def test_long_addresses_fill_the_memory_as_long_answers_do() -> None:
    asked: list[str] = []

    async def app(scope, receive, send) -> None:
        asked.append(scope["path"])
        await Response(b"[]", headers={"Cache-Control": "no-cache"})(scope, receive, send)

    keeping = ResponseCacheMiddleware(app, ResponseCache(1024**2))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(keeping), base_url="http://api.test") as client:
        for number in range(32):
            await client.get(f"/{number}", params={"anything": "x" * 60_000})
        asked.clear()
        for number in (31, 0):
            await client.get(f"/{number}", params={"anything": "x" * 60_000})
    assert asked == ["/0"], "the last one is kept, the first one had to make room"
