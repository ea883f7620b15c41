"""What the supervisor promises: parts start in order, are restarted when they die, and leave nothing behind."""

import asyncio
import base64
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from carillon_local import leftovers, log_lines, loopback, readiness
from carillon_local.announcements import Announcements
from carillon_local.data_folder import DataFolder
from carillon_local.errors import StartError
from carillon_local.part import Part
from carillon_local.supervisor import Supervisor
from carillon_servers import eventually
from rich.console import Console

SERVER = "import http.server, sys; http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), http.server.BaseHTTPRequestHandler).serve_forever()"


def web_server(**options) -> Part:
    port = loopback.free_port()
    return Part(name="server", command=(sys.executable, "-c", SERVER, str(port)), ready=readiness.tcp(port), **options)


async def is_ready(part: Part) -> bool:
    return await part.ready() is None


@pytest.fixture
def said(tmp_path: Path):
    """What the supervisor told its user so far."""
    (tmp_path / "said").touch()
    return (tmp_path / "said").read_text


@pytest.fixture
async def supervisor(tmp_path: Path, said):
    console = Console(file=(tmp_path / "said").open("a"), soft_wrap=True)
    running = Supervisor(DataFolder(tmp_path), Announcements(console))
    yield running
    await running.stop()
    console.file.close()


async def test_a_part_is_started_and_said_to_be_ready(supervisor: Supervisor, said) -> None:
    await supervisor.start([web_server()])
    assert "server             ready" in said()


async def test_parts_stop_in_the_order_of_their_ranks(supervisor: Supervisor, tmp_path: Path) -> None:
    note = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: (open(sys.argv[1], 'a').write(sys.argv[2]), sys.exit())); open(sys.argv[2], 'w'); time.sleep(60)"
    order = tmp_path / "order"

    def part(name: str, rank: int) -> Part:
        async def ready() -> str | None:
            return None if (tmp_path / name).exists() else "not yet"

        command = (sys.executable, "-c", note, str(order), name)
        return Part(name=name, command=command, ready=ready, folder=tmp_path, stop_rank=rank)

    await supervisor.start([part("b", 1), part("c", 2), part("a", 0)])
    await supervisor.stop()
    assert order.read_text() == "abc"


async def test_a_dead_part_is_restarted_and_that_is_said(supervisor: Supervisor, said) -> None:
    await supervisor.start([web_server()])
    [child] = supervisor.children
    first = child.pid
    os.kill(first, signal.SIGKILL)
    await eventually(lambda: child.pid != first)
    await eventually(lambda: "server was started again" in said())
    assert "server ended (status -9); it starts again in 0.2 s" in said()
    await eventually(lambda: is_ready(child.part))


async def test_a_part_that_can_do_its_work_no_longer_is_told_once_and_so_is_its_recovery(
    supervisor: Supervisor, said, tmp_path: Path
) -> None:
    (tmp_path / "works").touch()

    async def ready() -> str | None:
        return None if (tmp_path / "works").exists() else "nats takes no events"

    sleeper = (sys.executable, "-c", "import time; time.sleep(60)")
    await supervisor.start([Part(name="sleeper", command=sleeper, ready=ready)])
    await supervisor.look()
    (tmp_path / "works").unlink()
    for _ in range(2):
        await supervisor.look()
    assert said().count("sleeper is not ready: nats takes no events") == 1
    (tmp_path / "works").touch()
    await supervisor.look()
    assert "sleeper is ready again" in said()


async def test_the_pause_before_a_restart_grows(supervisor: Supervisor, said, tmp_path: Path) -> None:
    async def ready() -> None:
        return None

    await supervisor.start([Part(name="broken", command=(sys.executable, "-c", "raise SystemExit(1)"), ready=ready)])
    await eventually(lambda: "starts again in 1 s" in said())
    await eventually(lambda: "starts again in 2 s" in said())
    assert said().index("0.2 s") < said().index("in 1 s") < said().index("in 2 s")


async def test_a_part_that_ignores_its_signal_is_ended(supervisor: Supervisor, said, tmp_path: Path) -> None:
    deaf = "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open('deaf', 'w'); time.sleep(60)"

    async def ready() -> str | None:
        return None if (tmp_path / "deaf").exists() else "not yet"

    await supervisor.start([Part(name="deaf", command=(sys.executable, "-c", deaf), ready=ready, folder=tmp_path)])
    [child] = supervisor.children
    began = time.monotonic()
    await supervisor.stop()
    assert time.monotonic() - began < 1.5
    assert not psutil.pid_exists(child.pid)
    assert "deaf did not stop within 0.5 s" in said()


async def test_refused_settings_end_the_start_with_the_parts_own_words(supervisor: Supervisor) -> None:
    async def ready() -> str:
        return "never"

    words = "import sys; sys.stderr.write('CARILLON_URL: Field required'); sys.exit(2)"
    with pytest.raises(StartError, match=r"picky refuses to start:\n    CARILLON_URL: Field required"):
        await supervisor.start([Part(name="picky", command=(sys.executable, "-c", words), ready=ready)])


