"""The made-up faculty: eight mentions with some thirty taught groups a semester, 60 rooms, a year around today."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from random import Random

from carillon_celcat_simulator.model.academic_year import AcademicYear, academic_year
from carillon_celcat_simulator.model.mentions import MentionPlan, make_groups, taught
from carillon_celcat_simulator.model.places_and_people import make_rooms, make_staff
from carillon_celcat_simulator.model.planning import Planner, Wish
from carillon_celcat_simulator.model.timetable import CATEGORIES, Group, Meeting, Module, Person, Room, Timetable

INSTITUTION = "Université de Carillon"

MENTIONS = (
    MentionPlan("L1 MI", "ELMI", "EIMIL", 2, 2, 6),
    MentionPlan("L1 PS", "ELPS", "EIPSL", 1, 2, 4),
    MentionPlan("L2 INFO", "ELIN", "EIINL", 2, 2, 6),
    MentionPlan("L3 INFO", "ELINT", "EIIND", 2, 0),
    MentionPlan("M1 INF-DL", "MINDL", "EMIDL", 1, 2, 4),
    MentionPlan("M1 INF-IHM", "MINIHM", "EMIHM", 1, 2, 4),
    MentionPlan("M1 INF-SIAME", "MINSIA", "EMISI", 1, 0),
    MentionPlan("M2 INF-DL", "MINDLB", "EMIDM", 1, 0),
)
_LABELS = (
    "Algorithmique et structures de données", "Analyse 1", "Mécanique du point", "Bases de données",
    "Programmation fonctionnelle", "Probabilités et statistiques", "Architecture des ordinateurs", "Algèbre linéaire",
    "Réseaux", "Interaction homme-machine", "Compilation", "Génie logiciel", "Optique géométrique",
    "Logique et raisonnement", "Systèmes d'exploitation", "Vision par ordinateur", "Thermodynamique (bases)",
    "Calcul scientifique", "Anglais scientifique & technique", "Projet\u00a0 professionnel",
)  # fmt: skip
_NOTES = ("vidéoprojecteur", "prévoir un ordinateur", "séance d'introduction", "salle avec prises", " ")
_SEMESTER_WEEKS = 22
_MODULES = 5
_SHARED_MODULES = 2


def faculty_groups() -> tuple[Group, ...]:
    """The groups of the faculty; they are the same in every year."""
    return make_groups(MENTIONS, 220_501)


def faculty(today: date, seed: int = 1) -> Timetable:
    """The year of the faculty that `today` falls in: always the same for the same seed and year."""
    year = academic_year(today)
    chance = Random(f"{seed} {year.first_monday}")
    groups = faculty_groups()
    rooms = make_rooms(60)
    staff = make_staff(40, chance)
    holidays = year.holidays()
    timetable = Timetable(
        str(year.first_monday.year + 1), INSTITUTION, year, groups, rooms, (), staff, holidays=holidays
    )
    planner = Planner(rooms, {group: timetable.relatives(group) for group in groups}, chance, 264_000)
    identifiers = count(76_900)
    for number, weeks in _semesters(year):
        semester = _Semester(number, weeks, groups, staff, chance, identifiers, chance.sample(_LABELS, len(_LABELS)))
        for wish in semester.wishes():
            planner.place(wish)
        timetable.modules += tuple(semester.modules)
    closed = {holiday.day for holiday in holidays}
    for meeting in _with_irregularities(planner.meetings, rooms, chance):
        if timetable.date_of(meeting) not in closed:
            timetable.meetings[meeting.key] = meeting
    return timetable


def _semesters(year: AcademicYear) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Both semesters with their weeks; a year that begins in spring begins with the second."""
    first = 1 if year.first_monday.month > 6 else 2
    halfway = min(_SEMESTER_WEEKS if first == 1 else year.weeks // 2, year.weeks)
    return (first, tuple(range(1, halfway + 1))), (3 - first, tuple(range(halfway + 1, year.weeks + 1)))


@dataclass(slots=True)
class _Semester:
    """One semester of all mentions: what is to be taught in `weeks`."""

    number: int
    weeks: tuple[int, ...]
    groups: tuple[Group, ...]
    staff: tuple[Person, ...]
    chance: Random
    identifiers: "count[int]"
    labels: list[str]
    modules: list[Module] = field(default_factory=list)

    def wishes(self) -> Iterator[Wish]:
        """All series. Those of many groups come first: they are the hardest to place."""
        sections = {plan.name: self._taught(plan, "CM") for plan in MENTIONS}
        masters = tuple(group for name, found in sections.items() if name.startswith("M1") for group in found)
        everyone = tuple(group for found in sections.values() for group in found)
        weeks = self.weeks
        yield Wish(CATEGORIES["REUNION"], (), everyone, (weeks[4],), 60, "amphi", notes="Réunion de rentrée")
        yield Wish(CATEGORIES["CONFERENCE"], (), everyone, (weeks[-6],), 130, "amphi", room_count=2)
        yield Wish(CATEGORIES["REUNION"], (), masters, (weeks[8],), 60, None, notes="Élection des délégués")
        for number in range(_SHARED_MODULES):
            yield self._lecture(self._module("EMINC", number), masters)
        for plan in MENTIONS:
            for number in range(_MODULES):
                yield from self._module_wishes(plan, number)

    def _module_wishes(self, plan: MentionPlan, number: int) -> Iterator[Wish]:
        module, section = self._module(plan.module_code, number), self._taught(plan, "CM")
        yield self._lecture(module, section)
        category, minutes = (CATEGORIES["COURS/TD"], 130) if number % 2 else (CATEGORIES["TD"], 120)
        rooms, notes = (2, "deux salles") if number == _MODULES - 1 else (1, None)
        for group in self._taught(plan, "TD"):
            yield Wish(category, (module,), (group,), self.weeks, minutes, "class", rooms, self._teacher(), notes)
        category = CATEGORIES["Tpne" if number == 3 else "TP"]
        for place, group in enumerate(self._taught(plan, "TP")):
            every_other = self.weeks[place % 2 :: 2]
            yield Wish(category, (module,), (group,), every_other, 120, "practical", 1, self._teacher())
        yield from self._tests(module, section, number)

    def _tests(self, module: Module, section: tuple[Group, ...], number: int) -> Iterator[Wish]:
        # Recorded tests often name no module.
        tested = (module,) if number else ()
        yield Wish(CATEGORIES["CONTROLE CONTINU"], tested, section, (self.weeks[11],), 60, "amphi")
        if number == 0:
            yield Wish(
                CATEGORIES["EXAMEN"], (module,), section, (self.weeks[-2],), 120, "amphi", notes="sans documents"
            )
            yield Wish(CATEGORIES["ENCADREMENT PROJET"], (module,), section, self.weeks[6:16:3], 120, None)

    def _lecture(self, module: Module, groups: tuple[Group, ...]) -> Wish:
        return Wish(CATEGORIES["COURS"], (module,), groups, self.weeks, 120, "amphi", 1, self._teacher())

    def _module(self, prefix: str, number: int) -> Module:
        code = f"{prefix}{self.number}{'ABCDEFGH'[number]}1"
        # Neighbours differ, so that no mention has two modules of one name.
        label = self.labels[len(self.modules) % len(self.labels)]
        module = Module(next(self.identifiers), code, label)
        self.modules.append(module)
        return module

    def _taught(self, plan: MentionPlan, kind: str) -> tuple[Group, ...]:
        return taught(self.groups, plan.name, self.number, kind)

    def _teacher(self) -> tuple[Person, ...]:
        return (self.chance.choice(self.staff),)


def _with_irregularities(meetings: list[Meeting], rooms: tuple[Room, ...], chance: Random) -> Iterator[Meeting]:
    """What a real year has: sessions dropped, rooms not yet given or changed for once, remarks."""
    taken = {
        (room.identifier, meeting.week, meeting.day, meeting.begin) for meeting in meetings for room in meeting.rooms
    }
    for meeting in meetings:
        event, lot = meeting, chance.random()
        if lot < 0.04 and len(meeting.groups) == 1:
            continue
        if lot < 0.10 and len(meeting.groups) == 1:
            event = replace(meeting, rooms=())
        elif lot < 0.16 and meeting.rooms:
            room = chance.choice([room for room in rooms if room.kind == meeting.rooms[0].kind])
            place = (room.identifier, meeting.week, meeting.day, meeting.begin)
            if place not in taken:
                taken.add(place)
                event = replace(meeting, rooms=(room, *meeting.rooms[1:]))
        elif lot < 0.30 and meeting.notes is None:
            event = replace(meeting, notes=chance.choice(_NOTES))
        yield event
