"""The life of the embedded mode: what it refuses, how it stops, what a second start finds, what a kill leaves."""

import contextlib
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest
from carillon_servers import eventually
from carillon_stack import RunningStack, end, start

pytestmark = pytest.mark.timeout(400)


def refused(stack: RunningStack) -> str:
    """What a `carillon up` that does not start says."""
    try:
        assert stack.process.wait(60) == 1
    finally:
        end(stack)
    while stack.arriving.get(timeout=5) is not None:
        pass
    return "\n".join(stack.lines)


def test_a_taken_port_is_named_with_its_setting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = refused(start(tmp_path, PORT=str(port)))
    assert said == (
        f"Port {port} of 127.0.0.1 is taken by another program: "
        f"stop it, or choose another port, e.g. CARILLON_PORT={port + 1}."
    )


def test_every_mistake_of_the_sources_file_is_said_at_once(tmp_path: Path) -> None:
    sources = tmp_path / "sources.toml"
    sources.write_text(
        '[institution]\nname = "X"\ntimezone = "Europe/Paris"\n'
        '[[source]]\nslug = "a"\nformat = "celcat-xlm"\nurl = "http://edt.test/a.xml"\nyear = "L1"\ntimetable = "A"\n'
        '[[source]]\nslug = "b"\nformat = "celcat-xml"\nurl = "edt.test"\nyear = "L1"\ntimetable = "B"\nevry = "1h"\n'
    )
    said = refused(start(tmp_path / "data", SOURCES=str(sources)))
    assert 'unknown format "celcat-xlm"' in said
    assert 'key "url": write a whole web address' in said
    assert 'did you mean "every"?' in said
    assert "Traceback" not in said


def test_a_sources_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert "none.toml: cannot be read" in refused(start(tmp_path / "data", SOURCES=str(tmp_path / "none.toml")))


def ids(stack: RunningStack) -> list[int]:
    return [course["id"] for course in stack.all("/api/courses/")]


async def test_it_stops_keeps_its_data_mends_itself_and_leaves_nothing_behind(tmp_path: Path) -> None:
    data = tmp_path / "data"
    stack = start(data)
    try:
        stack.until_said("Carillon runs on")
        first = ids(stack)
        assert first
        check_stop(stack, signal.SIGINT)

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
    """It ends within two seconds, with all that it started."""
    family = stack.family()
    began = time.monotonic()
    stack.process.send_signal(number)
    assert stack.process.wait(20) == 0
    assert time.monotonic() - began < 2
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
