"""The control addresses of a site: order faults, change the timetable, read what happened.

No real Pronote has them. They lie at `/simulator` (or `/<era>/simulator`), outside the site, and need no sign-in.
"""

from datetime import date, datetime
from typing import Any, Literal

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from carillon_pronote_simulator.documents import SCHOOL_ZONE
from carillon_pronote_simulator.faults import FAULT_NAMES, Fault, FaultName
from carillon_pronote_simulator.instance import Instance
from carillon_pronote_simulator.school.accounts import SPACES, Account, Security
from carillon_pronote_simulator.school.changes import LessonChange, NewLesson, UnknownNameError, add, change, named
from carillon_pronote_simulator.school.model import Lesson


class OrderedFault(BaseModel):
    """A fault to strike `times` times (0: until cleared), or the second factor of one account switched on."""

    model_config = ConfigDict(extra="forbid")

    fault: FaultName | Literal["two-factor"]
    times: int = Field(1, ge=0)
    function: str | None = None
    seconds: float = Field(1.0, ge=0, le=120)
    kind: int = 8
    space: str = "eleve"
    username: str = "demonstration"
    pin: str = "4321"
    actions: tuple[int, ...] = (3,)
    mode: int = 3


class QrCodeWanted(BaseModel):
    """For whom, and with which PIN, a QR code is made; `address` is the page it leads to."""

    model_config = ConfigDict(extra="forbid")

    address: str
    space: str = "eleve"
    username: str = "demonstration"
    pin: str = Field("1234", pattern=r"^\d{4,}$")


def control_router(instance: Instance, prefix: str) -> APIRouter:
    """The control addresses of one site."""
    control = _Control(instance)
    router = APIRouter(prefix=f"{prefix}/simulator")
    for method, path, handler in (
        ("GET", "", control.summary),
        ("GET", "/counters", control.counters),
        ("DELETE", "/counters", control.reset_counters),
        ("GET", "/faults", control.faults),
        ("POST", "/faults", control.order_fault),
        ("DELETE", "/faults", control.clear_faults),
        ("DELETE", "/sessions", control.expire_sessions),
        ("POST", "/qr-code", control.qr_code),
        ("GET", "/lessons", control.lessons),
        ("POST", "/lessons", control.add_lesson),
        ("PATCH", "/lessons/{key}", control.change_lesson),
        ("POST", "/lessons/{key}/cancel", control.cancel_lesson),
        ("POST", "/lessons/{key}/restore", control.restore_lesson),
        ("DELETE", "/lessons/{key}", control.remove_lesson),
    ):
        router.add_api_route(path, handler, methods=[method], response_model=None)
    return router


