"""The made-up people, subjects and rooms of the simulated school."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from carillon_pronote_simulator.school.model import (
    Group,
    Guardian,
    Pupil,
    Room,
    SchoolClass,
    StaffMember,
    Subject,
    Teacher,
)

SCHOOL_NAME = "COLLEGE DES TROIS COLLINES"
CITY = "VILLENEUVE-LES-ESSAIS"

SUBJECTS: dict[str, Subject] = {
    subject.key: subject
    for subject in (
        Subject("mathematics", "MATHEMATIQUES", "#4E97E9"),
        Subject("french", "FRANCAIS", "#E9A04E"),
        Subject("history", "HISTOIRE-GEOGRAPHIE", "#A0522D"),
        Subject("english", "ANGLAIS LV1", "#C0392B"),
        Subject("spanish", "ESPAGNOL LV2", "#F1C40F"),
        Subject("german", "ALLEMAND LV2", "#8E44AD"),
        Subject("biology", "SCIENCES VIE & TERRE", "#27AE60"),
        Subject("physics", "PHYSIQUE-CHIMIE", "#16A085"),
        Subject("technology", "TECHNOLOGIE", "#7F8C8D"),
        Subject("sport", "ED.PHYSIQUE & SPORT.", "#2ECC71"),
        Subject("music", "EDUCATION MUSICALE", "#D35400"),
        Subject("art", "ARTS PLASTIQUES", "#9B59B6"),
    )
}

_TEACHERS = (
    ("martin", "M. MARTIN Paul", ("mathematics",)),
    ("lambert", "Mme LAMBERT Inès", ("mathematics", "technology")),
    ("girard", "Mme GIRARD Odile", ("french",)),
    ("noel", "M. NOËL Bastien", ("french",)),
    ("roche", "M. ROCHE Étienne", ("history",)),
    ("petit", "Mme PETIT Anne", ("english",)),
    ("vidal", "Mme VIDAL Carmen", ("spanish",)),
    ("weber", "M. WEBER Hugo", ("german",)),
    ("bernard", "Mme BERNARD Lucie", ("biology",)),
    ("perrin", "M. PERRIN Marc", ("physics",)),
    ("colin", "M. COLIN Samir", ("sport",)),
    ("gauthier", "Mme GAUTHIER Aude", ("music", "art")),
)
_STAFF = (
    ("durand", "Mme DURAND Claire", "Conseillère principale d'éducation"),
    ("moulin", "M. MOULIN Denis", "Principal"),
    ("renard", "Mme RENARD Julie", "Infirmière"),
)
_CLASSES = (
    ("3A", "TROISIEME"),
    ("3B", "TROISIEME"),
    ("4A", "QUATRIEME"),
    ("4B", "QUATRIEME"),
)
_ROOMS = ("101", "102", "103", "104", "Salle d'arts", "Labo SVT", "Labo PC", "Salle info", "Gymnase", "CDI")
# The first of each list are the accounts the documentation and pronotepy's test-suite name.
# ruff: noqa: SIM905 - names are easier to read in one line than one a line
_FAMILIES = (
    "PARENT BONNET CARON DUMAS FAURE GARNIER HUBERT JACQUET KELLER LACROIX MASSON NORMAND OLIVIER PAYET QUENTIN "
    "RIVIERE SIMON TESSIER URBAIN VASSEUR WAGNER YVON ZELLER ARNAUD"
).split()
_FIRST_NAMES = (
    "Gaspard Fanny Adèle Basile Chloé Damien Élise Félix Gaëlle Hector Iris Jules Kenza Léon Maëlle Noé Océane Pierre "
    "Quitterie Rémi Salomé Théo Ulysse Violette Walid Xavier Yasmine Zoé Ambre Bilal Camille Diego Emma Farid Gabin "
    "Hélène Ilan Jade Karim Lina"
).split()
_BOYS = set(
    "Gaspard Basile Damien Félix Hector Jules Léon Noé Pierre Rémi Théo Ulysse Walid Xavier Bilal Diego Farid Gabin "
    "Ilan Karim".split()
)
PUPILS_IN_A_CLASS = 10


@dataclass(frozen=True)
class People:
    """Everybody and everything the timetable is made of."""

    teachers: tuple[Teacher, ...]
    staff: tuple[StaffMember, ...]
    classes: tuple[SchoolClass, ...]
    groups: tuple[Group, ...]
    rooms: tuple[Room, ...]
    pupils: tuple[Pupil, ...]

    def teachers_of(self, subject: Subject) -> list[Teacher]:
        """The teachers of a subject."""
        return [teacher for teacher in self.teachers if subject in teacher.subjects]


def people(rng: random.Random, first_day: date) -> People:
    """Everybody, the same for the same seed."""
    classes = tuple(SchoolClass(f"class-{name}", name, level) for name, level in _CLASSES)
    groups = tuple(Group(f"group-{name}", name) for name in ("3ESPGR1", "3ALLGR1", "4ESPGR1", "4ALLGR1"))
    return People(
        teachers=tuple(
            Teacher(f"teacher-{key}", name, tuple(SUBJECTS[subject] for subject in subjects))
            for key, name, subjects in _TEACHERS
        ),
        staff=tuple(StaffMember(f"staff-{key}", name, function) for key, name, function in _STAFF),
        classes=classes,
        groups=groups,
        rooms=tuple(Room(f"room-{number}", name) for number, name in enumerate(_ROOMS)),
        pupils=tuple(_pupils(rng, classes, groups, first_day)),
    )


def _pupils(
    rng: random.Random, classes: tuple[SchoolClass, ...], groups: tuple[Group, ...], first_day: date
) -> list[Pupil]:
    pupils = []
    for number in range(PUPILS_IN_A_CLASS * len(classes)):
        # The two PARENT children are number 0 (3A) and number 35 (4B); all other families have their children apart.
        sibling = number == 35
        family = _FAMILIES[0] if number == 0 or sibling else _FAMILIES[1 + number % (len(_FAMILIES) - 1)]
        first_name = _FIRST_NAMES[1] if sibling else _FIRST_NAMES[0] if number == 0 else _FIRST_NAMES[number % 38 + 2]
        school_class = classes[number // PUPILS_IN_A_CLASS]
        level = school_class.name[0]
        languages = [group for group in groups if group.name.startswith(level)]
        age = 14 if level == "3" else 13
        pupils.append(
            Pupil(
                key=f"pupil-{number}",
                last_name=family,
                first_name=first_name,
                school_class=school_class,
                groups=(languages[number % 2],),
                guardians=_guardians(family, 0 if sibling else number, first_day.year - 41),
                born=first_day - timedelta(days=365 * age + rng.randrange(365)),
                male=first_name in _BOYS,
                national_number=f"{number + 1:03d}",
                email=f"pupil{number}@example.org",
            )
        )
    return pupils


def _guardians(family: str, number: int, born: int) -> tuple[Guardian, ...]:
    birthday = date(born - number % 9, 1 + number % 12, 1 + number % 28)
    return (
        Guardian(f"guardian-{number}-1", family, "Claude", "Mme", "MERE", f"mere{number}@example.org", birthday),
        Guardian(f"guardian-{number}-2", family, "Dominique", "M.", "PERE", f"pere{number}@example.org", birthday),
    )
