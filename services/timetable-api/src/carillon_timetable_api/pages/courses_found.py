"""Names of courses by what is typed into the search box, each with its next meeting."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from carillon_timetable_api.pages.site import Visit

_MOST = 8

_NEXT = text("""
    select distinct on (c.name) c.id, c.name, c.begin, place.kind, place.id as place_id, place.name as place_name
    from course c cross join lateral (
        select 'group' as kind, g.id, g.name from course_group l join student_group g on g.id = l.group_id
        where l.course_id = c.id
        union all
        select 'room', r.id, r.name from course_room l join room r on r.id = l.room_id where l.course_id = c.id
        limit 1) place
    where c.name = any(:names) and c.cancelled_at is null and c."end" > :now
    order by c.name, c.begin, c.id""")


@dataclass(frozen=True, slots=True)
class CourseFound:
    """A course's next meeting; `begin` in the institution's zone, `place` a group that has it, else a room."""

    name: str
    begin: datetime
    place: str
    address: str


async def next_meetings(visit: Visit, names: list[str]) -> list[CourseFound]:
    """In the order of the names; what has no meeting to come is left out."""
    wanted = names[:_MOST]
    if not wanted:
        return []
    rows = (await visit.connection.execute(_NEXT, {"names": wanted, "now": visit.now})).all()
    found = {}
    for row in rows:
        begin = row.begin.astimezone(visit.zone)
        address = f"/{row.kind}s/{row.place_id}/?date={begin.date()}#course-{row.id}"
        found[row.name] = CourseFound(row.name, begin, row.place_name, address)
    return [found[name] for name in wanted if name in found]
