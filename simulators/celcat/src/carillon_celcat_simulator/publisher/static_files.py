"""Static files: their bytes, made once a publication, with the validators a web server gives them."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import format_datetime

from carillon_celcat_simulator.model.timetable import Group
from carillon_celcat_simulator.publication import TIME_ZONE, Publication
from carillon_celcat_simulator.publisher import index_pages, web_publisher


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
    _kept: dict[str, StaticFile] = field(default_factory=dict)
    _version: tuple[date, int] | None = None

    def get(self, name: str) -> StaticFile | None:
        """The file, or nothing where no such file is published."""
        if self._version != self.publication.version:
            self._kept, self._version = {}, self.publication.version
        if name not in self._kept:
            made = self._make(name)
            if made is None:
                return None
            modified = self.publication.published.replace(tzinfo=TIME_ZONE)
            self._kept[name] = static_file(*made, modified)
        return self._kept[name]

    def _make(self, name: str) -> tuple[bytes, str] | None:
        groups = self.publication.timetable.groups
        indexes: dict[str, tuple[Callable[[Iterable[Group]], bytes], str]] = {
            "gindex.html": (index_pages.group_index, "text/html; charset=utf-8"),
            "finder.html": (index_pages.group_index, "text/html; charset=utf-8"),
            "finder.xml": (index_pages.finder, "text/xml"),
        }
        if name == "index.html":
            finders = [(self.publication.timetable.institution, "finder.html")]
            return index_pages.front_page(finders), "text/html; charset=utf-8"
        if name in indexes:
            write, media_type = indexes[name]
            return write(groups), media_type
        return self._group_file(name)

    def _group_file(self, name: str) -> tuple[bytes, str] | None:
        timetable = self.publication.timetable
        for group in timetable.groups:
            if name == f"g{group.identifier}.xml":
                meetings = self.publication.meetings_of(timetable.relatives(group))
                return web_publisher.page(timetable, group, self.publication.window, meetings), "text/xml"
        return None