class _Control:
    """The handlers of one site's controls."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance

    async def summary(self) -> dict[str, Any]:
        """Era, day, people, and the accounts with their passwords."""
        school = self._instance.school
        pages = {space.kind: space.page for space in SPACES}
        return {
            "era": self._instance.era.name,
            "version": self._instance.era.version_text,
            "path": self._instance.path,
            "encrypted": self._instance.encrypted,
            "compressed": self._instance.compressed,
            "today": school.today.isoformat(),
            "first_monday": school.year.first_monday.isoformat(),
            "faults": [*FAULT_NAMES, "two-factor"],
            "classes": [each.name for each in school.people.classes],
            "groups": [each.name for each in school.people.groups],
            "teachers": [each.name for each in school.people.teachers],
            "rooms": [each.name for each in school.people.rooms],
            "accounts": [
                {"space": pages[each.kind], "username": each.username, "password": each.password, "name": each.name}
                for each in school.accounts.values()
            ],
        }

    async def counters(self) -> dict[str, int]:
        """`pages`, `calls`, `call:<function>`, `sign-ins`, `refused-sign-ins`; and the sessions open now."""
        return {**self._instance.counters, "open-sessions": len(self._instance.sessions)}

    async def reset_counters(self) -> dict[str, int]:
        """Start counting anew."""
        self._instance.counters.clear()
        return await self.counters()

    async def faults(self) -> list[dict[str, Any]]:
        """The faults that will still strike."""
        return [vars(fault) for fault in self._instance.faults.ordered]

    async def order_fault(self, ordered: OrderedFault) -> list[dict[str, Any]]:
        """Order a fault; answers with all that will strike."""
        if ordered.fault == "two-factor":
            account = self._account(ordered.space, ordered.username)
            account.security = Security(actions=ordered.actions, mode=ordered.mode, pin=ordered.pin)
        else:
            times = ordered.times or None
            self._instance.faults.order(Fault(ordered.fault, times, ordered.function, ordered.seconds, ordered.kind))
        return await self.faults()

    async def clear_faults(self) -> list[dict[str, Any]]:
        """Forget every fault and switch every second factor off."""
        self._instance.faults.clear()
        for account in self._instance.school.accounts.values():
            account.security = Security()
        return []

    async def expire_sessions(self) -> dict[str, int]:
        """End every session; answers how many there were."""
        return {"expired": self._instance.sessions.close_all()}

    async def qr_code(self, wanted: QrCodeWanted) -> dict[str, Any]:
        """The content of a QR code for an account."""
        account = self._account(wanted.space, wanted.username)
        members = self._instance.sign_in.make_qr_code(account, wanted.pin)
        return {**members, "url": wanted.address, "avecPageConnexion": False}

    def _account(self, page: str, username: str) -> Account:
        kind = next((space.kind for space in SPACES if space.page == page), None)
        account = None if kind is None else self._instance.sign_in.account(kind, username)
        if account is None:
            raise HTTPException(404, f"no account {username!r} in the space {page!r}")
        return account

    async def lessons(self, of: str, first: date, last: date) -> list[dict[str, Any]]:
        """The lessons of a class, group, room, teacher or pupil, by name, between two days, both included."""
        school = self._instance.school
        try:
            return [_as_json(each) for each in school.lessons_of(named(school, of), first, last)]
        except UnknownNameError as error:
            raise HTTPException(404, str(error)) from error

    async def add_lesson(self, new: NewLesson) -> dict[str, Any]:
        """Add a lesson."""
        try:
            return _as_json(add(self._instance.school, new))
        except UnknownNameError as error:
            raise HTTPException(404, str(error)) from error

    async def change_lesson(self, key: str, changed: LessonChange) -> dict[str, Any]:
        """Move a lesson, give it other rooms or teachers, cancel it, set its status: what is given is changed."""
        try:
            return _as_json(change(self._instance.school, self._lesson(key), changed))
        except UnknownNameError as error:
            raise HTTPException(404, str(error)) from error

    async def cancel_lesson(self, key: str, status: str = "Cours annulé") -> dict[str, Any]:
        """Cancel a lesson."""
        return await self.change_lesson(key, LessonChange(cancelled=True, status=status))

    async def restore_lesson(self, key: str) -> dict[str, Any]:
        """Hold a cancelled lesson after all."""
        return await self.change_lesson(key, LessonChange(cancelled=False, status=""))

    async def remove_lesson(self, key: str) -> dict[str, Any]:
        """Take a lesson out of the timetable altogether."""
        lesson = self._lesson(key)
        self._instance.school.lessons.remove(lesson)
        return _as_json(lesson)

    def _lesson(self, key: str) -> Lesson:
        found = next((each for each in self._instance.school.lessons if each.key == key), None)
        if found is None:
            raise HTTPException(404, f"no lesson {key!r}")
        return found


def _as_json(lesson: Lesson) -> dict[str, Any]:
    """A lesson in plain words; times with the offset of Paris."""
    return {
        "key": lesson.key,
        "start": _aware(lesson.start),
        "end": _aware(lesson.end),
        "subject": lesson.subject.name,
        "teachers": [each.name for each in lesson.teachers],
        "rooms": [each.name for each in lesson.rooms],
        "audience": lesson.audience.name,
        "cancelled": lesson.cancelled,
        "status": lesson.status,
        "memo": lesson.memo,
        "test": lesson.test,
        "kind": lesson.kind,
        "exempted": sorted(lesson.exempted),
    }


def _aware(moment: datetime) -> str:
    return moment.replace(tzinfo=SCHOOL_ZONE).isoformat()
