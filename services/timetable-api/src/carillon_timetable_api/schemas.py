"""The bodies of the REST API, to the letter of the celcatsanitizer document: names, types and order of the members.

They are typed dictionaries, because rows become JSON without an object in between; the order of the members here is
the order in the JSON.
"""

from datetime import date, datetime
from typing import Generic, TypeVar

from pydantic import AwareDatetime
from typing_extensions import TypedDict

from carillon_timetable_api.empty_lists import EmptyBecause


class Year(TypedDict):
    """A year of study."""

    id: int
    name: str
    slug: str


class Timetable(TypedDict):
    """What one source shows, under a name within a year; `year` and `source` are ids."""

    id: int
    name: str
    slug: str
    year: int
    source: int


class Source(TypedDict):
    """Where timetables are read; `last_update_date` is when the source says that it was published."""

    id: int
    url: str
    last_update_date: AwareDatetime | None


class Failure(TypedDict):
    """Why a source could not be read the last time it failed: `code` is a stable word, `reason` a sentence."""

    code: str | None
    reason: str | None
    at: AwareDatetime


class SourceStatus(TypedDict):
    """How a source is doing; `age` is the number of seconds since the last complete read.

    It has spoken for days from `covered_from` to `covered_until`; `empty_because` says why it shows no course today,
    in the words of the header `Carillon-Empty-Because`, and is null if it shows one.
    """

    id: int
    slug: str
    last_read: AwareDatetime | None
    age: int | None
    failing_since: AwareDatetime | None
    last_failure: Failure | None
    courses: int | None
    skipped: int
    covered_from: date | None
    covered_until: date | None
    empty_because: EmptyBecause | None


class Group(TypedDict):
    """A group of students; `source` is the id of the source that named it."""

    id: int
    name: str
    celcat_name: str
    mention: str | None
    semester: int | None
    subgroup: str
    slug: str
    hidden: bool
    source: int


class Room(TypedDict):
    """A room."""

    id: int
    name: str
    slug: str


class Course(TypedDict):
    """One meeting of a course; times have the institution's offset."""

    id: int
    groups: list[Group]
    rooms: list[Room]
    name: str
    type: str | None
    notes: str | None
    begin: AwareDatetime
    end: AwareDatetime
    last_update: AwareDatetime
    source: int


Weeks = list[datetime]
"""The Mondays, 00:00 with the institution's offset, of the weeks with courses."""


class EntryPoint(TypedDict):
    """The addresses of the lists."""

    years: str
    timetables: str
    sources: str
    groups: str
    rooms: str
    courses: str


T = TypeVar("T")


class Page(TypedDict, Generic[T]):
    """A part of a list: `count` is the number of all items, `next` and `previous` are absolute addresses."""

    count: int
    next: str | None
    previous: str | None
    results: list[T]
