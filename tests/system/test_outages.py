"""NATS and PostgreSQL are killed in the midst of an import: everything recovers by itself, and nothing is lost."""

from collections.abc import Iterator
from pathlib import Path

import celcat_raw_pages as raw
import httpx
import psutil
import pytest
from carillon_servers import eventually
from carillon_stack import RunningStack, end, start

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[RunningStack]:
    """The demonstration, reading slowly enough for an accident to fall into its import."""
    running = start(tmp_path / "data", REQUEST_PAUSE_S="1.5")
    yield running
    end(running)


def known_courses(stack: RunningStack) -> int:
    """How many courses the API has; 0 while it cannot say."""
    try:
        return stack.get("/api/courses/").raise_for_status().json()["count"]
    except httpx.HTTPError:
        return 0


async def test_an_import_survives_the_death_of_nats_and_of_postgresql(stack: RunningStack) -> None:
    stack.until_said("courses so far")
    expected = stack.demonstrated()
    for part in ("nats", "postgresql"):
        before = await eventually(lambda: known_courses(stack), 60)
        assert before < len(expected), "the import was over before the accident"
        psutil.Process(stack.pid_of(part)).kill()
        stack.until_said(f"{part} was started again")
        await eventually(lambda before=before: known_courses(stack) > before, 60)
    await eventually(lambda: known_courses(stack) == len(expected), 120)
    shown = stack.all("/api/courses/")
    assert raw.difference((course.shown() for course in expected), map(raw.shown_by_api, shown)) == ([], [])
    assert stack.all("/api/sources/")[0]["last_update_date"] is not None
    await eventually(lambda: rooms_agree(stack, expected), 60)


def rooms_agree(stack: RunningStack, expected: list[raw.RawCourse]) -> bool:
    """QSJPS shows what the courses say, on a busy day."""
    begin = max(expected, key=lambda course: len(course.rooms)).begin
    end = begin.replace(hour=23, minute=0)
    answer = stack.get(f"/api/rooms/qsjps/{begin:%Y-%m-%d/%H:%M}/23:00/")
    return answer.status_code == 200 and {raw.tidy(room["name"]) for room in answer.json()} == raw.free_rooms(
        expected, begin, end
    )
