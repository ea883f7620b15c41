"""Days, times and ages in words; every time is already in the institution's zone."""

from datetime import date, datetime, timedelta

from carillon_kit.languages import Language, Text

_DAYS = (
    Text("lundi", "Monday"),
    Text("mardi", "Tuesday"),
    Text("mercredi", "Wednesday"),
    Text("jeudi", "Thursday"),
    Text("vendredi", "Friday"),
    Text("samedi", "Saturday"),
    Text("dimanche", "Sunday"),
)
_MONTHS = (
    Text("janvier", "January"),
    Text("février", "February"),
    Text("mars", "March"),
    Text("avril", "April"),
    Text("mai", "May"),
    Text("juin", "June"),
    Text("juillet", "July"),
    Text("août", "August"),
    Text("septembre", "September"),
    Text("octobre", "October"),
    Text("novembre", "November"),
    Text("décembre", "December"),
)
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def _number(day: date, language: Language) -> str:
    return "1er" if day.day == 1 and language == "fr" else str(day.day)


def _month(day: date, language: Language) -> str:
    return _MONTHS[day.month - 1].in_language(language)


def long_day(day: date, language: Language) -> str:
    """`lundi 23 novembre`, `Monday 23 November`."""
    return f"{_DAYS[day.weekday()].in_language(language)} {_number(day, language)} {_month(day, language)}"


def short_day(day: date, language: Language) -> str:
    """`lun. 23/11`, `Mon 23/11`."""
    name = _DAYS[day.weekday()].in_language(language)[:3]
    return f"{name}{'.' if language == 'fr' else ''} {day.day:02d}/{day.month:02d}"


def week_span(monday: date, language: Language) -> str:
    """`23–29 novembre 2026`, with both months where the week lies in two."""
    sunday = monday + timedelta(days=6)
    if monday.month == sunday.month:
        first = _number(monday, language)
    else:
        first = f"{_number(monday, language)} {_month(monday, language)}"
        if monday.year != sunday.year:
            first += f" {monday.year}"
        return f"{first} – {_number(sunday, language)} {_month(sunday, language)} {sunday.year}"
    return f"{first}–{_number(sunday, language)} {_month(sunday, language)} {sunday.year}"


def clock(at: datetime) -> str:
    """`08:00`."""
    return f"{at:%H:%M}"


def age(seconds: float, language: Language) -> str:
    """`à l’instant`, `il y a 12 min`, `3 h ago`."""
    if seconds < _MINUTE:
        return Text("à l’instant", "just now").in_language(language)
    if seconds < _HOUR:
        length = f"{int(seconds // _MINUTE)} min"
    elif seconds < 2 * _DAY:
        length = f"{int(seconds // _HOUR)} h"
    else:
        days = int(seconds // _DAY)
        length = Text(f"{days} jours", f"{days} days").in_language(language)
    return Text(f"il y a {length}", f"{length} ago").in_language(language)
