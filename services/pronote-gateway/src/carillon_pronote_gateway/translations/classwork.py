"""Homework, contents of lessons, files, information."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from carillon_pronote import Reference, Session
from carillon_pronote.pages import attachments, homework, lesson_contents, news, resources

from carillon_pronote_gateway.graphql_types.classwork import File, Homework, Info, LessonContent
from carillon_pronote_gateway.translations.html_text import words
from carillon_pronote_gateway.translations.identifiers import identifier, number_duplicates
from carillon_pronote_gateway.translations.moments import midnight, said


def files(session: Session, found: Iterable[attachments.Attachment], subject: str, when: datetime | None) -> list[File]:
    """The files of something, which gives them its subject and time."""
    return [
        File(
            id=identifier({"name": one.name}),
            time=_milliseconds(when),
            subject=subject,
            name=one.name,
            url=attachments.address(session, one),
        )
        for one in found
    ]


def _milliseconds(when: datetime | None) -> str:
    """As JavaScript writes a date where a text is wanted."""
    return str(int(when.timestamp() * 1000)) if when is not None else ""


def resource_files(session: Session, found: Iterable[resources.Resource]) -> list[File]:
    """Files that teachers put at the pupils' disposal."""
    shown = []
    for one in found:
        when = midnight(one.on, session.timezone) if one.on else None
        shown += files(session, (one.attachment,), one.subject, when)
        shown[-1].id = identifier({}, "name")  # pronote-api's are numbered only
    return number_duplicates(shown)


def homeworks(session: Session, found: Iterable[homework.Homework]) -> list[Homework]:
    """Pieces of homework, by day."""
    timezone = session.timezone
    return number_duplicates(
        Homework(
            id=identifier({}, "givenAt"),  # pronote-api's are numbered only
            description=words(one.html),
            html_description=one.html,
            subject=_named(one.subject),
            given_at=given,
            for_=midnight(one.due, timezone),
            done=one.done,
            color=one.colour,
            files=files(session, one.attachments, _named(one.subject), given),
            pronote_id=one.id,
            may_hand_in=one.may_upload,
        )
        for one in found
        for given in (midnight(one.given or one.due, timezone),)
    )


def contents(
    session: Session, found: Iterable[lesson_contents.LessonContent], first: datetime, last: datetime
) -> list[LessonContent]:
    """The first entry of each lesson that ends in time."""
    shown = []
    for one in found:
        end = one.end or one.start
        if not one.contents or one.start < first or end > last:
            continue
        content, subject = one.contents[0], _named(one.subject)
        shown.append(
            LessonContent(
                id=identifier({"subject": subject, "from": one.start, "to": end}),
                subject=subject,
                teachers=list(one.teachers),
                from_=one.start,
                to=end,
                color=one.colour,
                title=content.title or None,
                description=words(content.html),
                html_description=content.html,
                files=files(session, content.attachments, subject, one.start),
                category=_named(content.category),
            )
        )
    return number_duplicates(shown)


def infos(session: Session, found: Iterable[tuple[news.NewsItem, tuple[news.Question, ...]]]) -> list[Info]:
    """Information and surveys with the questions of each, by date; the text is that of the first question."""
    shown = []
    for item, questions in found:
        when = said(item.start or item.created)
        html = questions[0].html if questions else ""
        title = item.title or None
        shown.append(
            Info(
                id=identifier({"date": when, "title": title}),
                date=when,
                title=title,
                author=item.author,
                content=words(html),
                html_content=html,
                files=files(session, questions[0].attachments if questions else (), item.category, when),
                pronote_id=item.id,
                read=item.read,
                is_survey=item.is_survey,
            )
        )
    return sorted(number_duplicates(shown), key=lambda one: one.date)


def _named(thing: Reference | None) -> str:
    return thing.name if thing is not None else ""


def of_days(
    found: Iterable[homework.Homework], first: datetime, last: datetime, timezone: ZoneInfo
) -> list[homework.Homework]:
    """The homework whose day begins from `first` to `last`."""
    return [one for one in found if first <= midnight(one.due, timezone) <= last]
