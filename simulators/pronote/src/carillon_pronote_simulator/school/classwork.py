"""What happens in lessons: contents and homework, with their files."""

import random
from datetime import date, timedelta

from carillon_pronote_simulator.school.model import Attachment, Homework, Lesson, LessonContent, SchoolYear

_TITLES = {
    "mathematics": ("Théorème de Thalès", "Équations du premier degré", "Probabilités"),
    "french": ("Lecture d'une nouvelle", "Le discours rapporté", "Rédaction guidée"),
    "history": ("L'industrialisation", "Les aires urbaines", "La République"),
    "english": ("Present perfect", "A letter to a friend", "Oral practice"),
    "biology": ("La cellule", "Les séismes", "L'alimentation"),
    "physics": ("Masse et volume", "Circuits électriques", "La lumière"),
}
_CATEGORIES = ((1, "Cours"), (2, "Correction"), (5, "Travaux dirigés"))
_WITH_HOMEWORK = ("mathematics", "french", "history", "english", "physics")


def contents_of(rng: random.Random, lessons: list[Lesson], today: date, year: SchoolYear) -> list[LessonContent]:
    """The contents of every lesson held so far; those of the first week exist even before it."""
    contents = []
    for lesson in lessons:
        if lesson.cancelled or (lesson.start.date() > today and year.week_of(lesson.start.date()) > 1):
            continue
        titles = _TITLES.get(lesson.subject.key, ("Séance du jour",))
        title = rng.choice(titles)
        contents.append(
            LessonContent(
                key=f"content-{lesson.key}",
                lesson=lesson,
                title=title,
                html=f"<p>{title} : cours et <b>exercices</b> &amp; correction.</p>",
                category=(3, "Devoir sur table") if lesson.test else rng.choice(_CATEGORIES),
                attachments=_attachments(f"content-{lesson.key}", title) if rng.random() < 0.4 else (),
            )
        )
    return contents


def _attachments(key: str, title: str) -> tuple[Attachment, ...]:
    return (
        Attachment(f"file-{key}", f"Fiche {title}.pdf", f"{title}\n".encode()),
        Attachment(f"link-{key}", "Site de la classe", address="https://www.example.org/classe"),
    )


def homework_of(rng: random.Random, lessons: list[Lesson], today: date) -> list[Homework]:
    """Work from one lesson of a subject to the next, given until a week from today."""
    previous: dict[tuple[str, str], Lesson] = {}
    given = []
    for lesson in lessons:
        if lesson.cancelled or lesson.subject.key not in _WITH_HOMEWORK:
            continue
        thread = (lesson.audience.key, lesson.subject.key)
        before = previous.get(thread)
        previous[thread] = lesson
        if before is None or before.start.date() == lesson.start.date() or before.start.date() > today + timedelta(7):
            continue
        if rng.random() < 0.5:
            given.append(_homework(rng, before, lesson, today))
    return given


def _homework(rng: random.Random, before: Lesson, lesson: Lesson, today: date) -> Homework:
    key = f"homework-{before.key}"
    page = rng.randrange(10, 200)
    return Homework(
        key=key,
        given_in=before,
        due=lesson.start.date(),
        html=f"<div>Exercices <b>{page % 9 + 1} &amp; {page % 9 + 2}</b> page {page}</div>",
        difficulty=rng.randrange(1, 4),
        minutes=rng.choice((10, 20, 30, 45)),
        hand_in=2 if rng.random() < 0.3 else rng.choice((0, 1)),
        attachments=_attachments(key, before.subject.name.capitalize()) if rng.random() < 0.4 else (),
        done={f"pupil-{number}" for number in range(40) if lesson.start.date() < today and rng.random() < 0.8},
    )
