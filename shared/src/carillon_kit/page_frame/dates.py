"""Days, times and ages in words; every time is already in the institution's zone."""

from datetime import date, datetime, timedelta

from babel.dates import format_date, format_interval, format_timedelta

from carillon_kit.languages import Language

_LOCALES = {"fr": "fr", "en": "en_GB"}


def long_day(day: date, language: Language) -> str:
    """`lundi 23 novembre`, `Monday 23 November`."""
    number = "'1er'" if day.day == 1 and language == "fr" else "d"
    return format_date(day, f"EEEE {number} MMMM", locale=_LOCALES[language])


def short_day(day: date, language: Language) -> str:
    """`lun. 23/11`, `Mon 23/11`."""
    return format_date(day, "EEE dd/MM", locale=_LOCALES[language])


def week_span(monday: date, language: Language) -> str:
    """`23–29 nov. 2026`."""
    return str(format_interval(monday, monday + timedelta(days=6), "yMMMMd", locale=_LOCALES[language]))


def clock(at: datetime) -> str:
    """`08:00`."""
    return f"{at.hour:02}:{at.minute:02}"


def age(seconds: float, language: Language) -> str:
    """`il y a 12 min`, `12 min ago`."""
    passed = timedelta(seconds=-max(1.0, seconds))
    return str(format_timedelta(passed, add_direction=True, format="short", locale=_LOCALES[language]))
