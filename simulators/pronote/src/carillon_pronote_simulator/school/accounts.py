"""Who can sign in, and where."""

from dataclasses import dataclass, field
from typing import Literal

from carillon_pronote_simulator.school.model import Guardian, Pupil, StaffMember, Teacher
from carillon_pronote_simulator.school.people import People

Kind = Literal["pupil", "parent", "teacher", "school-life", "management", "attendant", "company"]

PASSWORD = "pronotevs"


@dataclass(frozen=True)
class Space:
    """An entrance of the site: its page, its number, that of its mobile twin, and its title."""

    page: str
    kind: Kind
    number: int
    mobile_number: int | None
    title: str


SPACES: tuple[Space, ...] = (
    Space("eleve", "pupil", 3, 6, "Espace Élèves"),
    Space("parent", "parent", 2, 7, "Espace Parents"),
    Space("professeur", "teacher", 1, 8, "Espace Professeurs"),
    Space("viescolaire", "school-life", 13, 14, "Espace Vie scolaire"),
    Space("direction", "management", 16, None, "Espace Direction"),
    Space("accompagnant", "attendant", 25, 26, "Espace Accompagnants"),
    Space("entreprise", "company", 4, None, "Espace Entreprise"),
)


@dataclass
class Security:
    """The second factor of an account; `actions` are those of `actionsDoubleAuth`, empty when it is off."""

    actions: tuple[int, ...] = ()
    mode: int = 0
    pin: str = ""
    wrong_pins: int = 0
    known_devices: dict[str, str] = field(default_factory=dict)


@dataclass
class Account:
    """One login; `person` tells the resource behind it, `pupils` whose data it sees."""

    username: str
    password: str
    kind: Kind
    key: str
    name: str
    person: Pupil | Guardian | Teacher | StaffMember
    pupils: tuple[Pupil, ...]
    security: Security = field(default_factory=Security)
    # Application tokens by device, and the temporary login under which a device got its first one.
    tokens: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)

    @property
    def is_staff(self) -> bool:
        """Whether the account sees every class."""
        return self.kind in ("teacher", "school-life", "management")


def accounts(everybody: People) -> dict[tuple[Kind, str], Account]:
    """Every account by kind and login; all have the same published password."""
    found: list[Account] = []
    for pupil in everybody.pupils:
        found.append(_account(f"{_login(pupil.first_name)}.{_login(pupil.last_name)}", "pupil", pupil, (pupil,)))
        children = tuple(other for other in everybody.pupils if other.guardians == pupil.guardians)
        if children[0] == pupil:
            found.append(_account(pupil.guardians[0].email.split("@")[0], "parent", pupil.guardians[0], children))
    found += [_account(teacher.key.removeprefix("teacher-"), "teacher", teacher, ()) for teacher in everybody.teachers]
    first = everybody.pupils[0]
    children = tuple(pupil for pupil in everybody.pupils if pupil.guardians == first.guardians)
    staff = everybody.staff
    found += [
        _account("demonstration", "pupil", first, (first,)),
        _account("demonstration", "parent", first.guardians[0], children),
        _account("professeur", "teacher", everybody.teachers[0], ()),
        _account("demonstration2", "school-life", staff[0], ()),
        _account("direction", "management", staff[1], ()),
        _account("accompagnant", "attendant", first.guardians[1], children[:1]),
        _account("entreprise", "company", first.guardians[1], children[:1]),
    ]
    return {(account.kind, account.username): account for account in found}


def _account(
    username: str, kind: Kind, person: Pupil | Guardian | Teacher | StaffMember, pupils: tuple[Pupil, ...]
) -> Account:
    return Account(username, PASSWORD, kind, person.key, person.name, person, pupils)


def _login(name: str) -> str:
    plain = name.lower()
    for accented, letter in (("é", "e"), ("è", "e"), ("ë", "e"), ("ï", "i")):
        plain = plain.replace(accented, letter)
    return plain
