"""Meetings as JSCalendar (RFC 8984): a Group of Events."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from carillon_timetable_api.feeds.colours import colour_of
from carillon_timetable_api.feeds.icalendar_file import Heading, summary
from carillon_timetable_api.feeds.meetings import Meeting

MEDIA_TYPE = "application/jscalendar+json;type=group"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def write(heading: Heading, meetings: Sequence[Meeting], zone: ZoneInfo) -> bytes:
    """The file; the UIDs are those of the iCalendar file."""
    newest = max((meeting.changed_at for meeting in meetings), default=_NEVER)
    group: dict[str, Any] = {
        "@type": "Group",
        "uid": f"{heading.address}#{heading.instance}",
        "updated": _utc(newest),
        "title": heading.name,
        "source": heading.address,
        "entries": [_event(heading, meeting, zone) for meeting in meetings],
    }
    return json.dumps(group, ensure_ascii=False).encode()


def _utc(at: datetime) -> str:
    return str(at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()) + "Z"


def _duration(length: timedelta) -> str:
    """In hours and minutes: a day would be one of the calendar, which is an hour longer or shorter twice a year."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes or not hours else "")


def _event(heading: Heading, meeting: Meeting, zone: ZoneInfo) -> dict[str, Any]:
    length = meeting.end.astimezone(UTC) - meeting.begin.astimezone(UTC)
    # A local time that a clock shows twice would mean the first: then it is told in UTC.
    begin = meeting.begin.astimezone(UTC) if meeting.is_ambiguous else meeting.begin
    event: dict[str, Any] = {
        "@type": "Event",
        "uid": heading.uid(meeting),
        "updated": _utc(meeting.changed_at),
        "sequence": meeting.version,
        "title": summary(meeting),
        "start": begin.replace(tzinfo=None).isoformat(),
        "timeZone": "Etc/UTC" if meeting.is_ambiguous else zone.key,
        "duration": _duration(length),
        "status": "cancelled" if meeting.is_cancelled else "confirmed",
        "freeBusyStatus": "free" if meeting.is_cancelled else "busy",
        "color": colour_of(meeting.type),
        "links": {"1": {"@type": "Link", "href": f"{heading.root}api/courses/{meeting.id}/"}},
    }
    if meeting.is_all_day:
        days = (meeting.end.date() - meeting.begin.date()).days
        event |= {"showWithoutTime": True, "duration": f"P{days}D"}
    if meeting.rooms:
        event["locations"] = {
            str(number): {"@type": "Location", "name": room} for number, room in enumerate(meeting.rooms, 1)
        }
    if description := "\n".join([", ".join(meeting.groups), meeting.notes or ""]).strip():
        event["description"] = description
    if meeting.type:
        event["keywords"] = {meeting.type: True}
    return event
