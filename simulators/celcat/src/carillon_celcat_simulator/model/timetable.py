"""Groups, rooms, modules, staff and meetings of a made-up timetable."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from carillon_celcat_simulator.model.academic_year import AcademicYear, Holiday

_DEPTH = {"": 0, "CM": 1, "TD": 2, "TP": 3, "G": 4, "GP": 2}
_SEMESTERS_BEFORE = {"L1": 0, "L2": 2, "L3": 4, "M1": 6, "M2": 8}


@dataclass(frozen=True, slots=True)
class Category:
    """A type of meeting with its colour on Web Publisher pages (RRGGBB) and in Calendar (#RRGGBB)."""

    name: str
    page_colour: str
    calendar_colour: str


CATEGORIES = {
    category.name: category
    for category in (
        Category("COURS", "BFBFFF", "#8080FF"),
        Category("COURS/TD", "BEA7B8", "#7D4F72"),
        Category("TD", "FFBFBF", "#FF8080"),
        Category("TP", "9FBFBF", "#408080"),
        Category("Tpne", "BFBFDF", "#8080C0"),
        Category("CONTROLE CONTINU", "BFBF7F", "#808000"),
        Category("EXAMEN", "FFBF7F", "#FF8000"),
        Category("REUNION", "FFFFBF", "#FFFF80"),
        Category("CONFERENCE", "7FFF7F", "#00FF00"),
        Category("ENCADREMENT PROJET", "C1FEFC", "#83FDF9"),
    )
}


@dataclass(frozen=True, slots=True)
class Group:
    """A group of students; without `kind` the whole mention. `digits` are the path from section to subgroup."""

    identifier: int
    mention: str
    code: str
    semester: int | None = None
    kind: str = ""
    section: str = ""
    digits: str = ""

    @property
    def name(self) -> str:
        """The name as events carry it: `L2 INFO s1 TDA1`."""
        semester = [f"s{self.semester}"] if self.semester else []
        subgroup = [self.kind + self.section + self.digits] if self.kind else []
        return " ".join([self.mention, *semester, *subgroup])

    @property
    def page_name(self) -> str:
        """The name as a page's heading has it."""
        return self.name if self.kind else f"{self.mention} (toutes sections et semestres confondus)"

    @property
    def level(self) -> str:
        """L1, L2, L3, M1 or M2."""
        return self.mention.split()[0]

    @property
    def federation_id(self) -> str:
        """The compact code of Calendar: semester counted from the first year of the degree."""
        if self.semester is None:
            return self.code
        return f"{self.code}{_SEMESTERS_BEFORE[self.level] + self.semester}{self.kind}{self.section}{self.digits}"

    @property
    def resource_name(self) -> str:
        """The name in addresses of Calendar 7."""
        semester = [f"s{self.semester}"] if self.semester else []
        subgroup = [self.kind + self.section + self.digits] if self.kind else []
        return "_".join(["formation", self.code, *semester, *subgroup])

    def holds(self, other: "Group") -> bool:
        """Whether every member of `other` is a member of this group (a group holds itself)."""
        if self.mention != other.mention:
            return False
        if not self.kind:
            return True
        if (self.semester, self.section) != (other.semester, other.section):
            return False
        if other.kind == "GP" or self.kind == "GP":
            return self == other or self.kind == "CM"
        return _DEPTH[self.kind] <= _DEPTH[other.kind] and other.digits.startswith(self.digits)


@dataclass(frozen=True, slots=True)
class Room:
    """A room; `kind` is what it is fit for: amphi, class or practical."""

    identifier: int
    name: str
    building: str
    kind: str
    seats: int


@dataclass(frozen=True, slots=True)
class Module:
    """A taught subject with its 8-character code."""

    identifier: int
    code: str
    label: str

    @property
    def name(self) -> str:
        """`EIINL1A1 - Label`, as pages have it."""
        return f"{self.code} - {self.label}"


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up teacher."""

    identifier: int
    surname: str
    first_name: str

    @property
    def name(self) -> str:
        """How most formats show it: the surname first."""
        return f"{self.surname} {self.first_name}"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting: `series` takes place in the week `week` of the year, on `day` (0 = Monday), local minutes of day."""

    series: int
    week: int
    day: int
    begin: int
    end: int
    category: Category
    modules: tuple[Module, ...]
    groups: tuple[Group, ...]
    rooms: tuple[Room, ...]
    staff: tuple[Person, ...] = ()
    notes: str | None = None

    @property
    def key(self) -> str:
        """The name of the meeting in the control addresses: series and week."""
        return f"{self.series}-{self.week}"


@dataclass(slots=True)
class Timetable:
    """A whole year of meetings by key, with all that they use."""

    name: str
    institution: str
    year: AcademicYear
    groups: tuple[Group, ...]
    rooms: tuple[Room, ...]
    modules: tuple[Module, ...]
    staff: tuple[Person, ...]
    holidays: tuple[Holiday, ...] = ()
    meetings: dict[str, Meeting] = field(default_factory=dict)

    def mentions(self) -> tuple[Group, ...]:
        """The groups that are whole mentions."""
        return tuple(group for group in self.groups if not group.kind)

    def relatives(self, group: Group) -> tuple[Group, ...]:
        """The group, those above it and those below it."""
        return tuple(other for other in self.groups if group.holds(other) or other.holds(group))

    def date_of(self, meeting: Meeting) -> date:
        """The day of a meeting."""
        return self.year.monday(meeting.week) + timedelta(days=meeting.day)

    def begin_of(self, meeting: Meeting) -> datetime:
        """Local time without zone."""
        return datetime.combine(self.date_of(meeting), clock(meeting.begin))

    def end_of(self, meeting: Meeting) -> datetime:
        """Local time without zone."""
        return datetime.combine(self.date_of(meeting), clock(meeting.end))


def clock(minutes: int) -> time:
    """Minutes after midnight as a time of day."""
    return time(minutes // 60, minutes % 60)
