"""`/sources/`: how each source is doing, in plain words."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from fastapi import APIRouter, Response
from sqlalchemy import text

from carillon_timetable_api.pages.site import VisitDep

router = APIRouter(include_in_schema=False)

_SOURCES = text("""
    select s.id, s.slug, s.url, s.format, s.last_update_at, s.last_read_at, s.failing_since, s.failed_at, s.failure_fr,
        s.failure_en, s.courses, s.skipped,
        array(select t.name from timetable t where t.source_id = s.id order by t.sort_name collate "C") as names
    from source s where s.withdrawn_at is null order by s.failing_since nulls last, s.slug""")


@dataclass(frozen=True, slots=True)
class SourceShown:
    """A source; times in the institution's zone."""

    name: str
    slug: str
    host: str
    state: str
    read_at: datetime | None
    age_s: float | None
    published_at: datetime | None
    failing_since: datetime | None
    failure_fr: str | None
    failure_en: str | None
    courses: int | None
    skipped: int


@router.get("/sources/")
async def sources(visit: VisitDep) -> Response:
    """Failing ones first."""
    shown = []
    for row in await visit.connection.execute(_SOURCES):
        times = (row.last_read_at, row.last_update_at, row.failing_since)
        read_at, published_at, failing_since = (at and at.astimezone(visit.zone) for at in times)
        shown.append(
            SourceShown(
                name=", ".join(row.names) or row.slug,
                slug=row.slug,
                host=urlsplit(row.url).hostname or "",
                state="failing" if failing_since else "read" if read_at else "waiting",
                read_at=read_at,
                age_s=(visit.now - read_at).total_seconds() if read_at else None,
                published_at=published_at,
                failing_since=failing_since,
                failure_fr=row.failure_fr,
                failure_en=row.failure_en,
                courses=row.courses,
                skipped=row.skipped,
            )
        )
    failing = sum(source.state == "failing" for source in shown)
    return visit.answer("sources.html", sources=shown, failing=failing)
