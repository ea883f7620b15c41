"""Homework, contents of lessons, files, information."""

from datetime import datetime

import strawberry


@strawberry.type
class File:
    """A file or link."""

    id: str
    time: str
    subject: str
    name: str
    url: str


@strawberry.type
class Info:
    """A piece of information or a survey."""

    id: str
    date: datetime
    title: str | None = None
    author: str
    content: str
    html_content: str
    files: list[File]
    pronote_id: str = strawberry.field(description="Of this session, for mutations; an addition of Carillon.")
    read: bool
    is_survey: bool


@strawberry.type
class LessonContent:
    """What was done in a lesson."""

    id: str
    subject: str
    teachers: list[str]
    from_: datetime = strawberry.field(name="from")
    to: datetime
    color: str
    title: str | None = None
    description: str
    html_description: str
    files: list[File]
    category: str


@strawberry.type
class Homework:
    """A piece of homework."""

    id: str
    description: str
    html_description: str
    subject: str
    given_at: datetime
    for_: datetime = strawberry.field(name="for")
    done: bool
    color: str
    files: list[File]
    pronote_id: str = strawberry.field(description="Of this session, for mutations; an addition of Carillon.")
    may_hand_in: bool
