"""Canteen menus: ``PageMenus``, tab 10."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from carillon_pronote.reading import Json, day, decoder, domain, flag, items, number, required, text
from carillon_pronote.school_year import Pupil, local_midnight
from carillon_pronote.session import Session
from carillon_pronote.values import ValueKind, encode

TAB = 10
LUNCH, DINNER = 0, 1


class DishKind(IntEnum):
    """Which part of the meal."""

    STARTER = 0
    MAIN = 1
    SIDE = 2
    OTHER = 3
    DESSERT = 4
    CHEESE = 5


@dataclass(frozen=True, slots=True)
class Label:
    """A label ("Bio") or allergen ("Lait") with its colour."""

    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class Food:
    """One thing to eat."""

    name: str
    labels: tuple[Label, ...]
    allergens: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Dish:
    """A part of the meal with what it offers; ``kind`` is one of ``DishKind``, or Pronote's number for a new one."""

    kind: int
    foods: tuple[Food, ...]


@dataclass(frozen=True, slots=True)
class Meal:
    """A meal: ``kind`` is ``LUNCH`` or ``DINNER``."""

    kind: int
    name: str
    dishes: tuple[Dish, ...]


@dataclass(frozen=True, slots=True)
class MenuDay:
    """A day's meals."""

    on: date
    meals: tuple[Meal, ...]


@dataclass(frozen=True, slots=True)
class MenuWeek:
    """One week's menus; ``filled_weeks`` are the weeks of the year that have any."""

    days: tuple[MenuDay, ...]
    with_lunch: bool
    with_dinner: bool
    filled_weeks: tuple[int, ...]


async def fetch_week(session: Session, on: date, pupil: Pupil | str | None = None) -> Json:
    """Return the raw menus of the week of a day."""
    data = {"date": encode(ValueKind.DATE, local_midnight(on, session.timezone))}
    return await session.request("PageMenus", data, TAB, pupil)


async def read_week(session: Session, on: date, pupil: Pupil | str | None = None) -> MenuWeek:
    """Read the menus of the week of a day."""
    return decode(await fetch_week(session, on, pupil))


async def read_menus(
    session: Session, first: date, last: date, pupil: Pupil | str | None = None
) -> tuple[MenuDay, ...]:
    """Read the menus of the days from ``first`` to ``last``, both included; one request a week."""
    found: dict[date, MenuDay] = {}
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        week = await read_week(session, max(first, monday), pupil)
        found |= {one.on: one for one in week.days if first <= one.on <= last}
        monday += timedelta(weeks=1)
    return tuple(found[on] for on in sorted(found))


@decoder("PageMenus")
def decode(raw: Json) -> MenuWeek:
    """Read the page's ``data``."""
    return MenuWeek(
        days=tuple(
            MenuDay(required(day(item, "Date"), "Date"), tuple(_meal(meal) for meal in items(item, "ListeRepas")))
            for item in items(raw, "ListeJours")
        ),
        with_lunch=flag(raw, "AvecRepasMidi"),
        with_dinner=flag(raw, "AvecRepasSoir"),
        filled_weeks=domain(raw, "DomaineDePresence"),
    )


def _meal(item: Json) -> Meal:
    return Meal(
        kind=number(item, "G"),
        name=text(item, "L"),
        dishes=tuple(
            Dish(number(dish, "G"), tuple(_food(food) for food in items(dish, "ListeAliments")))
            for dish in items(item, "ListePlats")
        ),
    )


def _food(item: Json) -> Food:
    return Food(
        name=text(item, "L"),
        labels=_labels(item, "listeLabelsAlimentaires"),
        allergens=_labels(item, "listeAllergenesAlimentaire"),
    )


def _labels(item: Json, name: str) -> tuple[Label, ...]:
    return tuple(Label(text(label, "L"), text(label, "couleur")) for label in items(item, name))
