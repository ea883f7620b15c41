"""`PageMenus`: the week of a day (PAGES.md)."""

from datetime import timedelta
from itertools import groupby

from carillon_pronote_simulator.pages.call import Call
from carillon_pronote_simulator.school.canteen import ALLERGENS, LABELS, Food, Meal
from carillon_pronote_simulator.typed import Json, date_value, domain_value, list_value, read_datetime


def menus(call: Call) -> Json:
    """All meals of the week in which the day asked for lies."""
    asked = read_datetime(call.anycase("date"))
    day = asked.date() if asked is not None else call.school.today
    monday = day - timedelta(days=day.weekday())
    meals = [meal for meal in call.school.meals if monday <= meal.day < monday + timedelta(days=7)]
    return {
        "AvecRepasMidi": True,
        "AvecRepasSoir": any(meal.kind == 1 for meal in meals),
        "DomaineDePresence": domain_value({call.school.year.week_of(meal.day) for meal in call.school.meals}),
        "ListeAllergenes": list_value({"L": name, "couleur": colour} for name, colour in ALLERGENS.items()),
        "Listelabels": list_value({"L": name, "couleur": colour} for name, colour in LABELS.items()),
        "ListeJours": list_value(
            {"Date": date_value(date), "ListeRepas": list_value(_meal(call, meal) for meal in of_day)}
            for date, of_day in groupby(meals, key=lambda meal: meal.day)
        ),
    }


def _meal(call: Call, meal: Meal) -> Json:
    return {
        "N": call.number(65, f"meal-{meal.day}-{meal.kind}"),
        "G": meal.kind,
        "L": "Dîner" if meal.kind else "Déjeuner",
        "ListePlats": list_value(
            {"G": kind, "L": food.name, "ListeAliments": list_value([_food(call, food)])} for kind, food in meal.dishes
        ),
    }


def _food(call: Call, food: Food) -> Json:
    return {
        "N": call.number(66, food.name),
        "L": food.name,
        "listeLabelsAlimentaires": list_value(
            {"N": call.number(67, label), "L": label, "couleur": LABELS[label]} for label in food.labels
        ),
        "listeAllergenesAlimentaire": list_value(
            {"N": call.number(68, name), "L": name, "couleur": ALLERGENS[name]} for name in food.allergens
        ),
    }
