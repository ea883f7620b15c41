"""Against the simulated school: every page reads, and what is written stays, in every era."""

from datetime import date, datetime, timedelta

import pytest
from carillon_pronote import AccountKind, Pronote, Session, pages
from carillon_pronote.errors import ProtocolError
from carillon_pronote.pages.attachments import FILE
from pronote_servers import TODAY

MONDAY, FRIDAY = date(2026, 11, 16), date(2026, 11, 20)


def day(session: Session, on: date, hour: int = 0) -> datetime:
    return datetime.combine(on, datetime.min.time(), session.timezone) + timedelta(hours=hour)


async def test_the_week_is_the_one_the_school_holds(pupil, site, era):
    lessons = await pages.timetable.read_lessons(pupil, day(pupil, MONDAY), day(pupil, FRIDAY, 23))
    truth = site.control(era, "/lessons?of=PARENT%20Gaspard&first=2026-11-16&last=2026-11-20")
    # A detention's subject is its title, which the wire shows as a label.
    read = {
        (one.start, one.end, one.label, one.teachers, one.rooms, one.cancelled, one.status or None, one.exempted)
        for one in lessons
    }
    assert read == {
        (
            datetime.fromisoformat(one["start"]),
            datetime.fromisoformat(one["end"]),
            one["subject"],
            tuple(one["teachers"]),
            tuple(one["rooms"]),
            one["cancelled"],
            one["status"],
            "pupil-0" in one["exempted"],
        )
        for one in truth
    }
    assert [one.start for one in lessons] == sorted(one.start for one in lessons)
    assert any(one.cancelled for one in lessons)
    assert any(one.teacher_away for one in lessons)


async def test_a_range_of_moments_is_read_across_weeks(pupil):
    first, last = day(pupil, MONDAY, 10), day(pupil, MONDAY + timedelta(days=8), 9)
    lessons = await pages.timetable.read_lessons(pupil, first, last)
    assert lessons
    assert all(first <= one.start <= last for one in lessons)
    assert {one.start.date().isocalendar().week for one in lessons} == {47, 48}
    weeks, _ = await pages.timetable.read_filled_weeks(pupil)
    assert pupil.year.week_of(MONDAY) in weeks


async def test_homework_is_ticked_and_stays_ticked(pupil):
    found = await pages.homework.read_homework(pupil, MONDAY, MONDAY + timedelta(days=27))
    assert found
    chosen = found[0]
    await pages.homework.mark_done(pupil, chosen.id, done=not chosen.done)
    again = await pages.homework.read_homework(pupil, MONDAY, MONDAY + timedelta(days=27))
    assert next(one for one in again if one.html == chosen.html and one.due == chosen.due).done is not chosen.done
    assert all(MONDAY <= one.due <= MONDAY + timedelta(days=27) for one in found)


async def test_a_file_is_handed_in_and_taken_back(pupil):
    found = await pages.homework.read_homework(pupil, MONDAY, MONDAY + timedelta(days=27))
    wanted = next(one for one in found if one.may_upload)

    async def handed_in():
        again = await pages.homework.read_homework(pupil, MONDAY, MONDAY + timedelta(days=27))
        return next(one for one in again if one.id == wanted.id).handed_in

    await pages.homework.hand_in(pupil, wanted.id, "exposé.txt", b"My work")
    assert (await handed_in()).name == "exposé.txt"
    await pages.homework.withdraw(pupil, wanted.id)
    assert await handed_in() is None


async def test_contents_lie_at_their_lessons(pupil):
    first, last = day(pupil, MONDAY), day(pupil, FRIDAY, 23)
    contents = await pages.lesson_contents.read_contents(pupil, first, last)
    lessons = {one.id: one for one in await pages.timetable.read_lessons(pupil, first, last)}
    assert contents
    assert all(lessons[one.lesson].start == one.start for one in contents)
    entry = await pages.lesson_contents.read_entry(pupil, contents[0].id)
    assert entry.contents == contents[0].contents
    await pages.lesson_contents.read_entry_homework(pupil, contents[0].id)


