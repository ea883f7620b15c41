"""A change as people say it, in French or English: one sentence, and what differs line by line."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from babel.dates import format_date
from carillon_contracts.events import ChangeKind
from carillon_kit.languages import Language, Text

from carillon_timetable_api.changes.change import Change, State

_ARROW = " → "
_KINDS = {
    ChangeKind.ADDED: Text("Ajouté", "Added"),
    ChangeKind.MOVED: Text("Déplacé", "Moved"),
    ChangeKind.ROOM: Text("Salle changée", "Room changed"),
    ChangeKind.RENAMED: Text("Renommé", "Renamed"),
    ChangeKind.CANCELLED: Text("Annulé", "Cancelled"),
    ChangeKind.RESTORED: Text("Rétabli", "Restored"),
    ChangeKind.OTHER: Text("Modifié", "Changed"),
}
_FIELDS = {
    "name": Text("Nom", "Name"),
    "type": Text("Type", "Type"),
    "when": Text("Horaire", "Time"),
    "rooms": Text("Salles", "Rooms"),
    "groups": Text("Groupes", "Groups"),
    "notes": Text("Remarques", "Notes"),
}
_ALL_DAY = Text("toute la journée", "all day")
_NO_ROOM = Text("sans salle", "no room")
_NONE = Text("aucun", "none")
_NONE_FEMININE = Text("aucune", "none")


class Difference(NamedTuple):
    """A field of a course in words; `before` is None for a course that is new."""

    label: str
    before: str | None
    after: str

    def __str__(self) -> str:
        """As one line."""
        return f"{self.label}\N{NO-BREAK SPACE}: {_changed(self.before, self.after)}"


def kind(of: ChangeKind, language: Language) -> str:
    """What happened, in a word or two."""
    return _KINDS[of].in_language(language)


def sentence(change: Change, language: Language) -> str:
    """All in a line: `Déplacé : EPMAS1D1 - Algèbre, mardi 17 novembre 8 h → 10 h, U2-217`.

    Times are the institution's; a year is told only where it is not the one in which the change was seen.
    """
    told_in, before, after = change.at.year, change.before, change.after
    rooms = (_rooms(before, language) if before else None), _rooms(after, language)
    parts = [
        _changed(before["name"] if before else None, after["name"]),
        _times(_span(before) if before else None, _span(after), told_in, language),
        *([] if after["rooms"] == [] and rooms[0] in (None, rooms[1]) else [_changed(*rooms)]),
    ]
    colon = "\N{NO-BREAK SPACE}: " if language == "fr" else ": "
    return kind(change.kind, language) + colon + ", ".join(parts)


def differences(change: Change, language: Language) -> list[Difference]:
    """The fields that differ, in an order that does not change; of a course that is new all that it has."""
    before = _fields(change.before, change.at.year, language) if change.before else None
    after = _fields(change.after, change.at.year, language)
    return [
        Difference(_FIELDS[name].in_language(language), (before[name] or nothing) if before else None, value or nothing)
        for name, value in after.items()
        for nothing in [(_NONE_FEMININE if name in ("rooms", "notes") else _NONE).in_language(language)]
        if (value if before is None else before[name] != value)
    ]


class _Span(NamedTuple):
    """From when to when, in the institution's time."""

    begin: datetime
    end: datetime

    @property
    def is_all_day(self) -> bool:
        midnights = all((at.hour, at.minute, at.second) == (0, 0, 0) for at in self)
        return midnights and self.begin < self.end

    @property
    def is_within_a_day(self) -> bool:
        return self.begin.date() == self.end.date()


def _span(state: State) -> _Span:
    return _Span(datetime.fromisoformat(state["begin"]), datetime.fromisoformat(state["end"]))


def _fields(state: State, told_in: int, language: Language) -> dict[str, str]:
    return {
        "name": state["name"],
        "type": state["type"] or "",
        "when": _whole(_span(state), told_in, language),
        "rooms": _names(state["rooms"]),
        "groups": _names(state["groups"]),
        "notes": state["notes"] or "",
    }


def _names(things: Sequence[dict[str, Any]]) -> str:
    return ", ".join(thing["name"] for thing in things)


def _rooms(state: State, language: Language) -> str:
    return _names(state["rooms"]) or _NO_ROOM.in_language(language)


def _changed(before: str | None, after: str) -> str:
    return after if before in (None, after) else f"{before}{_ARROW}{after}"


def _times(before: _Span | None, after: _Span, told_in: int, language: Language) -> str:
    """Only what differs is said twice: a day that stays once, and no end where the length stays."""
    if before in (None, after):
        return _whole(after, told_in, language)
    is_same_length = before.end - before.begin == after.end - after.begin
    if any(span.is_all_day or not span.is_within_a_day for span in (before, after)):
        return _changed(_whole(before, told_in, language), _whole(after, told_in, language))
    hours = [_hour(span.begin, language) if is_same_length else _hours(span, language) for span in (before, after)]
    days = [_day(span.begin, told_in, language) for span in (before, after)]
    if days[0] == days[1]:
        return f"{days[0]} {hours[0]}{_ARROW}{hours[1]}"
    return f"{days[0]} {hours[0]}{_ARROW}{days[1]} {hours[1]}"


def _whole(span: _Span, told_in: int, language: Language) -> str:
    begin, end = _day(span.begin, told_in, language), _day(span.end, told_in, language)
    if span.is_all_day:
        last = _day(date.fromordinal(span.end.toordinal() - 1), told_in, language)
        days = begin if begin == last else f"{begin} – {last}"
        return f"{days}, {_ALL_DAY.in_language(language)}"
    if span.is_within_a_day:
        return f"{begin} {_hours(span, language)}"
    return f"{begin} {_hour(span.begin, language)} – {end} {_hour(span.end, language)}"


def _hours(span: _Span, language: Language) -> str:
    return f"{_hour(span.begin, language)} – {_hour(span.end, language)}"


def _hour(at: datetime, language: Language) -> str:
    if language == "en":
        return f"{at.hour}:{at:%M}"
    return f"{at.hour}\N{NO-BREAK SPACE}h" + (f"\N{NO-BREAK SPACE}{at:%M}" if at.minute else "")


def _day(day: date, told_in: int, language: Language) -> str:
    number = "'1er'" if language == "fr" and day.day == 1 else "d"
    year = "" if day.year == told_in else " y"
    return format_date(day, f"EEEE {number} MMMM{year}", locale=language)
