"""Static files: their bytes, made once a publication, with the validators a web server gives them."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import format_datetime

from carillon_celcat_simulator.model.timetable import Group
from carillon_celcat_simulator.publication import TIME_ZONE, Publication
from carillon_celcat_simulator.publisher import index_pages, static_ical, web_publisher
from carillon_celcat_simulator.publisher.pages import DIALECTS

_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as served, with its strong ETag and Last-Modified."""

    content: bytes
    media_type: str
    etag: str
    last_modified: str


def static_file(content: bytes, media_type: str, modified: datetime) -> StaticFile:
    """The file with its validators; `modified` has a zone."""
    digest = hashlib.sha256(content).hexdigest()[:16]
    return StaticFile(content, media_type, f'"{digest}"', format_datetime(modified.astimezone(UTC), usegmt=True))


@dataclass(slots=True)
class StaticFiles:
    """The files of a publication by name, as `g220501.xml` or `gindex.html`; kept until the next publication."""

    publication: Publication
    _kept: dict[tuple[str, float], StaticFile] = field(default_factory=dict)
    _version: tuple[date, int] | None = None

    def get(self, name: str, share: float = 1) -> StaticFile | None:
        """The file, or nothing where there is none; with a `share` below 1 it holds that part of the meetings."""
        if self._version != self.publication.version:
            self._kept, self._version = {}, self.publication.version
        if (name, share) not in self._kept:
            made = self._index(name) or self._calendar_file(name, share) or self._page(name, share)
            if made is None:
                return None
            modified = self.publication.published.replace(tzinfo=TIME_ZONE)
            self._kept[name, share] = static_file(*made, modified)
        return self._kept[name, share]

    def _index(self, name: str) -> tuple[bytes, str] | None:
        groups = self.publication.timetable.groups
        match name:
            case "gindex.html" | "finder.html":
                return index_pages.group_index(groups), _HTML
            case "finder.xml":
                return index_pages.finder(groups), "text/xml"
            case "index.html":
                finders = [(self.publication.timetable.institution, "finder.html")]
                return index_pages.front_page(finders), _HTML
            case _:
                return None

    def _page(self, name: str, share: float) -> tuple[bytes, str] | None:
        """`g220501.xml` and its dialects `iut/…`, `reims/…`, `2015/…`, `merged/…`."""
        dialect_name, _, file = name.rpartition("/")
        dialect, group = DIALECTS.get(dialect_name), self._groups().get(file.removesuffix(".xml"))
        if dialect is None or group is None or not file.endswith(".xml"):
            return None
        timetable = self.publication.timetable
        meetings = self.publication.meetings_of(timetable.relatives(group), share)
        return web_publisher.page(timetable, group, self.publication.window, dialect, meetings), "text/xml"

    def _calendar_file(self, name: str, share: float) -> tuple[bytes, str] | None:
        """`g220501.ics`, `r3001.ics` and their variants `latin1/…` and `floating/…`."""
        variant_name, _, file = name.rpartition("/")
        variant = static_ical.VARIANTS.get(variant_name)
        stem = file.removesuffix(".ics")
        if variant is None or stem == file:
            return None
        timetable = self.publication.timetable
        group = self._groups().get(stem)
        if group is not None:
            meetings = self.publication.meetings_of(timetable.relatives(group), share)
        else:
            room = next((room for room in timetable.rooms if stem == f"r{room.identifier}"), None)
            if room is None:
                return None
            meetings = self.publication.meetings_of(timetable.groups, share)
            meetings = [meeting for meeting in meetings if room in meeting.rooms]
        return static_ical.calendar(timetable, meetings, variant, closed=share > 0), variant.media_type

    def _groups(self) -> dict[str, Group]:
        return {f"g{group.identifier}": group for group in self.publication.timetable.groups}
