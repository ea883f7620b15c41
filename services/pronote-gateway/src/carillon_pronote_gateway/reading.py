"""Pages as both GraphQL and REST read them: for one pupil, between two moments, within a limit of requests."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from carillon_pronote import Period, Pupil, Session, pages
from carillon_pronote.errors import PronoteError, ProtocolError

from carillon_pronote_gateway.sessions.held import Held

_T = TypeVar("_T")
_PRESENCE_KEPT = timedelta(minutes=15)


class TooMuchAskedError(PronoteError):
    """One request asks for more pages of Pronote than it may."""

    code = 121
    french = "Cette requête demande trop de pages de Pronote : raccourcissez la période."
    english = "This request asks for too many pages of Pronote: ask for a shorter time."


class NoSuchItemError(PronoteError):
    """What was asked for by name or number is not there."""

    code = 123
    french = "Cet élément n'existe pas : relisez la liste, car les numéros ne valent que pour une session."
    english = "There is no such item: read the list again, since numbers live as long as their session."


@dataclass(frozen=True)
class Me:
    """Who is signed in, and for whom the account may ask."""

    name: str
    account: str
    school: str
    students: list[str]
    kept_alive: bool
    remembered: bool


@dataclass
class Reader:
    """Reads pages of one session for one request. `pages_left` counts down; `now` decides the current period."""

    held: Held
    now: datetime
    pages_left: int

    @property
    def session(self) -> Session:
        """The session at Pronote."""
        return self.held.session

    def me(self) -> Me:
        """Who is signed in."""
        facts = self.session.facts
        return Me(
            name=facts.resource.name,
            account=self.session.account.code,
            school=facts.establishment,
            students=[pupil.name for pupil in facts.pupils],
            kept_alive=self.held.record.kept_alive,
            remembered=self.held.remembered is not None,
        )

    def pupil(self, wanted: str | None) -> Pupil | None:
        """The pupil meant; None for accounts that have none.

        Raises:
            NoSuchItemError: no such pupil.
        """
        if wanted is None and (self.session.facts.is_pupil or not self.session.facts.pupils):
            return None
        try:
            return self.session.pupil(wanted)
        except ProtocolError:
            raise NoSuchItemError("student") from None

    def spend(self, count: int) -> None:
        """Count pages that are asked for.

        Raises:
            TooMuchAskedError: too many.
        """
        self.pages_left -= count
        if self.pages_left < 0:
            raise TooMuchAskedError

    def period(self, wanted: str | None) -> Period:
        """A period by name, or the trimester that holds now.

        Raises:
            NoSuchItemError: no such period.
        """
        year = self.session.year
        try:
            return year.period_of(self._day(self.now)) if wanted is None else year.period(wanted)
        except ProtocolError:
            raise NoSuchItemError("period") from None

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.session.timezone).date()

    def _weeks(self, first: datetime, last: datetime) -> range:
        return self.session.year.weeks(self._day(first), self._day(last))

    async def lessons(self, first: datetime, last: datetime, pupil: Pupil | None) -> list[pages.timetable.Lesson]:
        """The lessons that begin from `first` to `last`, by time."""
        weeks = self._weeks(first, last)
        self.spend(len(weeks))
        found: list[pages.timetable.Lesson] = []
        for week in weeks:
            shown = (await pages.timetable.read_week(self.session, week, pupil)).lessons
            found += pages.timetable.mark_duplicates(shown)
        return sorted((one for one in found if first <= one.start <= last), key=lambda one: one.start)

    async def held_weeks(self, pupil: Pupil | None) -> frozenset[int]:
        """The weeks in which there are lessons at all; kept for a while."""
        name = f"weeks of {pupil.id if pupil else ''}"
        kept = self.held.remarks.get(name)
        if kept is None or kept[0] < self.now:
            self.spend(1)
            weeks, _ = await pages.timetable.read_filled_weeks(self.session, pupil)
            kept = self.held.remarks[name] = (self.now + _PRESENCE_KEPT, frozenset(weeks))
        weeks_held: frozenset[int] = kept[1]
        return weeks_held

    async def marks(self, period: str | None, pupil: Pupil | None) -> pages.marks.Marks:
        """A period's marks."""
        self.spend(1)
        return await pages.marks.read_marks(self.session, self.period(period), pupil)

    async def evaluations(self, period: str | None, pupil: Pupil | None) -> tuple[pages.evaluations.Evaluation, ...]:
        """A period's evaluations."""
        self.spend(1)
        return await pages.evaluations.read_evaluations(self.session, self.period(period), pupil)

    async def attendance(
        self, period: str | None, first: datetime | None, last: datetime | None, pupil: Pupil | None
    ) -> pages.attendance.Attendance:
        """A period's events, or those of some days."""
        self.spend(1)
        begin, end = (self._day(moment) if moment else None for moment in (first, last))
        return await pages.attendance.read_attendance(self.session, self.period(period), begin, end, pupil)

    async def homework(
        self, first: datetime, last: datetime, pupil: Pupil | None
    ) -> tuple[pages.homework.Homework, ...]:
        """The homework of the days from `first` to `last`."""
        self.spend(1)
        return await pages.homework.read_homework(self.session, self._day(first), self._day(last), pupil)

    async def contents(
        self, first: datetime, last: datetime, pupil: Pupil | None
    ) -> tuple[pages.lesson_contents.LessonContent, ...]:
        """What was done in lessons that begin from `first` to `last`."""
        self.spend(1)
        return await pages.lesson_contents.read_contents(self.session, first, last, pupil)

    async def menus(self, first: datetime, last: datetime, pupil: Pupil | None) -> tuple[pages.menus.MenuDay, ...]:
        """The menus of the days from `first` to `last`."""
        self.spend(len(self._weeks(first, last)) or 1)
        return await pages.menus.read_menus(self.session, self._day(first), self._day(last), pupil)

    async def news(self, pupil: Pupil | None) -> list[tuple[pages.news.NewsItem, tuple[pages.news.Question, ...]]]:
        """Information and surveys with their questions."""
        self.spend(1)
        found = []
        for item in await pages.news.read_news(self.session, pupil):
            if not item.questions:
                self.spend(1)
            found.append((item, await pages.news.read_questions(self.session, item, pupil)))
        return found

    async def news_item(self, wanted: str, pupil: Pupil | None) -> pages.news.NewsItem:
        """One piece of information by its number."""
        self.spend(1)
        return _one(
            (item for item in await pages.news.read_news(self.session, pupil) if item.id == wanted), "information"
        )

    async def discussions(self, pupil: Pupil | None) -> tuple[pages.discussions.Discussion, ...]:
        """The threads."""
        self.spend(1)
        return await pages.discussions.read_discussions(self.session, pupil)

    async def discussion(self, wanted: str, pupil: Pupil | None) -> pages.discussions.Discussion:
        """One thread by any of its numbers."""
        found = await self.discussions(pupil)
        return _one((one for one in found if wanted in one.possessions), "discussion")

    async def thread(self, wanted: str, pupil: Pupil | None) -> pages.discussions.Thread:
        """The messages of a thread."""
        self.spend(1)
        return await pages.discussions.read_thread(self.session, await self.discussion(wanted, pupil), pupil=pupil)

    async def recipients(self, pupil: Pupil | None) -> tuple[pages.recipients.Recipient, ...]:
        """Whom the account may write to."""
        self.spend(2)
        return await pages.recipients.read_recipients(self.session, pupil=pupil)

    async def report(self, period: str | None, pupil: Pupil | None) -> pages.reports.Report:
        """A period's report; NotPublishedError if there is none."""
        self.spend(1)
        return await pages.reports.read_report(self.session, self.period(period), pupil)


def _one(found: Iterable[_T], what: str) -> _T:
    for one in found:
        return one
    raise NoSuchItemError(what)
