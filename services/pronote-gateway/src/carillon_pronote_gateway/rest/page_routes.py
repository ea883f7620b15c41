"""Reads: the client's own typed values, dates with offsets. `student` says which child a parent asks about."""

from carillon_pronote.pages import (
    attendance,
    discussions,
    evaluations,
    homework,
    lesson_contents,
    marks,
    menus,
    news,
    parameters,
    personal_information,
    recipients,
    reports,
    resources,
    teaching_staff,
    timetable,
)
from carillon_pronote.pages import user as user_page
from fastapi import APIRouter
from pydantic import BaseModel

from carillon_pronote_gateway.lesson_changes import LessonChange, changes
from carillon_pronote_gateway.rest.parameters import AskedPupil, Days, PeriodName, Reading
from carillon_pronote_gateway.rest.problem_answers import PROBLEMS

router = APIRouter(prefix="/pronote/v1", tags=["pages"], responses=PROBLEMS)


class News(BaseModel):
    """A piece of information or a survey with its questions."""

    item: news.NewsItem
    questions: list[news.Question]


class Address(BaseModel):
    """An address."""

    url: str


@router.get("/school")
async def school(reading: Reading) -> parameters.Parameters:
    """The school, its year, hours and marking."""
    return parameters.read_parameters(reading.session)


@router.get("/user")
async def user(reading: Reading) -> user_page.User:
    """The account, its pupils and rights."""
    return user_page.read_user(reading.session)


@router.get("/timetable")
async def lessons(reading: Reading, days: Days, pupil: AskedPupil) -> list[timetable.Lesson]:
    """Lessons, cancelled ones included."""
    return await reading.lessons(*days, pupil)


@router.get("/timetable/changes")
async def timetable_changes(reading: Reading, days: Days, pupil: AskedPupil) -> list[LessonChange]:
    """Lessons cancelled, moved, replaced or changed; the old and the new one together."""
    return changes(await reading.lessons(*days, pupil))


@router.get("/timetable/pronote-calendar")
async def pronote_calendar(reading: Reading, pupil: AskedPupil) -> Address:
    """Pronote's own calendar address, where the school offers it; it holds a secret."""
    reading.spend(2)
    return Address(url=await personal_information.calendar_address(reading.session, pupil))


@router.get("/marks")
async def read_marks(reading: Reading, pupil: AskedPupil, period: PeriodName = None) -> marks.Marks:
    """A period's marks and averages."""
    return await reading.marks(period, pupil)


@router.get("/evaluations")
async def read_evaluations(
    reading: Reading, pupil: AskedPupil, period: PeriodName = None
) -> list[evaluations.Evaluation]:
    """A period's evaluations of skills."""
    return list(await reading.evaluations(period, pupil))


@router.get("/attendance")
async def read_attendance(reading: Reading, pupil: AskedPupil, period: PeriodName = None) -> attendance.Attendance:
    """A period's absences, delays, punishments and notes."""
    return await reading.attendance(period, None, None, pupil)


@router.get("/reports")
async def report(reading: Reading, pupil: AskedPupil, period: PeriodName = None) -> reports.Report:
    """A period's report; 404 while it is not published."""
    return await reading.report(period, pupil)


@router.get("/homework")
async def read_homework(reading: Reading, days: Days, pupil: AskedPupil) -> list[homework.Homework]:
    """Homework by the day it is due."""
    return list(await reading.homework(*days, pupil))


@router.get("/lesson-contents")
async def read_contents(reading: Reading, days: Days, pupil: AskedPupil) -> list[lesson_contents.LessonContent]:
    """What was done in lessons."""
    return list(await reading.contents(*days, pupil))


@router.get("/news")
async def read_news(reading: Reading, pupil: AskedPupil) -> list[News]:
    """Information and surveys."""
    return [News(item=item, questions=list(questions)) for item, questions in await reading.news(pupil)]


@router.get("/menus")
async def read_menus(reading: Reading, days: Days, pupil: AskedPupil) -> list[menus.MenuDay]:
    """What there is to eat."""
    return list(await reading.menus(*days, pupil))


@router.get("/resources")
async def read_resources(reading: Reading, pupil: AskedPupil) -> list[resources.Resource]:
    """Files and links at the pupils' disposal."""
    reading.spend(1)
    return list(await resources.read_resources(reading.session, pupil))


@router.get("/discussions")
async def read_discussions(reading: Reading, pupil: AskedPupil) -> list[discussions.Discussion]:
    """The threads; any of `possessions` is a thread's id."""
    return list(await reading.discussions(pupil))


@router.get("/discussions/{discussion_id}")
async def read_thread(reading: Reading, discussion_id: str, pupil: AskedPupil) -> list[discussions.Message]:
    """The messages of a thread; it stays unread."""
    return list((await reading.thread(discussion_id, pupil)).messages)


@router.get("/recipients")
async def read_recipients(reading: Reading, pupil: AskedPupil) -> list[recipients.Recipient]:
    """Whom the account may write to."""
    return list(await reading.recipients(pupil))


@router.get("/teaching-staff")
async def read_teaching_staff(reading: Reading, pupil: AskedPupil) -> list[teaching_staff.StaffMember]:
    """The pupil's teachers and staff."""
    reading.spend(1)
    return list(await teaching_staff.read_teaching_staff(reading.session, pupil))
