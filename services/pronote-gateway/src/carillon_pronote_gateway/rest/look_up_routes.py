"""Before any sign-in: the portals, which of them guards a Pronote, and which schools are near a place."""

from typing import Annotated

from carillon_pronote import instances
from carillon_pronote.ent import EntAccount, VisitLimits, detect
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from carillon_pronote_gateway import addresses, gateway
from carillon_pronote_gateway.rest.problem_answers import PROBLEMS

router = APIRouter(prefix="/pronote/v1", tags=["look-ups"], responses=PROBLEMS)
SchoolAddress = Annotated[str, Query(min_length=8, max_length=2000, description="The school's Pronote.")]


class Ent(BaseModel):
    """A portal through which schools let people sign in; `id` is what one signs in with as `cas`."""

    id: str
    name: str
    academies: list[str]
    hosts: list[str]


def _shown(one: EntAccount) -> Ent:
    return Ent(id=one.id, name=one.name, academies=list(one.academies), hosts=list(one.hosts))


@router.get("/ents")
async def ents(
    request: Request,
    search: Annotated[str, Query(max_length=100, description="Words of its name, academy or host.")] = "",
) -> list[Ent]:
    """The portals."""
    return [_shown(one) for one in gateway.of(request).portals.list_accounts(search)]


@router.get("/ents/detection")
async def detected_ents(request: Request, url: SchoolAddress) -> list[Ent]:
    """The portals that may guard a Pronote, those to be tried first in front; `none` alone where there is none."""
    serving = gateway.of(request)
    await serving.limits.count_look_up(gateway.caller(request))
    allow_private = serving.settings.allow_private_addresses
    await addresses.check(url, allow_private=allow_private)
    async with serving.pronote.portal_client() as http:
        found = await detect(url, http, serving.portals, VisitLimits(allow_http=allow_private))
    return [_shown(one) for one in found]


@router.get("/instances")
async def instance(request: Request, url: SchoolAddress) -> instances.Instance:
    """What a Pronote says of itself: its name, version, spaces and portal."""
    serving = gateway.of(request)
    await serving.limits.count_look_up(gateway.caller(request))
    await addresses.check(url, allow_private=serving.settings.allow_private_addresses)
    return await instances.read_instance(serving.pronote.http_session(), url)


@router.get("/schools")
async def schools(
    request: Request,
    latitude: Annotated[float, Query(ge=-90, le=90)],
    longitude: Annotated[float, Query(ge=-180, le=180)],
) -> list[instances.NearbySchool]:
    """The schools near a place, as Pronote's maker knows them, nearest first."""
    serving = gateway.of(request)
    await serving.limits.count_look_up(gateway.caller(request))
    address = serving.settings.geolocation_url
    return list(await instances.read_nearby_schools(serving.pronote.http_session(), latitude, longitude, address))
