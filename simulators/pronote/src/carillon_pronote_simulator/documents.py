"""What is downloaded beside the pages: calendars, PDF documents, attached files and photographs."""

import base64
import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from carillon_pronote_simulator.ciphers import UnreadableError, decrypt_file_reference
from carillon_pronote_simulator.errors import PronoteError
from carillon_pronote_simulator.school.model import Attachment, Group, Lesson, Pupil, SchoolClass
from carillon_pronote_simulator.school.people import SCHOOL_NAME
from carillon_pronote_simulator.school.school import Resource, School
from carillon_pronote_simulator.sessions import Session

SCHOOL_ZONE = ZoneInfo("Europe/Paris")
# A grey picture of one pixel: a valid JPEG.
PHOTOGRAPH = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP////////////////////////////////////////////////////////////////////////////////"
    "//////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA="
)


def calendar_of_token(school: School, token: str) -> bytes | None:
    """The iCalendar of the resource a secret token belongs to; None for an unknown token."""
    people = school.people
    everything: tuple[Resource, ...] = (
        *people.pupils,
        *people.teachers,
        *people.rooms,
        *people.classes,
        *people.groups,
    )
    resource = next((each for each in everything if school.calendar_token(each.key) == token), None)
    return None if resource is None else _calendar(school, resource)


def _calendar(school: School, resource: Resource) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Carillon//Pronote simulator//FR")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{resource.name} - {SCHOOL_NAME}")
    for lesson in school.lessons_of(resource, school.year.first_day, school.year.last_day):
        calendar.add_component(_event(school, lesson, resource))
    return bytes(calendar.to_ical())


def _event(school: School, lesson: Lesson, resource: Resource) -> Event:
    event = Event()
    event.add("uid", f"{lesson.key}@pronote.example.org")
    event.add("dtstamp", school.now.replace(tzinfo=SCHOOL_ZONE).astimezone(ZoneInfo("UTC")))
    for name, moment in (("dtstart", lesson.start), ("dtend", lesson.end)):
        event.add(name, _aware(moment).astimezone(ZoneInfo("UTC")))
    whom = [] if isinstance(resource, (Pupil, SchoolClass, Group)) else [lesson.audience.name]
    event.add("summary", " - ".join([lesson.subject.name, *(each.name for each in lesson.teachers), *whom]))
    event.add("location", ", ".join(room.name for room in lesson.rooms))
    event.add("status", "CANCELLED" if lesson.cancelled else "CONFIRMED")
    if lesson.status is not None:
        event.add("description", lesson.status)
    return event


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=SCHOOL_ZONE)


def file_of_reference(school: School, session: Session, reference: str) -> tuple[bytes, str] | Attachment | None:
    """What the ciphered entity of a file address names: bytes and type, or a link to follow; None if nothing."""
    try:
        entity = json.loads(decrypt_file_reference(reference, session.key, session.iv))
        key = session.key_of(entity)
    except (UnreadableError, ValueError, PronoteError):
        return None
    if key is not None and key.startswith("pupil-"):
        return PHOTOGRAPH, "image/jpeg"
    attachment = _attachment(school, key, entity) if key is not None and isinstance(entity, dict) else None
    if attachment is None or attachment.address is not None:
        return attachment
    if attachment.name.endswith(".pdf"):
        return one_page_pdf(attachment.content.decode("utf-8", "replace")), "application/pdf"
    return attachment.content, "application/octet-stream"


def _attachment(school: School, key: str, entity: dict[str, Any]) -> Attachment | None:
    for assessment in school.assessments:
        if assessment.key == key:
            return assessment.correction if entity.get("G") == "DevoirCorrige" else assessment.paper
    return school.attachments.get(key)


def ordered_pdf(school: School, number: str) -> bytes | None:
    """A document ordered by `GenerationPDF`."""
    found = school.documents.get(number)
    if found is None:
        return None
    kind, key = found
    person = school.resource(key)
    title = "Bulletin" if kind == "bulletin" else "Emploi du temps"
    return one_page_pdf(f"{title} {person.name if person is not None else ''}")


def one_page_pdf(text: str) -> bytes:
    """A page with one line; the smallest document every reader opens."""
    line = text.strip().encode("cp1252", "replace")
    for character in (b"\\", b"(", b")"):
        line = line.replace(character, b"\\" + character)
    stream = b"BT /F1 18 Tf 72 760 Td (" + line + b") Tj ET"
    fonts = b"/Resources << /Font << /F1 5 0 R >> >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %b >>" % fonts,
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    content, offsets = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    return (
        content
        + b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            count,
            table,
            count,
            len(content),
        )
    )
