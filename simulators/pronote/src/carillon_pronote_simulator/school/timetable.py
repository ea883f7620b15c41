"""The timetable of a whole year: a clash-free week per class, and each week its changes."""

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import chain

from carillon_pronote_simulator.school.model import (
    Group,
    Lesson,
    Pupil,
    Room,
    SchoolClass,
    SchoolYear,
    Subject,
    Teacher,
)
from carillon_pronote_simulator.school.people import SUBJECTS, People

PLACES_PER_DAY = 20
PLACES_PER_HOUR = 2
DAY_STARTS = time(8)
_LUNCH = range(8, 11)
_HOURS = {
    "mathematics": 4,
    "french": 4,
    "history": 3,
    "english": 3,
    "biology": 2,
    "physics": 2,
    "technology": 1,
    "sport": 2,
    "music": 1,
    "art": 1,
}
_OWN_ROOMS = {"sport": "Gymnase", "biology": "Labo SVT", "physics": "Labo PC", "art": "Salle d'arts", "music": "CDI"}


@dataclass(frozen=True)
class Slot:
    """One weekly appointment: weekday 0-4, first half-hour of the day, number of half-hours."""

    day: int
    place: int
    places: int
    subject: Subject
    teacher: Teacher
    room: Room
    audience: SchoolClass | Group
    busy: frozenset[str]

    @property
    def cells(self) -> set[tuple[int, int]]:
        """The half-hours of the week it takes."""
        return {(self.day, place) for place in range(self.place, self.place + self.places)}


