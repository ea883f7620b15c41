"""Menus."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from carillon_pronote.pages import menus as client_menus

from carillon_pronote_gateway.graphql_types.menus import MenuDay, MenuMealEntry, MenuMealLabel
from carillon_pronote_gateway.translations.moments import midnight


def menus(found: Iterable[client_menus.MenuDay], first: datetime, last: datetime, timezone: ZoneInfo) -> list[MenuDay]:
    """The days that begin from `first` to `last`."""
    return [
        MenuDay(date=when, meals=[[_dish(dish) for dish in meal.dishes] for meal in day.meals])
        for day in found
        for when in (midnight(day.on, timezone),)
        if first <= when <= last
    ]


def _dish(dish: client_menus.Dish) -> list[MenuMealEntry]:
    return [
        MenuMealEntry(
            name=food.name, labels=[MenuMealLabel(name=label.name, color=label.colour) for label in food.labels]
        )
        for food in dish.foods
    ]
