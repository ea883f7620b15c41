"""A small made-up faculty, written into the database as rows: what the REST API is asked about in tests."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from carillon_timetable_api import course_names, group_names
from carillon_timetable_api.naming import sort_name
from slugify import slugify
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

PUBLISHER = "edt.example.fr"
UPDATED = datetime(2018, 12, 31, 12, 26, 57, 122490, UTC)


class TimetableBuilder:
    """Inserts rows and gives their ids, which count from 1 in each table."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def _insert(self, table: str, **values) -> int:
        names = ", ".join(f'"{name}"' for name in values)
        places = ", ".join(f":{name}" for name in values)
        statement = text(f"insert into {table} ({names}) values ({places}) returning id")  # noqa: S608 - our own names
        return (await self._connection.execute(statement, values)).scalar_one()

    async def year(self, name: str) -> int:
        return await self._insert("year", name=name, slug=slugify(name))

    async def source(self, slug: str = "info", last_update_at: datetime | None = None, **status) -> int:
        values = {"format": "celcat-xml", "publisher": PUBLISHER, "skipped": 0, "last_update_at": last_update_at}
        url = f"https://{PUBLISHER}/{slug}.xml"
        return await self._insert("source", slug=slug, url=url, **(values | status))

    async def timetable(self, name: str, year: int, source: int) -> int:
        values = {"name": name, "slug": slugify(name), "sort_name": sort_name(name)}
        return await self._insert("timetable", year_id=year, source_id=source, **values)

    async def group(self, name: str, source: int, ancestors: Sequence[int] = (), *, hidden: bool = False) -> int:
        parsed = group_names.parse(name)
        group = await self._insert(
            "student_group",
            publisher=PUBLISHER,
            key=parsed.key,
            code=parsed.code,
            name=name,
            celcat_name=name,
            mention=parsed.mention,
            mention_key=parsed.mention_key,
            semester=parsed.semester,
            kind=parsed.kind,
            subgroup=parsed.subgroup,
            slug=parsed.slug,
            sort_name=sort_name(name),
            hidden=hidden,
            source_id=source,
        )
        for ancestor in ancestors:
            await self._link("group_ancestor", group_id=group, ancestor_id=ancestor)
        return group

    async def room(self, name: str) -> int:
        return await self._insert("room", key=name.casefold(), name=name, slug=slugify(name), sort_name=sort_name(name))

    async def calendar(self, source: int, groups: Sequence[int], key: str = "page") -> int:
        calendar = await self._insert("calendar", source_id=source, key=key, name=None)
        for group in groups:
            await self._link("calendar_group", calendar_id=calendar, group_id=group)
        return calendar

    async def course(
        self,
        source: int,
        begin: datetime,
        end: datetime,
        groups: Sequence[int] = (),
        rooms: Sequence[int] = (),
        **shown,
    ) -> int:
        """`shown` may hold name, type, notes, cancelled_at and last_update."""
        number = (await self._connection.execute(text("select count(*) from course"))).scalar_one()
        values = {"name": "Harmonie", "type": "COURS", "notes": None, "cancelled_at": None, "last_update": UPDATED}
        course = await self._insert(
            "course",
            publisher=PUBLISHER,
            event_id=f"event-{number}",
            source_id=source,
            begin=begin,
            end=end,
            teachers=[],
            version=0,
            **(values | shown),
        )
        await course_names.remember(self._connection, [shown.get("name", values["name"])])
        for group in groups:
            await self._link("course_group", course_id=course, group_id=group)
        for room in rooms:
            await self._link("course_room", course_id=course, room_id=room)
        return course

    async def sighting(self, course: int, calendar: int, day: date) -> None:
        await self._link("sighting", course_id=course, calendar_id=calendar, day=day, observed_at=UPDATED)

    async def _link(self, table: str, **ids: int | date | datetime) -> None:
        names, places = ", ".join(ids), ", ".join(f":{name}" for name in ids)
        await self._connection.execute(text(f"insert into {table} ({names}) values ({places})"), ids)  # noqa: S608
