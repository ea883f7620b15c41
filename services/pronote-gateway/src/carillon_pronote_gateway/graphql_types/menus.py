"""What there is to eat."""

from datetime import datetime

import strawberry


@strawberry.type
class MenuMealLabel:
    """A label, such as "Bio"."""

    name: str
    color: str


@strawberry.type
class MenuMealEntry:
    """One thing to eat."""

    name: str
    labels: list[MenuMealLabel]


@strawberry.type
class MenuDay:
    """A day's meals: each has dishes, each dish what it offers."""

    date: datetime
    meals: list[list[list[MenuMealEntry]]]
