"""How the known sites configured their Calendar: order of the description, spelling of resources, limits.

Source: the table of FORMATS.md section 3.3, and 3.2, 3.4, 3.6 for the rest. Names of sites are of the real ones whose
settings are imitated; what is served is made up.
"""

from collections.abc import Callable
from dataclasses import dataclass

from carillon_celcat_simulator.model.timetable import Group, Meeting, Module, Person, Room

_KINDS = {"amphi": "Amphithéâtre", "class": "Salle de cours", "practical": "Salle de TP"}


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a site writes its resources in descriptions."""

    module: Callable[[Module], str]
    room: Callable[[Room], str]
    group: Callable[[Group], str]
    person: Callable[[Person], str]


@dataclass(frozen=True, slots=True)
class Site:
    """The settings of one site.

    `sections` of the description in order: category, module, room, group, staff, notes, weeks, identifier (a line of
    noise with a number). `list_text` is how lists spell groups. `page_cap` is the most a list answers at once.
    `values_cap` is how many values a section shows before "(N more...)". `strings` makes `module` and `site` strings,
    as builds of 2019 to 2020 did, and `short_ids` the ids of those builds. `null_answers` answers null to an empty
    selection and puts null among the events. `largest_range` is the range in days over which no answer comes in time.
    """

    slug: str
    sections: tuple[str, ...]
    spelling: Spelling
    list_text: Callable[[Group], str] = lambda group: f"{group.federation_id} - {group.page_name}"
    module_codes: bool = True
    login: bool = False
    minimum_search: int = 3
    any_run_wildcard: bool = False
    page_cap: int = 100
    values_cap: int = 5
    strings: bool = False
    short_ids: bool = False
    null_answers: bool = False
    no_break_spaces: bool = False
    largest_range: int | None = None

    def sections_of(self, meeting: Meeting) -> tuple[str, ...]:
        """The order for one meeting: Bordeaux moves the module to the end where no staff is named."""
        if self.slug == "bordeaux" and not meeting.staff:
            return ("category", "group", "room", "weeks", "module")
        return self.sections


_TOULOUSE = Spelling(
    module=lambda module: module.name,
    room=lambda room: f"FSI / {room.name}",
    group=lambda group: group.federation_id,
    person=lambda person: person.name.upper(),
)
_CERGY = Spelling(
    module=lambda module: module.label,
    room=lambda room: f"{room.name} {room.seats}p",
    group=lambda group: group.name,
    person=lambda person: person.name.upper(),
)

SITES = {
    site.slug: site
    for site in (
        Site("toulouse-2023", ("category", "module", "room", "staff", "group"), _TOULOUSE),
        Site(
            "toulouse-2019",
            ("room", "module", "group", "notes", "staff"),
            Spelling(
                module=lambda module: f"{module.code} [{module.name}]",
                room=_TOULOUSE.room,
                group=lambda group: group.name,
                person=lambda person: str(person.identifier),
            ),
            list_text=lambda group: f"{group.page_name} ({group.federation_id})",
            strings=True,
        ),
        Site(
            "iut-toulouse",
            ("category", "module", "room"),
            Spelling(lambda module: module.code, lambda room: room.name, _TOULOUSE.group, lambda person: person.name),
            minimum_search=2, strings=True, short_ids=True,
        ),
        Site("cergy", ("category", "module", "room", "staff"), _CERGY, login=True),
        Site("cergy-no-break", ("category", "module", "room", "staff"), _CERGY, no_break_spaces=True),
        Site(
            "versailles",
            ("category", "room", "module", "group", "notes"),
            Spelling(
                module=lambda module: f"{module.code}-{module.label} [{module.code}]",
                room=lambda room: f"{room.name} [{_KINDS[room.kind]}]",
                group=lambda group: group.name,
                person=lambda person: person.name,
            ),
            values_cap=2,
        ),
        Site(
            "velizy",
            ("staff", "group", "room", "module"),
            Spelling(
                module=lambda module: f"{module.code[-3:-1]}.{module.code[-1]} - {module.label}",
                room=lambda room: f"{room.name} - {room.building[:3].upper()}",
                group=lambda group: group.name,
                person=lambda person: person.name,
            ),
        ),
        Site(
            "bordeaux",
            ("category", "module", "group", "staff", "room", "weeks", "identifier"),
            Spelling(
                module=lambda module: f"{module.code} {module.label}",
                room=lambda room: f"{room.building}/ {room.name}",
                group=lambda group: group.name,
                person=lambda person: person.name,
            ),
            module_codes=False, minimum_search=1, any_run_wildcard=True, null_answers=True, largest_range=100,
        ),
        Site(
            "london",
            ("module", "room", "staff", "group"),
            Spelling(
                module=lambda module: f"{module.label} [{module.code}]",
                room=lambda room: f"{room.name} [{room.seats} Cap] [High-Tech]",
                group=lambda group: group.name,
                person=lambda person: person.surname if person.identifier % 2 else f"({person.surname.lower()})",
            ),
            module_codes=False,
        ),
    )
}  # fmt: skip