async def test_marks_evaluations_report_and_attendance_of_the_period(pupil):
    period = pupil.year.period_of(date.fromisoformat(TODAY))
    marks = await pages.marks.read_marks(pupil, period)
    assert marks.overall.value > 0
    assert {grade.subject.name for grade in marks.grades} <= {line.subject.name for line in marks.subjects}
    assert any(grade.mark.annotation for grade in marks.grades)
    assert await pages.evaluations.read_evaluations(pupil, period)
    report = await pages.reports.read_report(pupil, period)
    assert report.subjects
    attendance = await pages.attendance.read_attendance(pupil, period)
    assert attendance.absences
    assert attendance.delays
    assert attendance.punishments
    narrowed = await pages.attendance.read_attendance(pupil, period, date(2027, 1, 1), date(2027, 1, 2))
    assert not narrowed.absences


async def test_news_are_read_acknowledged_and_answered(pupil):
    news = await pages.news.read_news(pupil)
    information = next(item for item in news if item.is_information)
    survey = next(item for item in news if item.is_survey)
    (question, *_) = await pages.news.read_questions(pupil, survey)
    await pages.news.acknowledge(pupil, information)
    await pages.news.answer(pupil, survey, {question.id: (2,)})
    again = {item.id: item for item in await pages.news.read_news(pupil)}
    assert again[information.id].read
    (answered, *_) = await pages.news.read_questions(pupil, again[survey.id])
    assert answered.answer.given
    assert answered.answer.choices == (2,)
    await pages.news.mark_read(pupil, again[information.id], read=False)
    assert not {item.id: item for item in await pages.news.read_news(pupil)}[information.id].read


async def test_menus_of_a_range_of_days(pupil):
    days = await pages.menus.read_menus(pupil, MONDAY, MONDAY + timedelta(days=8))
    assert [one.on for one in days] == sorted({one.on for one in days})
    assert days[0].meals[0].dishes[0].foods[0].name
    assert days[-1].on > FRIDAY


async def test_a_discussion_is_begun_answered_and_binned(pupil):
    recipients = await pages.recipients.read_recipients(pupil)
    teacher = next(one for one in recipients if one.accepts and one.kind == pages.recipients.TEACHERS)
    await pages.discussions.create(pupil, "Une question", "Bonjour,\nquand ?", [teacher])
    thread = next(one for one in await pages.discussions.read_discussions(pupil) if one.subject == "Une question")
    await pages.discussions.reply(pupil, thread, "Merci")
    messages = (await pages.discussions.read_thread(pupil, thread, mark_read=True)).messages
    assert [message.own for message in messages] == [True, True]
    assert "Merci" in messages[-1].content or "Merci" in messages[0].content
    participants = await pages.recipients.read_participants(pupil, thread.participants_of)
    assert teacher.name in {one.name for one in participants}
    await pages.discussions.mark(pupil, thread, read=False)
    await pages.discussions.move_to_bin(pupil, thread)
    await pages.discussions.take_from_bin(pupil, thread)
    await pages.discussions.delete(pupil, thread)
    assert all(one.possessions != thread.possessions for one in await pages.discussions.read_discussions(pupil))


async def test_files_calendars_and_pdf_are_fetched(pupil):
    resources = await pages.resources.read_resources(pupil)
    file = next(one.attachment for one in resources if one.attachment.kind == FILE)
    link = next(one.attachment for one in resources if one.attachment.url)
    assert await pages.attachments.download(pupil, file)
    with pytest.raises(ProtocolError):
        await pages.attachments.download(pupil, link)
    assert (await pages.personal_information.download_calendar(pupil)).startswith(b"BEGIN:VCALENDAR")
    timetable = await pages.printing.timetable_address(pupil, pupil.year.week_of(MONDAY))
    report = await pages.printing.report_address(pupil, "Trimestre 1")
    for address in (timetable, report):
        assert (await pages.printing.download(pupil, address)).startswith(b"%PDF")


