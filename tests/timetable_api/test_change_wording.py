"""A change as people say it: what happened to which course, with before and after, in French and English."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from carillon_contracts.events import ChangeKind
from carillon_timetable_api.changes import wording
from carillon_timetable_api.changes.change import Change

PARIS = ZoneInfo("Europe/Paris")
NOVEMBER = datetime(2026, 11, 16, 12, tzinfo=UTC)


def state(begin: str = "2026-11-17T08:00", end: str = "2026-11-17T10:00", **fields) -> dict:
    named = {of: [{"id": 1, "name": name, "slug": name}] for of, name in (("groups", "TDA1"), ("rooms", "U2-217"))}
    shown = {"name": "Algèbre", "type": "TD", "notes": None, "cancelled": False, **named, **fields}
    times = (datetime.fromisoformat(at).replace(tzinfo=PARIS).isoformat() for at in (begin, end))
    return {**shown, **dict(zip(("begin", "end"), times, strict=True))}


def rooms(*names: str) -> list[dict]:
    return [{"id": n, "name": name, "slug": name} for n, name in enumerate(names)]


def change(kind: str, before: dict | None, after: dict) -> Change:
    nothing = frozenset[int]()
    return Change(1, NOVEMBER, ChangeKind(kind), 7, 1, nothing, nothing, before, after)


SENTENCES = [
    (
        change("moved", state(), state("2026-11-17T10:00", "2026-11-17T12:00")),
        "Déplacé : Algèbre, mardi 17 novembre 8 h → 10 h, U2-217",
        "Moved: Algèbre, Tuesday 17 November 8:00 → 10:00, U2-217",
    ),
    (
        change("moved", state(), state("2026-11-19T14:30", "2026-11-19T16:30", rooms=rooms("A1", "A2"))),
        "Déplacé : Algèbre, mardi 17 novembre 8 h → jeudi 19 novembre 14 h 30, U2-217 → A1, A2",
        "Moved: Algèbre, Tuesday 17 November 8:00 → Thursday 19 November 14:30, U2-217 → A1, A2",
    ),
    (
        change("moved", state(), state(end="2026-11-17T11:00")),
        "Déplacé : Algèbre, mardi 17 novembre 8 h – 10 h → 8 h – 11 h, U2-217",
        "Moved: Algèbre, Tuesday 17 November 8:00 – 10:00 → 8:00 – 11:00, U2-217",
    ),
    (
        change("added", None, state("2027-01-01T08:00", "2027-01-01T09:00", rooms=[])),
        "Ajouté : Algèbre, vendredi 1er janvier 2027 8 h – 9 h",
        "Added: Algèbre, Friday 1 January 2027 8:00 – 9:00",
    ),
    (
        change("room", state(), state(rooms=[])),
        "Salle changée : Algèbre, mardi 17 novembre 8 h – 10 h, U2-217 → sans salle",
        "Room changed: Algèbre, Tuesday 17 November 8:00 – 10:00, U2-217 → no room",
    ),
    (
        change("room", state(rooms=[]), state()),
        "Salle changée : Algèbre, mardi 17 novembre 8 h – 10 h, sans salle → U2-217",
        "Room changed: Algèbre, Tuesday 17 November 8:00 – 10:00, no room → U2-217",
    ),
    (
        change("renamed", state(), state(name="Analyse")),
        "Renommé : Algèbre → Analyse, mardi 17 novembre 8 h – 10 h, U2-217",
        "Renamed: Algèbre → Analyse, Tuesday 17 November 8:00 – 10:00, U2-217",
    ),
    (
        change("cancelled", state(), state(cancelled=True)),
        "Annulé : Algèbre, mardi 17 novembre 8 h – 10 h, U2-217",
        "Cancelled: Algèbre, Tuesday 17 November 8:00 – 10:00, U2-217",
    ),
    (
        change("moved", state(), state("2026-11-17T00:00", "2026-11-18T00:00")),
        "Déplacé : Algèbre, mardi 17 novembre 8 h – 10 h → mardi 17 novembre, toute la journée, U2-217",
        "Moved: Algèbre, Tuesday 17 November 8:00 – 10:00 → Tuesday 17 November, all day, U2-217",
    ),
    (
        change("added", None, state("2026-11-20T00:00", "2026-11-22T00:00")),
        "Ajouté : Algèbre, vendredi 20 novembre – samedi 21 novembre, toute la journée, U2-217",
        "Added: Algèbre, Friday 20 November – Saturday 21 November, all day, U2-217",
    ),
    (
        change("restored", state(cancelled=True), state("2026-11-17T22:00", "2026-11-18T02:00")),
        "Rétabli : Algèbre, mardi 17 novembre 8 h – 10 h → mardi 17 novembre 22 h – mercredi 18 novembre 2 h, U2-217",
        (
            "Restored: Algèbre, Tuesday 17 November 8:00 – 10:00 → "
            "Tuesday 17 November 22:00 – Wednesday 18 November 2:00, U2-217"
        ),
    ),
]


@pytest.mark.parametrize(("told", "french", "english"), SENTENCES)
def test_a_change_is_a_sentence(told, french, english) -> None:
    assert wording.sentence(told, "fr").replace("\N{NO-BREAK SPACE}", " ") == french
    assert wording.sentence(told, "en") == english


def test_every_kind_has_its_word() -> None:
    for language in ("fr", "en"):
        words = {wording.kind(kind, language) for kind in ChangeKind}
        assert len(words) == len(ChangeKind)


def test_what_differs_is_told_line_by_line_with_before_and_after() -> None:
    told = change("other", state(notes="Salle info"), state(type=None, notes="Au tableau", groups=rooms("A", "B")))
    lines = [str(line).replace("\N{NO-BREAK SPACE}", " ") for line in wording.differences(told, "fr")]
    assert lines == ["Type : TD → aucun", "Groupes : TDA1 → A, B", "Remarques : Salle info → Au tableau"]


def test_of_a_new_course_all_is_told_that_it_has() -> None:
    lines = [(line.label, line.before) for line in wording.differences(change("added", None, state()), "en")]
    assert lines == [("Name", None), ("Type", None), ("Time", None), ("Rooms", None), ("Groups", None)]
