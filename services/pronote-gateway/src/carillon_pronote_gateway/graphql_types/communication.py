"""Who one is, discussions, recipients, reports: none of them is in pronote-api's schemas."""

from datetime import datetime

import strawberry


@strawberry.type
class Me:
    """Who is signed in, and for whom the account may ask."""

    name: str
    account: str = strawberry.field(description="`student`, `parent`, `teacher` …")
    school: str
    students: list[str]
    kept_alive: bool
    remembered: bool


@strawberry.type
class Discussion:
    """A thread; `id` is of this session."""

    id: str
    subject: str
    author: str
    recipients: list[str]
    messages_count: int
    unread_count: int
    is_read: bool
    is_closed: bool
    date_label: str


@strawberry.type
class DiscussionMessage:
    """A message of a thread."""

    id: str
    author: str
    content: str
    html_content: str | None = None
    date: datetime | None = None
    is_own: bool


@strawberry.type
class Recipient:
    """A person to write to; `id` is of this session."""

    id: str
    name: str
    role: str = strawberry.field(description="`teacher` or `staff`.")
    function: str
    subjects: list[str]
    is_main_teacher: bool
    accepts_messages: bool


@strawberry.type
class ReportSubject:
    """A subject's line of a report."""

    name: str
    teachers: list[str]
    student_average: float | None = None
    student_class_average: float | None = None
    min_average: float | None = None
    max_average: float | None = None
    comments: list[str]


@strawberry.type
class Report:
    """A period's report; `message` says why there is none."""

    message: str | None = None
    student_average: float | None = None
    student_class_average: float | None = None
    comments: list[str]
    subjects: list[ReportSubject]
