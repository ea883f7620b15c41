"""The control addresses of the simulator, `/simulator/…`: faults, changes, and the log of requests."""

from typing import Any

from fastapi import APIRouter

from carillon_celcat_simulator import changes
from carillon_celcat_simulator.faults.orders import FaultOrder, Faults
from carillon_celcat_simulator.model.timetable import Meeting
from carillon_celcat_simulator.publication import Publication
from carillon_celcat_simulator.request_log import RequestLog
from carillon_celcat_simulator.truth import meeting_truth


def control_router(publication: Publication, faults: Faults, log: RequestLog) -> APIRouter:
    """All control addresses."""
    router = APIRouter(prefix="/simulator")
    _add_faults(router, faults)
    _add_changes(router, publication)

    @router.get("/requests")
    async def requests() -> dict[str, Any]:
        return log.report()

    @router.delete("/requests")
    async def forget_requests() -> dict[str, Any]:
        log.clear()
        return log.report()

    return router


def _add_faults(router: APIRouter, faults: Faults) -> None:
    @router.post("/faults")
    async def order_fault(order: FaultOrder) -> list[FaultOrder]:
        faults.order(order)
        return faults.ordered

    @router.get("/faults")
    async def ordered_faults() -> list[FaultOrder]:
        return faults.ordered

    @router.delete("/faults")
    async def clear_faults() -> list[FaultOrder]:
        faults.clear()
        return faults.ordered


def _add_changes(router: APIRouter, publication: Publication) -> None:
    def shown(meeting: Meeting) -> dict[str, Any]:
        return {**meeting_truth(publication, meeting), "published": publication.published.isoformat()}

    @router.post("/events/add")
    async def add(order: changes.Addition) -> dict[str, Any]:
        return shown(changes.add(publication, order))

    @router.post("/events/{key}/move")
    async def move(key: str, order: changes.Move) -> dict[str, Any]:
        return shown(changes.move(publication, key, order))

    @router.post("/events/{key}/delete")
    async def delete(key: str) -> dict[str, Any]:
        return shown(changes.delete(publication, key))

    @router.post("/events/{key}/rename")
    async def rename(key: str, order: changes.Rename) -> dict[str, Any]:
        return shown(changes.rename(publication, key, order))

    @router.post("/events/{key}/rooms")
    async def change_rooms(key: str, order: changes.ChangeRooms) -> dict[str, Any]:
        return shown(changes.change_rooms(publication, key, order))

    @router.post("/publish")
    async def publish() -> dict[str, str]:
        publication.touch()
        return {"published": publication.published.isoformat()}
