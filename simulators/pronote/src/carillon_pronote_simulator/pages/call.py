"""One call of a function of the site, as the page modules see it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from carillon_pronote_simulator.eras import Era
from carillon_pronote_simulator.errors import access_denied
from carillon_pronote_simulator.school.accounts import Account
from carillon_pronote_simulator.school.model import Group, Pupil, Room, SchoolClass, StaffMember, Subject, Teacher
from carillon_pronote_simulator.school.school import School
from carillon_pronote_simulator.sessions import Session
from carillon_pronote_simulator.typed import Json

# Kinds of elements, as in the member `G` and before the `#` of object numbers.
CLASS, GROUP, TEACHER, PUPIL, GUARDIAN, ESTABLISHMENT, SUBJECT, ROOM, STAFF = 1, 2, 3, 4, 5, 9, 16, 17, 34
LESSON, PERIOD, FILE, CONTENT_BOOK = 20, 24, 48, 76

Member = Pupil | Teacher | StaffMember | Room | SchoolClass | Group
_KINDS: dict[type[Any], int] = {
    Pupil: PUPIL,
    Teacher: TEACHER,
    StaffMember: STAFF,
    Room: ROOM,
    SchoolClass: CLASS,
    Group: GROUP,
}


@dataclass(frozen=True)
class Call:
    """A call after deciphering: who asks for what, with which data.

    `saved_report` becomes `RapportSaisie` beside the data of the answer.
    """

    era: Era
    school: School
    session: Session
    account: Account
    function: str
    signature: Json
    data: Json
    saved_report: Json

    @property
    def tab(self) -> int | None:
        """The tab (onglet) the client says it is on."""
        tab = self.signature.get("onglet")
        return tab if isinstance(tab, int) else None

    def number(self, kind: int, key: str) -> str:
        """The number of an object in this session."""
        return self.session.object_number(kind, key)

    def element(self, kind: int, key: str, label: str, **more: Any) -> Json:
        """The usual three members of an element, and more."""
        return {"L": label, "N": self.number(kind, key), "G": kind, **more}

    def subject(self, subject: Subject) -> Json:
        """A subject, without a kind as most pages have it."""
        return {"L": subject.name, "N": self.number(SUBJECT, subject.key)}

    def member(self, member: Member, **more: Any) -> Json:
        """A person, room, class or group, and more."""
        return self.element(_KINDS[type(member)], member.key, member.name, **more)

    def anycase(self, name: str) -> Any:
        """A member of the data whatever the case of its letters; clients differ in it."""
        wanted = name.lower()
        return next((value for key, value in self.data.items() if key.lower() == wanted and value is not None), None)

    def pupil(self) -> Pupil:
        """The pupil a page is about: the chosen child, else the resource of the data, else the first child.

        Raises:
            PronoteError: kind 22 for a foreign number, 3 for a pupil the account may not see.
        """
        asked = self.session.key_of(self.signature.get("membre"))
        if asked is None or not asked.startswith("pupil-"):
            named = self.session.key_of(self.signature.get("ressource") or self.anycase("ressource"))
            asked = named if named is not None and named.startswith("pupil-") else None
        allowed = self.school.people.pupils if self.account.is_staff else self.account.pupils
        for pupil in allowed:
            if asked in (None, pupil.key):
                return pupil
        raise access_denied()


Page = Callable[[Call], Json]
