"""A made-up university of a given size, for benchmarks: full weeks, no holidays, no irregularities."""

from collections.abc import Iterator
from datetime import date
from itertools import count, islice
from random import Random

from carillon_celcat_simulator.model.academic_year import academic_year
from carillon_celcat_simulator.model.mentions import MentionPlan, make_groups, taught
from carillon_celcat_simulator.model.places_and_people import make_rooms, make_staff
from carillon_celcat_simulator.model.planning import Planner, Wish
from carillon_celcat_simulator.model.timetable import CATEGORIES, Group, Module, Timetable

_GROUPS_A_MENTION = 10
_LEVELS = ("L1", "L2", "L3", "M1", "M2")
_FIELDS = ("INFO", "MATH", "PHYS", "CHIM", "BIO", "MECA", "EEA", "STE")
_MODULES = 7


def university(
    courses: int = 44_000, groups: int = 390, rooms: int = 600, weeks: int = 30, *, today: date, seed: int = 1
) -> Timetable:
    """Exactly `courses` meetings of `groups` taught groups in up to `rooms` rooms over `weeks` weeks.

    The weeks begin with the current one, or earlier where the year would end before them.
    Mentions of ten groups (a section, 3 TDs, 6 TPs; the last may be smaller) with all groups in the semester s1.

    Raises:
        ValueError: so many courses do not fit into so few groups, rooms and weeks.
    """
    year = academic_year(today)
    first = max(1, min(year.week_of(today), year.weeks - weeks + 1))
    chance = Random(f"{seed} {year.first_monday} {courses} {groups} {rooms} {weeks}")
    plans = tuple(_plans(groups))
    taught_groups = tuple(group for group in make_groups(plans, 300_001) if group.semester != 2)
    timetable = Timetable(
        str(year.first_monday.year + 1), "Université de Carillon", year, taught_groups, make_rooms(rooms), (),
        make_staff(400, chance),
    )  # fmt: skip
    planner = Planner(timetable.rooms, _relatives(taught_groups), chance, 500_000)
    span = tuple(range(first, min(first + weeks, year.weeks + 1)))
    wishes = list(_wishes(plans, taught_groups, span, chance))
    chance.shuffle(wishes)
    for wish in wishes:
        if len(planner.meetings) >= courses:
            break
        planner.place(wish)
    if len(planner.meetings) < courses:
        raise ValueError(
            f"only {len(planner.meetings)} of {courses} courses fit: ask for more groups, rooms or weeks "
            f"(now {groups}, {rooms} and {len(span)})"
        )
    timetable.modules = tuple(dict.fromkeys(module for wish in wishes for module in wish.modules))
    timetable.meetings = {meeting.key: meeting for meeting in islice(planner.meetings, courses)}
    return timetable


def _plans(groups: int) -> Iterator[MentionPlan]:
    for number in range(-(-groups // _GROUPS_A_MENTION)):
        level, field = _LEVELS[number % 5], _FIELDS[number // 5 % len(_FIELDS)]
        turn = number // (len(_LEVELS) * len(_FIELDS))
        name = f"{level} {field}{turn or ''}"
        letters = chr(65 + number // 26 % 26) + chr(65 + number % 26)
        left = min(_GROUPS_A_MENTION, groups - number * _GROUPS_A_MENTION)
        tutorials, practicals = (3, 2) if left == _GROUPS_A_MENTION else (left - 1, 0)
        yield MentionPlan(name, f"U{letters}{level}{turn or ''}", f"E{letters}{level}", tutorials, practicals)


def _relatives(groups: tuple[Group, ...]) -> dict[Group, tuple[Group, ...]]:
    mentions: dict[str, list[Group]] = {}
    for group in groups:
        mentions.setdefault(group.mention, []).append(group)
    return {
        group: tuple(other for other in mentions[group.mention] if group.holds(other) or other.holds(group))
        for group in groups
    }


def _wishes(
    plans: tuple[MentionPlan, ...], groups: tuple[Group, ...], span: tuple[int, ...], chance: Random
) -> Iterator[Wish]:
    identifiers = count(80_000)
    for plan in plans:
        for number in range(_MODULES):
            module = Module(next(identifiers), f"{plan.module_code}1{'ABCDEFG'[number]}1", f"Matière {number + 1}")
            for kind, category, room_kind in (
                ("CM", "COURS", "amphi"),
                ("TD", "TD", "class"),
                ("TP", "TP", "practical"),
            ):
                for place, group in enumerate(taught(groups, plan.name, 1, kind)):
                    weeks = span[(place + number) % 2 :: 2] if kind == "TP" else span
                    notes = "vidéoprojecteur" if chance.random() < 0.3 else None
                    yield Wish(CATEGORIES[category], (module,), (group,), weeks, 120, room_kind, notes=notes)