async def test_a_program_that_fails_ends_the_start_with_its_own_words(supervisor: Supervisor) -> None:
    with pytest.raises(StartError, match=r"(?s)migrations failed \(status 1\).*no such table"):
        await supervisor.run_once("migrations", (sys.executable, "-c", "raise SystemExit('no such table')"), {})


async def test_leftovers_of_a_killed_supervisor_are_ended_at_the_next_start(tmp_path: Path) -> None:
    ours = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    leftovers.record(tmp_path / "ours.json", ours.pid)
    await asyncio.to_thread(leftovers.end, tmp_path)
    assert ours.poll() is not None
    assert not list(tmp_path.glob("*.json"))


async def test_another_process_with_the_number_of_a_leftover_is_let_alone(tmp_path: Path) -> None:
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    (tmp_path / "x.json").write_text(json.dumps({"pid": other.pid, "started": 1.0}))
    leftovers.end(tmp_path)
    assert other.poll() is None
    other.kill()
    other.wait()


async def test_a_killed_supervisor_leaves_no_orphans(tmp_path: Path) -> None:
    """Its children are told by the kernel."""
    program = textwrap.dedent("""
        import asyncio, sys
        from pathlib import Path
        from carillon_local import loopback, postgresql, readiness, stack
        from carillon_local.announcements import Announcements
        from carillon_local.data_folder import DataFolder
        from carillon_local.supervisor import Supervisor
        import httpx

        async def main():
            data = DataFolder(Path(sys.argv[1]))
            with data.locked(), data.socket_folder() as socket:
                async with httpx.AsyncClient() as client:
                    parts = stack.build(data, socket, ("127.0.0.1", 1), client, {})
                    postgresql.prepare(data.path / "postgresql", socket)
                    supervisor = Supervisor(data, Announcements())
                    await supervisor.start(parts.servers)
                    print("pids", *(child.pid for child in supervisor.children), flush=True)
                    await asyncio.sleep(60)

        asyncio.run(main())
    """)
    running = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    with running.stdout as lines:
        pids = next(([int(word) for word in line.split()[1:]] for line in lines if line.startswith("pids")), [])
    processes = [psutil.Process(pid) for pid in pids]
    family = [*processes, *(grandchild for process in processes for grandchild in process.children(recursive=True))]
    assert len(family) > 3  # PostgreSQL has workers of its own
    running.kill()
    running.wait()
    _, alive = psutil.wait_procs(family, 5)
    assert alive == []


async def test_a_second_supervisor_of_a_folder_is_refused(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    with data.locked():
        with pytest.raises(StartError, match=rf"Another Carillon \(process {os.getpid()}\).*CARILLON_DATA_DIR"):
            with data.locked():
                pass
    with data.locked():  # released
        pass


def test_a_long_folder_gets_its_socket_elsewhere_and_privately(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / ("x" * 90))
    with data.socket_folder() as socket:
        assert len(str(socket / ".s.PGSQL.5432.lock")) < 100
        assert socket.stat().st_mode & 0o077 == 0
    assert not socket.exists()


def test_a_remembered_port_stays_and_is_refused_when_it_is_taken(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    port = data.remembered_port("celcat-simulator")
    assert data.remembered_port("celcat-simulator") == port
    with socket.create_server(("127.0.0.1", port)):
        with pytest.raises(StartError, match=rf"Port {port}, where the celcat-simulator has been"):
            data.remembered_port("celcat-simulator")


@contextmanager
def files_of_at_most(length: int) -> Iterator[None]:
    """As on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_a_full_disk_cut_short_is_made_at_the_next_start(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    for make in (data.secret_key, lambda: data.remembered_port("celcat-simulator")):
        with files_of_at_most(5), pytest.raises(OSError, match="large"):
            make()
        assert make()


def test_the_secret_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    key = data.secret_key()
    assert len(base64.b64decode(key)) == 32
    assert data.secret_key() == key
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


async def test_the_lines_of_all_logs_are_followed_as_they_come(tmp_path: Path) -> None:
    lines: list[str] = []
    following = asyncio.create_task(log_lines.follow(tmp_path, lines.append))
    rooms, edge = tmp_path / "rooms.log", tmp_path / "edge.log"
    rooms.write_text("one\ntwo, not yet who")
    await eventually(lambda: lines == ["[rooms] one"])
    with rooms.open("a") as log:
        log.write("le\n")
    edge.write_text("three\n")
    await eventually(lambda: sorted(lines) == ["[edge] three", "[rooms] one", "[rooms] two, not yet whole"])
    rooms.write_text("cut\n")
    await eventually(lambda: lines[-1] == "[rooms] cut")
    following.cancel()


def test_a_log_that_has_grown_too_large_is_cut_to_its_newest_part(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("carillon_local.data_folder.MAX_LOG_BYTES", 10)
    data = DataFolder(tmp_path)
    data.log("rooms").parent.mkdir()
    data.log("rooms").write_text("0123456789abcdef")
    data.bound_logs()
    assert data.log("rooms").read_text() == ""
    assert data.log("rooms").with_suffix(".log.1").read_text() == "6789abcdef"
