"""A mention (a course of study) and the tree of its groups in the grammar of the Toulouse names."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from carillon_celcat_simulator.model.timetable import Group


@dataclass(frozen=True, slots=True)
class MentionPlan:
    """How a mention is cut: TDs in section A, TPs in each TD, and how many numbered project groups it prepares.

    `module_code` are the five letters which begin the codes of its modules.
    """

    name: str
    code: str
    module_code: str
    tutorials: int
    practicals: int
    projects: int = 0


def make_groups(plans: tuple[MentionPlan, ...], first_identifier: int) -> tuple[Group, ...]:
    """All groups of all mentions, the mention itself first, in both semesters, with distinct identifiers."""
    identifiers = count(first_identifier)
    return tuple(group for plan in plans for group in _groups(plan, identifiers))


def _groups(plan: MentionPlan, identifiers: "count[int]") -> Iterator[Group]:
    yield Group(next(identifiers), plan.name, plan.code)
    for semester in (1, 2):
        for kind, digits in _subgroups(plan):
            yield Group(next(identifiers), plan.name, plan.code, semester, kind, "A", digits)


def _subgroups(plan: MentionPlan) -> Iterator[tuple[str, str]]:
    """Kinds and digits in the order of the names, as member lists have them: CM, G, GP, TD, TP."""
    tutorials = [str(number) for number in range(1, plan.tutorials + 1)]
    practicals = [tutorial + str(number) for tutorial in tutorials for number in range(1, plan.practicals + 1)]
    yield "CM", ""
    # Prepared for practical work in threes and for projects; no meeting ever carries these names.
    if plan.projects:
        yield from (("G", practical + str(number)) for practical in practicals for number in (1, 2, 3))
    yield from (("GP", f"{number:02}") for number in range(1, plan.projects + 1))
    yield from (("TD", tutorial) for tutorial in tutorials)
    yield from (("TP", practical) for practical in practicals)


def taught(groups: tuple[Group, ...], mention: str, semester: int, kind: str) -> tuple[Group, ...]:
    """The groups of one kind of a mention in a semester."""
    return tuple(group for group in groups if (group.mention, group.semester, group.kind) == (mention, semester, kind))
