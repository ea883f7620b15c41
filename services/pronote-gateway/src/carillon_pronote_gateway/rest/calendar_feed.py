"""The timetable of a signed-in user as an iCal feed under a secret address, which can be revoked."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from carillon_pronote.pages.timetable import Lesson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from carillon_pronote_gateway import gateway
from carillon_pronote_gateway.reading import NoSuchItemError, Reader
from carillon_pronote_gateway.rest.parameters import AskedPupil, Reading, Token
from carillon_pronote_gateway.rest.problem_answers import PROBLEMS
from carillon_pronote_gateway.sessions.errors import UnknownTokenError
from carillon_pronote_gateway.sessions.tokens import digest_of, new_token

WEEKS_BEFORE, WEEKS_AFTER = 1, 5
KEPT_S = 900
_DIGEST = re.compile(r"[0-9a-f]{64}")
router = APIRouter(prefix="/pronote/v1", tags=["calendar"], responses=PROBLEMS)


class Feed(BaseModel):
    """Where the feed is; whoever knows the address reads the timetable."""

    url: str


@router.post("/calendar-feeds", status_code=201)
async def create_feed(request: Request, reading: Reading, pupil: AskedPupil) -> Feed:
    """A new secret address; it works as long as the session does. The oldest of more than twenty ends."""
    session = reading.held.digest
    secret = f"{session}.{new_token()}"
    pupils = reading.session.facts.pupils
    target = {"pupil": pupils.index(pupil) if pupil else None}  # no name is kept
    await gateway.of(request).sessions.store.write_feed(session, digest_of(secret), json.dumps(target).encode())
    return Feed(url=str(request.url_for("read_feed", secret=secret)))


@router.delete("/calendar-feeds/{secret}", status_code=204)
async def revoke_feed(request: Request, secret: str, token: Token) -> None:
    """The address leads nowhere from now on; only the session that made it may say so."""
    store, session = gateway.of(request).sessions.store, _session_of(secret)
    if session != digest_of(token) or await store.feed(session, digest_of(secret)) is None:
        raise NoSuchItemError("feed")
    await store.forget_feed(session, digest_of(secret))


@router.get("/calendar-feeds/{secret}", name="read_feed", response_class=Response)
async def read_feed(request: Request, secret: str) -> Response:
    """The timetable from last week to five weeks ahead."""
    serving = gateway.of(request)
    session = _session_of(secret)
    target = await serving.sessions.store.feed(session, digest_of(secret))
    if target is None:
        raise NoSuchItemError("feed")
    try:
        async with serving.sessions.live.use(session) as held:
            body = await _written(serving.reader(held), json.loads(target)["pupil"])
    except UnknownTokenError:  # the session has ended
        raise NoSuchItemError("feed") from None
    headers = {"Cache-Control": f"private, max-age={KEPT_S}", "X-Robots-Tag": "noindex"}
    return Response(body, media_type="text/calendar", headers=headers)


def _session_of(secret: str) -> str:
    """The digest of the session whose feed this is; NoSuchItemError for what is no feed's secret."""
    session = secret.partition(".")[0]
    if not _DIGEST.fullmatch(session):
        raise NoSuchItemError("feed")
    return session


async def _written(reading: Reader, number: int | None) -> bytes:
    """The feed of a pupil; kept for a while, since calendars ask often."""
    name = f"feed of {number}"
    kept: tuple[datetime, bytes] | None = reading.held.remarks.get(name)
    if kept is None or kept[0] < reading.now:
        first, last = reading.now - timedelta(weeks=WEEKS_BEFORE), reading.now + timedelta(weeks=WEEKS_AFTER)
        pupils = reading.session.facts.pupils
        pupil = pupils[number] if number is not None and number < len(pupils) else None
        lessons = await reading.lessons(first, last, pupil)
        kept = reading.held.remarks[name] = (reading.now + timedelta(seconds=KEPT_S), calendar(lessons, reading.now))
    return kept[1]


def calendar(lessons: Iterable[Lesson], now: datetime) -> bytes:
    """The lessons as iCalendar; times in UTC, cancelled lessons marked so."""
    import icalendar  # with the first feed: a gateway that nobody asks for one goes without its 4 MiB

    shown = icalendar.Calendar()
    shown.add("prodid", "-//Carillon//Pronote//FR")
    shown.add("version", "2.0")
    for lesson in lessons:
        event = icalendar.Event()
        event.add("uid", f"{lesson.start:%Y%m%dT%H%M}-{digest_of(lesson.label)[:12]}-{lesson.position}@carillon")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", lesson.start.astimezone(UTC))
        event.add("dtend", lesson.end.astimezone(UTC))
        event.add("summary", lesson.label or lesson.status)
        event.add("status", "CANCELLED" if lesson.cancelled else "CONFIRMED")
        if lesson.rooms:
            event.add("location", ", ".join(lesson.rooms))
        words = [", ".join(lesson.teachers), lesson.status, lesson.memo]
        if any(words):
            event.add("description", "\n".join(word for word in words if word))
        shown.add_component(event)
    written: bytes = shown.to_ical()
    return written
