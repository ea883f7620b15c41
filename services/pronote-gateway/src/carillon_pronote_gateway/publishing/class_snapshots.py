"""Reads the weeks of a class from a session and publishes what changed."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from carillon_contracts.course import Calendar, GroupName, Source
from carillon_contracts.events import Observed, SourceFailed, SourceRead
from carillon_contracts.weeks import days_of, week_of
from carillon_pronote import Pupil, Session
from carillon_pronote.errors import PronoteError
from carillon_pronote.pages import timetable
from nats.js.errors import KeyNotFoundError
from nats.js.kv import KeyValue
from slugify import slugify

from carillon_pronote_gateway.publishing.courses import course, identified, meetings
from carillon_pronote_gateway.sessions.store import told_when_away

Publish = Callable[[Observed | SourceRead | SourceFailed], Awaitable[None]]


class ImplausibleError(PronoteError):
    """A week that Pronote says is filled shows no lesson."""

    code = 130
    french = "Pronote annonce des cours cette semaine mais n'en montre aucun : les données connues restent."
    english = "Pronote announces lessons for this week but shows none: what is known stays."


@dataclass(frozen=True)
class Watched:
    """Whose courses are published, as what."""

    source: Source
    pupil: Pupil
    weeks: int
    with_teachers: bool

    @property
    def calendar(self) -> Calendar:
        """The class."""
        name = self.pupil.class_name.strip() or "classe"
        return Calendar(
            key=slugify(name)[:100] or "classe", name=name, groups=(GroupName(name=name, mention=self.source.year),)
        )


class ClassSnapshots:
    """Publishes snapshots. `known_events` is a bucket of the ids that were given; `pause_s` lies between requests."""

    def __init__(self, publish: Publish, known_events: KeyValue, timezone: ZoneInfo, pause_s: float) -> None:
        self._publish, self._known, self._timezone, self._pause_s = publish, known_events, timezone, pause_s
        self._digests: dict[str, str] = {}

    async def read(self, session: Session, watched: Watched, now: datetime) -> None:
        """Read all weeks, publish those that changed, then say that the source was read.

        Raises:
            PronoteError: a page could not be read, or is not believed; what was published before it stays.
        """
        filled, _ = await timetable.read_filled_weeks(session, self._asked(session, watched))
        courses = 0
        today = now.astimezone(self._timezone).date()
        for ahead in range(watched.weeks):
            await asyncio.sleep(self._pause_s)
            courses += await self._week(session, watched, today + timedelta(weeks=ahead), filled, now)
        await self._publish(
            SourceRead(source=watched.source, observed_at=now, calendars=(watched.calendar,), courses=courses)
        )

    def _asked(self, session: Session, watched: Watched) -> Pupil | None:
        return None if session.facts.is_pupil else watched.pupil

    async def _week(self, session: Session, watched: Watched, day: date, filled: tuple[int, ...], now: datetime) -> int:
        number = session.year.week_of(day)
        if number not in session.year.weeks(session.year.first_day, session.year.last_day):
            return 0  # outside the school year nothing is known
        found = await timetable.read_week(session, number, self._asked(session, watched))
        if number in filled and not found.lessons:
            raise ImplausibleError
        week, calendar = week_of(day), watched.calendar
        shown = meetings(found.lessons, calendar.name or "")
        key = f"{watched.source.slug}.{calendar.key}.{week}"
        known = await self._read_known(key)
        by_id = identified(shown, known, f"{watched.source.slug}\n{calendar.key}\n{week}")
        observed = Observed(
            source=watched.source,
            calendar=calendar,
            week=week,
            days=days_of(week),
            observed_at=now,
            courses=tuple(
                course(id_, meeting, watched.source.year, with_teachers=watched.with_teachers)
                for id_, meeting in sorted(by_id.items(), key=lambda item: (item[1].lesson.start, item[0]))
            ),
        )
        given = {id_: (meeting.sort, meeting.origin.isoformat()) for id_, meeting in by_id.items()}
        if given != known:
            await self._write_known(key, given)
        if self._digests.get(observed.subject) != observed.content_digest():
            await self._publish(observed)
            self._digests[observed.subject] = observed.content_digest()
        return len(observed.courses)

    @told_when_away
    async def _write_known(self, key: str, given: dict[str, tuple[str, str]]) -> None:
        await self._known.put(key, json.dumps(given).encode())

    @told_when_away
    async def _read_known(self, key: str) -> dict[str, tuple[str, str]]:
        try:
            entry = await self._known.get(key)
        except KeyNotFoundError:
            return {}
        return {id_: (sort, origin) for id_, (sort, origin) in json.loads(entry.value or b"{}").items()}

    async def failed(self, source: Source, error: PronoteError, now: datetime) -> None:
        """Say that the source could not be read."""
        word = re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__.removesuffix("Error")).lower()
        await self._publish(
            SourceFailed(source=source, failed_at=now, code=word, reason_fr=error.french, reason_en=error.english)
        )
