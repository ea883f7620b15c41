"""News, surveys and discussions, and what users did with them during the run."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from carillon_pronote_simulator.school.model import Attachment, StaffMember
from carillon_pronote_simulator.school.people import People

INFORMATION, FREE_TEXT, ONE_CHOICE, MANY_CHOICES = 0, 1, 2, 3
# The folders of a discussion that clients know: drafts and bin.
DRAFT, BIN = 4, 5


@dataclass(frozen=True)
class Question:
    """One part of a piece of news; `kind` as in `genreReponse`."""

    key: str
    title: str
    html: str
    kind: int
    choices: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()


@dataclass
class News:
    """An information or a survey; `read_by`, `deleted_by` and `answers` are keyed by the user's key."""

    key: str
    title: str
    category: str
    author_key: str
    author_name: str
    created: datetime
    shown_until: datetime
    questions: tuple[Question, ...]
    anonymous: bool = False
    read_by: set[str] = field(default_factory=set)
    deleted_by: set[str] = field(default_factory=set)
    answers: dict[tuple[str, str], object] = field(default_factory=dict)

    @property
    def is_survey(self) -> bool:
        """Whether it asks anything beyond being read."""
        return any(question.kind != INFORMATION for question in self.questions)


@dataclass
class Message:
    """One message; `source` is the message it replies to; `read_by` holds users' keys."""

    key: str
    author: str
    sent: datetime
    text: str
    html: bool
    source: str | None
    recipients: tuple[str, ...]
    attachments: tuple[Attachment, ...] = ()
    read_by: set[str] = field(default_factory=set)


@dataclass
class Discussion:
    """A discussion between users; `folders` says in which folder (draft, bin) a user has put it."""

    key: str
    subject: str
    participants: dict[str, str]
    messages: list[Message]
    closed: bool = False
    folders: dict[str, int] = field(default_factory=dict)
    gone_for: set[str] = field(default_factory=set)


def news_of(everybody: People, today: date) -> list[News]:
    """Three pieces of information and two surveys."""
    office, head = everybody.staff[0], everybody.staff[1]

    def at(days: int) -> datetime:
        return datetime.combine(today - timedelta(days=days), time(10))

    programme = Attachment("file-news-0", "Programme.pdf", b"Programme de la soiree\n")
    until = datetime.combine(today + timedelta(days=30), time(23, 59, 59))
    information = Question(
        "question-0", "Information", "<div>Réunion <b>jeudi</b> à 18 h.</div>", INFORMATION, (), (programme,)
    )
    outing = Question("question-3", "Sortie", "<div>Participez-vous à la sortie ?</div>", ONE_CHOICE, ("Oui", "Non"))
    clubs = Question(
        "question-4", "Ateliers", "<div>Quels ateliers ?</div>", MANY_CHOICES, ("Théâtre", "Échecs", "Chorale")
    )
    remark = Question("question-5", "Remarque", "<div>Une remarque ?</div>", FREE_TEXT)
    taste = Question("question-1", "Information", "<p>Des menus d'ailleurs.</p>", INFORMATION)
    works = Question("question-2", "Information", "<p>L'entrée change &agrave; partir de lundi.</p>", INFORMATION)

    def item(  # noqa: PLR0917 - filled in as a table below
        number: int, title: str, category: str, author: StaffMember, days: int, questions: tuple[Question, ...]
    ) -> News:
        return News(f"news-{number}", title, category, author.key, author.name, at(days), until, questions)

    workshops_survey = item(4, "Ateliers du midi", "Sondages", office, 1, (clubs, remark))
    workshops_survey.anonymous = True
    return [
        item(0, "Réunion des parents", "Vie de l'établissement", office, 10, (information,)),
        item(1, "Semaine du goût", "Cantine", office, 5, (taste,)),
        item(2, "Travaux au gymnase", "Vie de l'établissement", head, 2, (works,)),
        item(3, "Sortie au musée", "Sondages", head, 3, (outing,)),
        workshops_survey,
    ]


def discussions_of(everybody: People, today: date) -> list[Discussion]:
    """Discussions of the documented accounts: an open one, one with a file, and a closed one."""
    pupil, guardian = everybody.pupils[0], everybody.pupils[0].guardians[0]
    teacher, office = everybody.teachers[0], everybody.staff[0]
    names = {person.key: person.name for person in (pupil, guardian, teacher, office)}

    def discussion(
        number: int, subject: str, days: int, members: tuple[str, ...], texts: tuple[str, ...], *, closed: bool = False
    ) -> Discussion:
        messages: list[Message] = []
        for index, text in enumerate(texts):
            author = members[index % len(members)]
            others = tuple(key for key in members if key != author)
            messages.append(
                Message(
                    key=f"message-{number}-{index}",
                    author=author,
                    sent=datetime.combine(today - timedelta(days=days), time(10, 12 + index)),
                    text=text,
                    html=text.startswith("<"),
                    source=messages[-1].key if messages else None,
                    recipients=others,
                    attachments=(Attachment(f"file-message-{number}", "Plan.pdf", b"Plan\n"),) if not index else (),
                    read_by={author},
                )
            )
        return Discussion(f"discussion-{number}", subject, {key: names[key] for key in members}, messages, closed)

    return [
        discussion(
            0, "Sortie scolaire", 2, (teacher.key, guardian.key), ("<div>Bonjour, voici le plan.</div>", "Merci")
        ),
        discussion(
            1, "Cahier de texte", 1, (teacher.key, pupil.key), ("<div>Pensez à votre cahier.</div>", "Oui, merci.")
        ),
        discussion(2, "Certificat", 9, (office.key, guardian.key), ("Le certificat est prêt.",), closed=True),
        discussion(3, "Absence", 4, (guardian.key, office.key), ("Il sera absent lundi.", "C'est noté.")),
        discussion(4, "Foyer", 3, (office.key, pupil.key), ("<div>Le foyer ouvre à midi.</div>",)),
    ]
