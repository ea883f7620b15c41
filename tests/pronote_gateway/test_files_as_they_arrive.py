"""Files go through the gateway as they arrive: never whole in its memory, never beyond the limit, nothing left open."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from urllib.parse import quote

import httpx
import pytest
import uvicorn
from carillon_pronote import HttpLimits
from carillon_pronote_simulator import create_app
from carillon_servers import eventually
from pronote_servers import TODAY

ERA = "2025.2.8"
PIECE = bytes(range(256)) * 256
LIMIT = HttpLimits().largest_file


@asynccontextmanager
async def served(app) -> AsyncIterator[str]:
    """An application as a real server: in-process transports keep answers until they are whole."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
    running = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await running


class School:
    """The simulated school, whose files a test sends as it likes with `send_file(receive, send)`."""

    def __init__(self) -> None:
        self.simulator = create_app(ERA, today=date.fromisoformat(TODAY))
        self.send_file = None

    async def __call__(self, scope, receive, send) -> None:
        if self.send_file is not None and "/FichiersExternes/" in scope["path"]:
            await receive()  # the request itself
            await self.send_file(receive, send)
        else:
            await self.simulator(scope, receive, send)


async def begin(send, status: int = 200, length: int | None = None) -> None:
    headers = [] if length is None else [(b"content-length", str(length).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def piece(send, body: bytes = PIECE, *, last: bool = False) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": not last})


@pytest.fixture
async def school():
    return School()


@pytest.fixture
async def reader(gateway, school):
    """Begins to ask a gateway that listens for a file of that school; gives the answer, still unread."""
    async with gateway() as caller, served(school) as root, served(caller.app) as url:
        token = await caller.sign_in(f"{root}/pronote")
        days = {"from": "2026-11-16", "to": "2026-11-28"}
        homework = (await caller.read(token, "/homework", **days)).json()
        file = next(one for each in homework for one in each["attachments"] if one["kind"] == 1)
        address = f"{url}/pronote/v1/files/{quote(file['id'], safe='')}"
        async with httpx.AsyncClient(timeout=30, headers={"Authorization": f"Bearer {token}"}) as http:
            yield lambda: http.stream("GET", address, params={"name": "film.mp4"})


async def test_the_first_bytes_arrive_before_the_school_has_sent_the_last(school, reader):
    arrived = asyncio.Event()

    async def send_file(_receive, send):
        await begin(send, length=200 * len(PIECE))
        await piece(send)
        await arrived.wait()
        for number in range(2, 201):
            await piece(send, last=number == 200)

    school.send_file = send_file
    async with reader() as answer:
        assert (answer.status_code, answer.headers["content-type"]) == (200, "video/mp4")
        assert answer.headers["content-length"] == str(200 * len(PIECE))
        chunks = answer.aiter_bytes()
        received = await anext(chunks)
        arrived.set()
        received += b"".join([chunk async for chunk in chunks])
    assert received == 200 * PIECE


async def test_a_file_said_to_be_larger_than_allowed_is_refused_before_its_first_byte(school, reader):
    refused = asyncio.Event()

    async def send_file(receive, send):
        await begin(send, length=LIMIT + 1)
        await piece(send)
        assert (await receive())["type"] == "http.disconnect"
        refused.set()

    school.send_file = send_file
    async with reader() as answer:
        assert (answer.status_code, answer.headers["content-type"]) == (502, "application/problem+json")
    await asyncio.wait_for(refused.wait(), 10)


async def test_a_file_that_turns_out_larger_than_allowed_is_cut_and_not_taken_for_whole(school, reader):
    async def send_file(_receive, send):
        await begin(send)
        for _ in range(LIMIT // len(PIECE) + 1):
            await piece(send)
        await piece(send, b"", last=True)

    school.send_file = send_file
    received = 0

    async def read():
        nonlocal received
        async with reader() as answer:
            async for chunk in answer.aiter_bytes():
                received += len(chunk)

    with pytest.raises(httpx.RemoteProtocolError):
        await read()
    assert 0 < received <= LIMIT


async def test_the_school_is_let_go_when_the_reader_leaves(school, reader):
    left = asyncio.Event()

    async def send_file(receive, send):
        await begin(send)
        leaving = asyncio.create_task(receive())
        while not leaving.done():
            await piece(send)
            await asyncio.sleep(0)
        left.set()

    school.send_file = send_file
    async with reader() as answer:
        await anext(answer.aiter_bytes())
    await asyncio.wait_for(left.wait(), 10)


async def test_a_refusal_is_a_problem_and_an_empty_file_is_none(school, reader):
    async def busy(_receive, send):
        await begin(send, status=503)
        await piece(send, b"", last=True)

    async def empty(_receive, send):
        await begin(send, length=0)
        await piece(send, b"", last=True)

    school.send_file = busy
    async with reader() as answer:
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    school.send_file = empty
    async with reader() as answer:
        assert (answer.status_code, await answer.aread()) == (200, b"")


async def test_the_notice_of_an_ended_session_is_not_taken_for_the_file(gateway, pronote):
    async with gateway() as caller:
        token = await caller.sign_in(pronote.root(ERA))
        pronote.control(ERA, "/sessions", method="DELETE")
        answer = await caller.read(token, "/files/48%23any", name="x.pdf")
        assert (answer.status_code, answer.json()["type"]) == (401, "/problems/session-expired")
