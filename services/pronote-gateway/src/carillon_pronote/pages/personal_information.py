"""Personal data, security mode and the iCal address: ``PageInfosPerso``, tab 49."""

from dataclasses import dataclass
from urllib.parse import urlencode

from carillon_pronote.errors import NotPublishedError
from carillon_pronote.pages.attachments import fetch as fetch_file
from carillon_pronote.pages.timetable import read_week
from carillon_pronote.reading import Json, decoder, entry, items, number, text
from carillon_pronote.school_year import Pupil
from carillon_pronote.session import Session

TAB = 49
CALENDAR_TAB = 16


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar to subscribe to: its name and the two secrets of its address."""

    name: str
    token: str
    extra: str


@dataclass(frozen=True, slots=True)
class PersonalInformation:
    """What Pronote knows of the person; "" where the school shows nothing. ``security_mode``: see ``SecurityMode``."""

    address: tuple[str, str, str, str]
    postal_code: str
    city: str
    province: str
    country: str
    mail: str
    phone_prefix: str
    phone: str
    ine: str
    calendars: tuple[Calendar, ...]
    security_mode: int


async def fetch(session: Session, pupil: Pupil | str | None = None) -> Json:
    """Return the raw page."""
    return await session.request("PageInfosPerso", {}, TAB, pupil)


async def read_personal_information(session: Session, pupil: Pupil | str | None = None) -> PersonalInformation:
    """Read the page."""
    return decode(await fetch(session, pupil))


async def calendar_address(session: Session, pupil: Pupil | str | None = None) -> str:
    """Return the address of the pupil's iCal calendar; it holds a secret and works without a session.

    Raises:
        NotPublishedError: the school offers none.
    """
    calendars = decode(await session.request("PageInfosPerso", {}, CALENDAR_TAB, pupil)).calendars
    query = {"version": text(entry(session.raw_parameters(), "General"), "versionPN")}
    if calendars:
        query = {"icalsecurise": calendars[0].token} | query | {"param": calendars[0].extra}
        return f"{session.channel.state.root}/ical/mesinformations.ics?{urlencode(query)}"
    token = (await read_week(session, 1, pupil)).ical_token  # as offered in 2023 and before
    if not token:
        raise NotPublishedError("no iCal calendar")
    return f"{session.channel.state.root}/ical/Edt.ics?{urlencode({'icalsecurise': token} | query)}"


async def download_calendar(session: Session, pupil: Pupil | str | None = None) -> bytes:
    """Fetch the pupil's iCal calendar.

    Raises:
        NotPublishedError: the school offers none.
    """
    return await fetch_file(session, await calendar_address(session, pupil))


@decoder("PageInfosPerso")
def decode(raw: Json) -> PersonalInformation:
    """Read the page's ``data``."""
    known = entry(raw, "Informations")
    return PersonalInformation(
        address=(
            text(known, "adresse1"),
            text(known, "adresse2"),
            text(known, "adresse3"),
            text(known, "adresse4"),
        ),
        postal_code=text(known, "codePostal"),
        city=text(known, "ville"),
        province=text(known, "province"),
        country=text(known, "pays"),
        mail=text(known, "eMail"),
        phone_prefix=text(known, "indicatifTel"),
        phone=text(known, "telephonePortable"),
        ine=text(known, "numeroINE"),
        calendars=tuple(
            Calendar(text(item, "L"), text(item, "paramICal"), text(item, "paramSuppl"))
            for item in items(entry(raw, "iCal"), "liste")
            if text(item, "paramICal")
        ),
        security_mode=number(entry(raw, "securisation"), "mode"),
    )
