"""The menus of the canteen."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from carillon_pronote_simulator.school.model import SchoolYear

# Kind of dish (0 starter, 1 main, 2 side, 5 cheese, 4 dessert, 3 drink) with foods, their labels and allergens.
_FOODS: dict[int, tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]] = {
    0: (("Carottes râpées", ("Bio",), ()), ("Betteraves", (), ("Moutarde",)), ("Salade verte", ("Local",), ())),
    1: (("Poulet rôti", ("Local",), ()), ("Poisson du jour", (), ("Poisson",)), ("Gratin de pâtes", (), ("Gluten",))),
    2: (("Riz", ("Bio",), ()), ("Haricots verts", (), ()), ("Purée", (), ("Lait",))),
    5: (("Comté", ("Local",), ("Lait",)), ("Yaourt nature", ("Bio",), ("Lait",))),
    4: (("Pomme", ("Bio",), ()), ("Tarte aux prunes", (), ("Gluten", "Œufs"))),
    3: (("Eau", (), ()),),
}
LABELS = {"Bio": "#4CAF50", "Local": "#FF9800"}
ALLERGENS = {"Lait": "#EEEEEE", "Gluten": "#D7CCC8", "Poisson": "#90CAF9", "Moutarde": "#FFF59D", "Œufs": "#FFE0B2"}


@dataclass(frozen=True)
class Food:
    """One food of a dish."""

    name: str
    labels: tuple[str, ...]
    allergens: tuple[str, ...]


@dataclass(frozen=True)
class Meal:
    """A meal of a day; `kind` 0 is lunch, 1 dinner; dishes by kind of dish."""

    day: date
    kind: int
    dishes: tuple[tuple[int, Food], ...]


def meals_of(rng: random.Random, year: SchoolYear) -> list[Meal]:
    """A lunch for every open day but Wednesdays, and a dinner for boarders on Mondays."""
    meals = []
    day = year.first_day
    while day <= year.last_day:
        if year.is_open(day) and day.weekday() != 2:
            meals.append(_meal(rng, day, 0))
            if day.weekday() == 0:
                meals.append(_meal(rng, day, 1))
        day += timedelta(days=1)
    return meals


def _meal(rng: random.Random, day: date, kind: int) -> Meal:
    return Meal(day, kind, tuple((dish, Food(*rng.choice(foods))) for dish, foods in _FOODS.items()))
