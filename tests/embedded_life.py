"""The life of the embedded mode: how it stops, what a second start finds, how it mends itself, what a kill leaves."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import psutil
from carillon_servers import eventually
from carillon_stack import RunningStack, end, refused, start


def ids(stack: RunningStack) -> list[int]:
    return [course["id"] for course in stack.all("/api/courses/")]


async def check_life(stack: RunningStack) -> None:
    """It stops, keeps its data, mends itself and leaves nothing behind; at the end it does not run any more."""
    data, first = stack.data, ids(stack)
    assert first
    check_stop(stack, signal.SIGINT)
    try:
        stack = start(data)
        stack.until_said("Carillon runs on")
        assert ids(stack) == first
        assert "Another Carillon (process" in refused(start(data))
        await check_restart(stack)

        family = stack.family()
        assert len(family) > 8
        stack.process.kill()
        stack.process.wait()
        assert psutil.wait_procs(family, 10)[1] == []

        stack = start(data)
        stack.until_said("Carillon runs on")
        assert ids(stack) == first
        with open_stream(stack):
            check_stop(stack, signal.SIGTERM)
    finally:
        end(stack)


@contextmanager
def open_stream(stack: RunningStack) -> Iterator[None]:
    """Somebody listens to the changes, from the first one on."""
    listening = threading.Event()

    def listen() -> None:
        with contextlib.suppress(httpx.HTTPError):
            with httpx.stream("GET", f"{stack.url}/api/changes/stream/", headers={"Last-Event-ID": "0"}) as answer:
                for line in answer.iter_lines():
                    if line.startswith("data:"):
                        listening.set()

    listener = threading.Thread(target=listen)
    listener.start()
    assert listening.wait(20)
    yield
    listener.join(5)
    assert not listener.is_alive()


def check_stop(stack: RunningStack, number: signal.Signals) -> None:
    """It ends when it is told to, with all that it started."""
    family = stack.family()
    stack.process.send_signal(number)
    assert stack.process.wait(20) == 0
    assert psutil.wait_procs(family, 0)[1] == []


async def check_restart(stack: RunningStack) -> None:
    """A part that dies is started again, that is said, and the edge finds it at its old place."""
    path = "/api/rooms/qsjps/2026-11-23/08:00/10:00/"
    free = stack.get(path).json()
    psutil.Process(stack.pid_of("rooms")).kill()
    assert "rooms ended (status -9); it starts again in 0.2 s" in stack.until_said("rooms ended")
    stack.until_said("rooms was started again")

    def answers() -> bool:
        try:
            answer = stack.get(path)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200 and answer.json() == free

    await eventually(answers, 60)