async def test_the_person_the_team_and_the_home_page(pupil):
    assert (await pages.personal_information.read_personal_information(pupil)).city
    assert {member.kind for member in await pages.teaching_staff.read_teaching_staff(pupil)} >= {3}
    home = await pages.home_page.read_home_page(pupil, FRIDAY)
    assert home.links
    assert (await pages.home_page.partner_address(pupil, home.partners[0])).startswith("http")
    assert pages.parameters.read_parameters(pupil).site.establishment
    assert pages.user.read_user(pupil).pupils[0].pupil.name == "PARENT Gaspard"


async def test_any_function_can_be_asked_for_as_it_is(pupil):
    raw = await pupil.request("PageMenus", {"date": {"_T": 7, "V": "16/11/2026 0:0:0"}}, 10)
    assert raw["ListeJours"]["_T"] == 24


async def test_a_parent_reads_each_child_by_itself(pronote: Pronote, site, era):
    parent = await pronote.sign_in(site.root(era), "demonstration", "pronotevs", AccountKind.PARENT)
    assert [child.name for child in parent.facts.pupils] == ["PARENT Gaspard", "PARENT Fanny"]
    weeks = {}
    for child in parent.facts.pupils:
        lessons = await pages.timetable.read_lessons(parent, day(parent, MONDAY), day(parent, FRIDAY, 23), child)
        name = child.name.replace(" ", "%20")
        truth = site.control(era, f"/lessons?of={name}&first=2026-11-16&last=2026-11-20")
        weeks[child.name] = [(one.start, one.label) for one in lessons]
        assert sorted(weeks[child.name]) == sorted(
            (datetime.fromisoformat(one["start"]), one["subject"]) for one in truth
        )
    assert weeks["PARENT Gaspard"] != weeks["PARENT Fanny"]
    for child in ("PARENT Gaspard", "PARENT Fanny"):
        period = parent.year.period_of(FRIDAY)
        assert (await pages.reports.read_report(parent, period, child)).pupil.name == child


async def test_school_life_sees_classes_pupils_and_guardians(pronote: Pronote, site, era):
    staff = await pronote.sign_in(site.root(era), "demonstration2", "pronotevs", AccountKind.SCHOOL_LIFE)
    classes = pages.school_life.read_classes(staff)
    assert {one.name for one in classes} == {"3A", "3B", "4A", "4B"}
    pupils = await pages.school_life.read_pupils(staff, classes[0].id, staff.year.period_of(FRIDAY))
    record = await pages.school_life.read_record(staff, pupils[0].id)
    assert record.identity.last_name == pupils[0].last_name
    assert record.guardians[0].last_name


@pytest.mark.parametrize(
    ("kind", "username"),
    [
        (AccountKind.TEACHER, "professeur"),
        (AccountKind.DIRECTION, "direction"),
        (AccountKind.ATTENDANT, "accompagnant"),
        (AccountKind.COMPANY, "entreprise"),
    ],
)
async def test_the_other_accounts_sign_in(pronote: Pronote, site, era, kind, username):
    session = await pronote.sign_in(site.root(era), username, "pronotevs", kind)
    assert session.account is kind
    assert session.facts.resource.name
    await session.keep_alive()
    await session.logout()


async def test_a_teacher_reads_the_own_week(pronote: Pronote, site, era):
    teacher = await pronote.sign_in(site.root(era), "professeur", "pronotevs", AccountKind.TEACHER)
    lessons = await pages.timetable.read_lessons(teacher, day(teacher, MONDAY), day(teacher, FRIDAY, 23))
    truth = site.control(era, "/lessons?of=M.%20MARTIN%20Paul&first=2026-11-16&last=2026-11-20")
    assert sorted((one.start, one.label, one.cancelled) for one in lessons) == sorted(
        (datetime.fromisoformat(one["start"]), one["subject"], one["cancelled"]) for one in truth
    )
    assert any(one.classes or one.groups for one in lessons)
