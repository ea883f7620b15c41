"""The simulator as a process of its own, and the university that benchmarks read."""

import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from carillon_celcat_simulator import UniversitySize
from carillon_local import loopback
from carillon_servers import eventually
from celcat_simulators import running_celcat_simulator
from lxml import etree

COMMAND = [sys.executable, "-m", "carillon_celcat_simulator"]


@pytest.fixture
def command():
    """Starts the simulator with these arguments; gives its address and process."""
    started = []

    async def start(*arguments: str) -> tuple[str, subprocess.Popen]:
        port = loopback.free_port()
        process = subprocess.Popen([*COMMAND, "--port", str(port), *arguments])
        started.append(process)
        address = f"http://127.0.0.1:{port}"

        def answers() -> bool:
            assert process.poll() is None
            try:
                return httpx.get(address).status_code == 200
            except httpx.TransportError:
                return False

        await eventually(answers, seconds=60)
        return address, process

    yield start
    for process in started:
        process.terminate()
        process.wait(10)


async def test_it_starts_on_a_port_with_a_day_a_seed_and_recorded_files(command, tmp_path: Path):
    (tmp_path / "page.xml").write_bytes(b"<timetable/>")
    address, process = await command(
        "--today", "2026-11-21", "--seed", "7", "--recorded", str(tmp_path), "--weeks", "3"
    )
    async with httpx.AsyncClient(base_url=address) as client:
        truth = (await client.get("/truth.json")).json()
        assert (truth["today"], len(truth["weeks_on_pages"])) == ("2026-11-21", 3)
        assert (await client.get("/recorded/page.xml")).content == b"<timetable/>"
        assert 'href="recorded/page.xml"' in (await client.get("/")).text
    process.terminate()
    # The server ends by the signal it was sent, after it has closed its connections.
    assert process.wait(5) in (0, -signal.SIGTERM)


def test_a_missing_folder_is_told():
    done = subprocess.run(
        [*COMMAND, "--port", "1", "--recorded", "/nowhere"], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "no folder /nowhere" in done.stderr


def test_a_university_publishes_all_its_weeks_on_the_pages_of_its_mentions():
    size = UniversitySize(courses=3_000, groups=50, rooms=80, weeks=20)
    with running_celcat_simulator(size=size) as url, httpx.Client(base_url=url) as client:
        truth = client.get("/truth.json").json()
        assert len(truth["meetings"]) == 3_000
        assert len(truth["weeks_on_pages"]) == 20
        assert all(it["on_pages"] for it in truth["meetings"])
        pages = [
            etree.fromstring(client.get(f"/{it['page']}").content) for it in truth["groups"] if it["subgroup"] is None
        ]
        assert client.get("/sources.toml").text.count("[[source]]") == len(pages) == 5
    assert {len(page.findall("span")) for page in pages} == {20}
    assert sum(len(page.findall("event")) for page in pages) == 3_000
