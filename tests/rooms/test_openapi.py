"""The OpenAPI document: fuzzed, and complete about headers and examples."""

from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Thread

import pytest
import schemathesis
import uvicorn
from carillon_contracts.events import Busy, Coverage, Named, RoomWeek, SourceState, SourceStates
from carillon_contracts.weeks import days_of
from carillon_rooms.app import create_app
from carillon_rooms.known_sources import KnownSources
from carillon_rooms.occupancy_index import OccupancyIndex
from carillon_rooms.settings import RoomsSettings
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import CHECKS

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def app_after_its_first_pass():
    """No NATS is needed to fuzz its answers."""
    made = create_app(RoomsSettings(room_policy=None), lambda: NOW)
    index = OccupancyIndex()
    busy = (Busy(begin="2026-11-23T10:00:00+01:00", end="2026-11-23T12:00:00+01:00", course=1),)
    index.put_room_week(RoomWeek(room=Named(id=1, name="A", slug="a"), week="2026-W48", busy=busy), 1)
    index.put_coverage(Coverage(week="2026-W48", days=dict.fromkeys(days_of("2026-W48"), ("s",))))
    state = SourceState(slug="s", last_read_at=NOW, failing_since=None)
    index.sources = KnownSources.of(SourceStates(timezone="Europe/Paris", sources=(state,)))
    made.state.rooms.watch.index = index
    return made


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The service behind a real HTTP server in a thread, for a client that is not asynchronous."""
    config = uvicorn.Config(app_after_its_first_pass(), port=0, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def test_whatever_is_asked_is_answered_as_described(address: str) -> None:
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    for operation in schema.get_all_operations():
        _fuzz(operation.ok())


def _fuzz(operation) -> None:
    @given(operation.as_strategy())
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    def answers_as_described(case) -> None:
        # A string that is no date is a valid string, and refused.
        case.call_and_validate(timeout=10, excluded_checks=CHECKS.get_by_names(["positive_data_acceptance"]))

    answers_as_described()


def test_every_route_describes_its_headers_and_its_errors() -> None:
    document = app_after_its_first_pass().openapi()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {
        "/api/rooms/qsjps/{day}/{begin}/{end}/",
        "/api/rooms/free/",
        "/api/rooms/{room}/timeline/",
    }
    for path in document["paths"].values():
        responses = path["get"]["responses"]
        assert set(responses["200"]["headers"]) == {
            "Carillon-Covered", "Carillon-Data-Age", "Carillon-Failing-Sources",
        }  # fmt: skip
        assert "503" in responses
    qsjps = document["paths"]["/api/rooms/qsjps/{day}/{begin}/{end}/"]["get"]["responses"]
    assert "examples" in qsjps["400"]["content"]["application/json"]
    assert "example" in qsjps["200"]["content"]["application/json"]
