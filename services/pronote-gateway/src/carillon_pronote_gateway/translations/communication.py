"""Discussions, recipients, reports."""

from carillon_pronote.pages import discussions, recipients, reports

from carillon_pronote_gateway.graphql_types.communication import (
    Discussion,
    DiscussionMessage,
    Recipient,
    Report,
    ReportSubject,
)
from carillon_pronote_gateway.translations.html_text import words
from carillon_pronote_gateway.translations.marks import mark_value


def discussion(one: discussions.Discussion) -> Discussion:
    """A thread."""
    return Discussion(
        id=next(iter(one.possessions), ""),
        subject=one.subject,
        author=one.creator,
        recipients=list(one.recipients),
        messages_count=one.messages,
        unread_count=one.unread,
        is_read=one.read,
        is_closed=one.closed,
        date_label=one.date_label,
    )


def message(one: discussions.Message) -> DiscussionMessage:
    """A message of a thread."""
    return DiscussionMessage(
        id=one.id,
        author=one.author,
        content=words(one.content) if one.html else one.content,
        html_content=one.content if one.html else None,
        date=one.sent,
        is_own=one.own,
    )


def recipient(one: recipients.Recipient) -> Recipient:
    """A person to write to."""
    return Recipient(
        id=one.id,
        name=one.name,
        role="teacher" if one.kind == recipients.TEACHERS else "staff",
        function=one.role,
        subjects=[subject.subject.name for subject in one.subjects],
        is_main_teacher=one.head_teacher,
        accepts_messages=one.accepts,
    )


def report(one: reports.Report) -> Report:
    """A period's report."""
    return Report(
        student_average=mark_value(one.overall),
        student_class_average=mark_value(one.overall_class),
        comments=[comment.comment for comment in one.comments],
        subjects=[_subject(line) for line in one.subjects],
    )


def _subject(line: reports.ReportSubject) -> ReportSubject:
    return ReportSubject(
        name=line.subject.name,
        teachers=list(line.teachers),
        student_average=mark_value(line.pupil),
        student_class_average=mark_value(line.class_),
        min_average=mark_value(line.lowest),
        max_average=mark_value(line.highest),
        comments=list(line.comments),
    )
