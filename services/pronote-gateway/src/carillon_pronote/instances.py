"""Before any sign-in: what an instance says of itself, and which schools are near a place (PROTOCOL.md §4.5, §11)."""

import json
import math
from dataclasses import dataclass
from typing import Any

from carillon_pronote.accounts import root_of
from carillon_pronote.errors import ProtocolError
from carillon_pronote.http_answers import HttpAnswer, HttpSession, check_status
from carillon_pronote.reading import Json, decimal, decoder, entry, flag, items, number, text

DESCRIPTION = "InfoMobileApp.json?id=0D264427-EEFC-4810-A9E9-346942A862A4"
"""What the mobile app asks for; the number is the app's own and the same everywhere."""
GEOLOCATION = "https://www.index-education.com/swie/geoloc.php"
LARGEST_ANSWER = 4 * 1024 * 1024
_EARTH_KILOMETRES = 6371.0


@dataclass(frozen=True, slots=True)
class Space:
    """A space an instance offers: ``number`` as in ``AccountKind``, ``page`` such as ``mobile.eleve.html``."""

    name: str
    page: str
    number: int
    delegated: bool


@dataclass(frozen=True, slots=True)
class Instance:
    """A school's Pronote; ``portal_url`` is where it delegates sign-ins to, "" when it takes them itself."""

    name: str
    version: tuple[int, ...]
    portal_url: str
    portal_token: str
    spaces: tuple[Space, ...]


@dataclass(frozen=True, slots=True)
class NearbySchool:
    """A school near a place."""

    url: str
    name: str
    latitude: float
    longitude: float
    postal_code: str
    kilometres: float


async def read_instance(http: HttpSession, url: str) -> Instance:
    """Ask an instance what it is.

    Raises:
        PronoteError: it does not tell.
    """
    response = await http.send("GET", f"{root_of(url)}/{DESCRIPTION}", LARGEST_ANSWER)
    check_status(response)
    return decode_instance(_json(response))


async def read_nearby_schools(
    http: HttpSession, latitude: float, longitude: float, address: str = GEOLOCATION
) -> tuple[NearbySchool, ...]:
    """Ask Pronote's maker which schools are near a place (degrees), nearest first.

    Raises:
        PronoteError: the service does not answer as described.
    """
    question = json.dumps({"nomFonction": "geoLoc", "lat": latitude, "long": longitude})
    response = await http.send("POST", address, LARGEST_ANSWER, data={"data": question})
    check_status(response)
    return decode_nearby_schools(_json(response), latitude, longitude)


def _json(response: HttpAnswer) -> Any:
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        raise ProtocolError("an answer that is not JSON") from None


@decoder("InfoMobileApp.json")
def decode_instance(raw: Json) -> Instance:
    """Read an instance's description."""
    portal = entry(raw, "CAS")
    active = flag(portal, "actif")
    version = raw.get("version")
    return Instance(
        name=text(raw, "nomEtab"),
        version=tuple(int(part) for part in version) if isinstance(version, list) else (),
        portal_url=text(portal, "casURL") if active else "",
        portal_token=text(portal, "jetonCAS") if active else "",
        spaces=tuple(
            Space(text(item, "nom"), text(item, "URL"), number(item, "genreEspace"), flag(item, "avecDelegation"))
            for item in items(raw, "espaces")
        ),
    )


@decoder("geoloc")
def decode_nearby_schools(raw: Any, latitude: float, longitude: float) -> tuple[NearbySchool, ...]:
    """Read the service's list (an empty object when there is none), nearest first."""
    schools = []
    for item in raw if isinstance(raw, list) else ():
        there = float(decimal(item, "lat") or 0), float(decimal(item, "long") or 0)
        distance = kilometres((latitude, longitude), there)
        schools.append(NearbySchool(text(item, "url"), text(item, "nomEtab"), *there, text(item, "cp"), distance))
    return tuple(sorted(schools, key=lambda school: school.kilometres))


def kilometres(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return the distance of two places given in degrees, on a sphere."""
    latitude, longitude, other_latitude, other_longitude = (math.radians(degrees) for degrees in (*here, *there))
    half = (
        math.sin((other_latitude - latitude) / 2) ** 2
        + math.cos(latitude) * math.cos(other_latitude) * math.sin((other_longitude - longitude) / 2) ** 2
    )
    return 2 * _EARTH_KILOMETRES * math.asin(math.sqrt(min(half, 1.0)))