class _Week:
    """The model week while it is being filled; nobody and no room is ever in two places."""

    def __init__(self, rng: random.Random, everybody: People) -> None:
        self._rng = rng
        self._people = everybody
        self._taken: dict[str, set[tuple[int, int]]] = {}
        self.slots: list[Slot] = []

    def add(
        self, subject: Subject, audience: SchoolClass | Group, teacher: Teacher, who: set[str], places: int
    ) -> None:
        """Put one appointment at the first of the shuffled places where everybody is free.

        Raises:
            RuntimeError: the week is too full; the made-up hours would have to be changed.
        """
        busy = frozenset({*who, teacher.key})
        starts = [(day, place) for day in range(5) for place in range(0, PLACES_PER_DAY - places, 2)]
        self._rng.shuffle(starts)
        # Mornings first, so that days have no long holes.
        for day, place in sorted(starts, key=lambda start: start[1] // 6):
            wanted = set(range(place, place + places))
            if wanted & set(_LUNCH) or (day == 2 and place > 8):
                continue
            cells = {(day, cell) for cell in wanted}
            room = next((room for room in self._rooms(subject) if not self._taken.get(room.key, set()) & cells), None)
            if room is None or any(self._taken.get(key, set()) & cells for key in busy):
                continue
            slot = Slot(day, place, places, subject, teacher, room, audience, busy)
            for key in (*busy, room.key):
                self._taken.setdefault(key, set()).update(cells)
            self.slots.append(slot)
            return
        raise RuntimeError(f"no place left for {subject.name} of {audience.name}")

    def _rooms(self, subject: Subject) -> list[Room]:
        own = _OWN_ROOMS.get(subject.key)
        if own is not None:
            return [room for room in self._people.rooms if room.name == own]
        return [room for room in self._people.rooms if room.name not in _OWN_ROOMS.values()]


def model_week(rng: random.Random, everybody: People) -> list[Slot]:
    """The weekly timetable of all classes and language groups."""
    week = _Week(rng, everybody)
    classes_of = {
        group: {pupil.school_class.key for pupil in everybody.pupils if group in pupil.groups}
        for group in everybody.groups
    }
    for group in everybody.groups:
        subject = SUBJECTS["spanish" if "ESP" in group.name else "german"]
        teacher = everybody.teachers_of(subject)[0]
        for _ in range(2):
            week.add(subject, group, teacher, {group.key, *classes_of[group]}, 2)
    for index, school_class in enumerate(everybody.classes):
        week.add(*_lesson(everybody, school_class, index, "sport"), places=4)
        for key, hours in _HOURS.items():
            if key != "sport":
                for _ in range(hours):
                    week.add(*_lesson(everybody, school_class, index, key), places=2)
    _ensure_friday_morning(week, everybody)
    return week.slots


def _lesson(
    everybody: People, school_class: SchoolClass, index: int, key: str
) -> tuple[Subject, SchoolClass, Teacher, set[str]]:
    teachers = everybody.teachers_of(SUBJECTS[key])
    return SUBJECTS[key], school_class, teachers[index % len(teachers)], {school_class.key}


def _ensure_friday_morning(week: _Week, everybody: People) -> None:
    """Every class has something on Friday: the published tests of pronotepy look at the first one."""
    for index, school_class in enumerate(everybody.classes):
        if not any(slot.day == 4 and slot.audience == school_class for slot in week.slots):
            week.add(*_lesson(everybody, school_class, index, "french"), places=2)


def lessons_of_year(year: SchoolYear, slots: list[Slot]) -> list[Lesson]:
    """The unchanged lessons of every open day, in order."""
    lessons = []
    for week in range(1, year.weeks + 1):
        monday = year.monday_of(week)
        days = {offset: monday + timedelta(days=offset) for offset in range(7)}
        open_days = {offset: day for offset, day in days.items() if year.is_open(day)}
        lessons += [
            _lesson_on(open_days[slot.day], week, number, slot)
            for number, slot in enumerate(slots)
            if slot.day in open_days
        ]
    return sorted(lessons, key=lambda lesson: (lesson.start, lesson.key))


def _lesson_on(day: date, week: int, number: int, slot: Slot) -> Lesson:
    start = moment(day, slot.place)
    return Lesson(
        key=f"lesson-{week}-{number}",
        start=start,
        end=start + timedelta(minutes=30 * slot.places),
        subject=slot.subject,
        teachers=(slot.teacher,),
        rooms=(slot.room,),
        audience=slot.audience,
    )


def moment(day: date, place: int) -> datetime:
    """The wall-clock time at which a half-hour of the day starts."""
    return datetime.combine(day, DAY_STARTS) + timedelta(minutes=30 * place)


def place_of(start: datetime) -> int:
    """The half-hour of the week a time lies in: weekday times places of a day, plus half-hour of the day."""
    minutes = (start.hour - DAY_STARTS.hour) * 60 + start.minute
    return start.weekday() * PLACES_PER_DAY + max(0, min(PLACES_PER_DAY - 1, minutes // 30))


def change_some(rng: random.Random, year: SchoolYear, everybody: People, lessons: list[Lesson]) -> None:
    """Cancel, move and replace lessons of every class in every week, and add the odd events of a school."""
    by_week: dict[int, list[Lesson]] = {}
    by_week_and_class: dict[tuple[int, str], list[Lesson]] = {}
    for lesson in lessons:
        week = year.week_of(lesson.start.date())
        by_week.setdefault(week, []).append(lesson)
        by_week_and_class.setdefault((week, lesson.audience.key), []).append(lesson)
    for (week, _), ordinary in sorted(by_week_and_class.items()):
        candidates = [lesson for lesson in ordinary if lesson.subject.key not in ("sport", "spanish", "german")]
        # Friday of the first week stays as it is: pronotepy's tests expect an ordinary first lesson there.
        candidates = [lesson for lesson in candidates if week > 1]
        if len(candidates) < 8:
            continue
        # Only lessons of the same week can be at the same time.
        absent, closed, moved, replaced, video, test, memo = rng.sample(candidates, 7)
        absent.cancelled, absent.status = True, "Prof. absent"
        closed.cancelled, closed.status = True, "Cours annulé"
        by_week[week].append(_moved(rng, moved, year, by_week[week]))
        replaced.status = "Remplacement"
        replaced.teachers = (_free_teacher(rng, replaced, everybody, by_week[week]),)
        video.video_address = f"https://visio.example.org/{video.key}"
        test.test = True
        memo.memo = "Apporter le manuel"
    _exempt_from_sport(lessons, everybody.pupils[0])
    lessons[:] = sorted(chain.from_iterable(by_week.values()), key=lambda lesson: (lesson.start, lesson.key))


def _exempt_from_sport(lessons: list[Lesson], pupil: Pupil) -> None:
    for lesson in lessons:
        if lesson.subject.key == "sport" and lesson.concerns(pupil):
            lesson.exempted = frozenset({pupil.key})


def _overlap(first: Lesson, second: Lesson) -> bool:
    return first.start < second.end and second.start < first.end


def _moved(rng: random.Random, lesson: Lesson, year: SchoolYear, lessons: list[Lesson]) -> Lesson:
    """Cancel a lesson where it was and give it back at the end of a day of the same week."""
    lesson.cancelled, lesson.status = True, "Cours déplacé"
    monday = year.monday_of(year.week_of(lesson.start.date()))
    days = [day for day in (monday + timedelta(days=offset) for offset in (0, 1, 3, 4)) if year.is_open(day)]
    rng.shuffle(days)
    possible = (_at_end_of(day, lesson) for day in days)
    return next((new for new in possible if not _clashes(new, lessons)), None) or _at_end_of(days[0], lesson)


def _at_end_of(day: date, lesson: Lesson) -> Lesson:
    start = moment(day, PLACES_PER_DAY - PLACES_PER_HOUR)
    return replace(
        lesson,
        key=f"{lesson.key}-moved",
        start=start,
        end=start + (lesson.end - lesson.start),
        cancelled=False,
        status="Cours déplacé",
        layer=1,
    )


def _clashes(lesson: Lesson, lessons: list[Lesson]) -> bool:
    return any(
        _overlap(lesson, other)
        and not other.cancelled
        and (set(lesson.teachers) & set(other.teachers) or set(lesson.rooms) & set(other.rooms))
        for other in lessons
    )


def _free_teacher(rng: random.Random, lesson: Lesson, everybody: People, lessons: list[Lesson]) -> Teacher:
    busy = {
        teacher for other in lessons if _overlap(lesson, other) and not other.cancelled for teacher in other.teachers
    }
    free = [teacher for teacher in everybody.teachers if teacher not in busy]
    return rng.choice(free or list(everybody.teachers))


def outing(year: SchoolYear, everybody: People, week: int) -> Lesson:
    """A visit of the first class on the free Wednesday afternoon of a week."""
    start = moment(year.monday_of(week) + timedelta(days=2), 10)
    return Lesson(
        key=f"lesson-outing-{week}",
        start=start,
        end=start + timedelta(hours=3),
        subject=Subject("subject-outing", "Visite du musée", "#00BCD4"),
        teachers=everybody.teachers[8:9],
        rooms=(),
        audience=everybody.classes[0],
        kind="outing",
    )
