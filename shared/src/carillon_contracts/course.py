"""The values that all services share: a course as a source shows it, and where it was seen."""

from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
"""Names a source in subjects and logs."""

Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,128}$")]
"""One level of a NATS subject."""


class Fact(BaseModel):
    """Something that was true when it was said: it never changes, and unknown fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class GroupName(Fact):
    """A group of students as a source names it; what the name means is decided by the timetable API."""

    name: str = Field(min_length=1, description="As published, e.g. `L3 INFO s1 CMA`.")
    code: str | None = Field(default=None, description="The source's own identifier, where it has one.")
    mention: str | None = Field(default=None, description="Said by sources that know it (a class's level in Pronote).")


class Course(Fact):
    """One meeting of a course.

    `event_id` names this meeting among all those of the same publisher, for ever: a meeting that moves within its
    week keeps it. `begin` and `end` carry an offset.
    """

    event_id: str = Field(min_length=1, max_length=512)
    begin: AwareDatetime
    end: AwareDatetime
    name: str = Field(description="The module, or several joined by `, `; the category where there is no module.")
    type: str | None = Field(default=None, description="The category, as published; null where it became the name.")
    notes: str | None = None
    groups: tuple[GroupName, ...] = ()
    rooms: tuple[str, ...] = Field(default=(), description="As published.")
    teachers: tuple[str, ...] = Field(default=(), description="Empty unless the source says `publish_teachers`.")
    status: Literal["planned", "cancelled"] = "planned"

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.end < self.begin:
            raise ValueError("a course ends before it begins")
        return self


class Source(Fact):
    """One entry of the sources file, without its secrets."""

    slug: Slug
    format: str
    url: str = Field(description="Shown by the API: holds no token, user name or password.")
    publisher: str = Field(
        min_length=1,
        description="The installation within which event ids and group names are unique: by default the URL's host. "
        "Sources with the same publisher may show the same course; it is then kept once.",
    )
    year: str = Field(min_length=1, description="celcatsanitizer's year, e.g. `L1`.")
    timetable: str = Field(min_length=1, description="celcatsanitizer's timetable, e.g. `L1 PS`.")


class Calendar(Fact):
    """What a source shows for one group, class or page."""

    key: Token
    name: str | None = Field(default=None, description="The group whose calendar it is, as published.")
    groups: tuple[GroupName, ...] = Field(default=(), description="Groups that the page lists, courses or not.")
