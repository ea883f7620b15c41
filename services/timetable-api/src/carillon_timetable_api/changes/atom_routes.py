"""`…/changes.atom`: what changed lately for a group, a room or a timetable, for feed readers."""

from typing import Annotated, Any

from carillon_kit.languages import Language, preferred
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from carillon_timetable_api import coverage, described, queries
from carillon_timetable_api.answers import COMPUTED_EACH_TIME, REVALIDATED, not_found
from carillon_timetable_api.changes import atom, filters, journal_reads
from carillon_timetable_api.changes.atom import Entry, Heading
from carillon_timetable_api.changes.filters import ChangeFilter, ChangeParameters, WhichChanges
from carillon_timetable_api.routes.numbers import ID, Id
from carillon_timetable_api.serving import ConnectionDep, ServingDep, made_at_once

router = APIRouter(tags=["changes"])
_TITLES = {"fr": "Changements – {}", "en": "Changes – {}"}
_MOST_DIGESTED = 1000
_DESCRIBED: dict[str, Any] = {
    "response_class": Response,
    "responses": {
        200: {
            "description": "The feed.",
            "content": {"application/atom+xml": {"schema": {"type": "string"}}},
            "headers": described.HEADERS_OF_DATA,
        },
        304: {"description": "What `If-None-Match` names is still what would be answered."},
    },
}


class AtomParameters(WhichChanges):
    """Which changes a feed tells, and in which language."""

    lang: Language | SkipJsonSchema[None] = Field(
        default=None, description="`fr` or `en`; without it as `Accept-Language` says."
    )


class GroupAtomParameters(AtomParameters):
    """The same for a group."""

    parents: bool = Field(default=True, description="Whether the changes of the group's parents are told too.")


class Asked:
    """How a feed is asked for, whatever it is of."""

    def __init__(self, request: Request, serving: ServingDep, connection: ConnectionDep) -> None:
        self._request, self._serving, self._connection = request, serving, connection

    async def answer(self, table: str, of: str, wanted: int, asked: AtomParameters) -> Response:
        """The feed of one row of a table, which filters call `of`; 404 if there is none."""
        name = await queries.find_name(self._connection, table, wanted)
        if name is None:
            raise not_found()
        which = asked.model_dump(exclude={"lang"}, exclude_defaults=True)
        parameters = ChangeParameters.model_validate({**which, of: (wanted,)})
        language = asked.lang or preferred(self._request.headers.get("accept-language"))
        heading = Heading(
            title=_TITLES[language].format(name),
            subject=parameters.model_dump_json(exclude_defaults=True),
            address=str(self._request.url),
            root=str(self._request.base_url),
            instance=await queries.find_instance(self._connection),
            language=language,
        )
        chosen = await filters.look_up(self._connection, parameters)
        body = atom.write(heading, await self._entries(parameters, chosen))
        about = (await coverage.find_freshness(self._connection, *chosen.concerned())).headers()
        kept = REVALIDATED if chosen.horizon is None else {"Cache-Control": COMPUTED_EACH_TIME}
        headers = {**kept, **about, "Content-Language": language, "Vary": "Accept-Language"}
        return Response(body, headers=headers, media_type=atom.MEDIA_TYPE)

    async def _entries(self, parameters: ChangeParameters, chosen: ChangeFilter) -> list[Entry]:
        now = self._serving.now()
        most = _MOST_DIGESTED if parameters.digest else atom.MOST_ENTRIES
        since, zone = now - atom.SHOWN_FOR, self._serving.zone
        changes = await journal_reads.newest(self._connection, chosen, zone, now=now, since=since, limit=most)
        if not parameters.digest:
            return atom.entries(changes)
        if len(changes) == most and changes[0].at.date() != changes[-1].at.date():
            # The oldest day may have begun before: told in part, its entry would no longer be the same.
            changes = [change for change in changes if change.at.date() != changes[0].at.date()]
        return atom.digested(changes, chosen.digest)[: atom.MOST_ENTRIES]


AskedDep = Annotated[Asked, Depends(made_at_once(Asked))]
Wanted = Annotated[AtomParameters, Query()]


@router.get(
    f"/groups/{ID}/changes.atom",
    operation_id="atom_of_group",
    summary="What changed lately for a group (Atom)",
    **_DESCRIBED,
)
async def of_group(asked: AskedDep, wanted: Id, which: Annotated[GroupAtomParameters, Query()]) -> Response:
    """At most 100 entries of the last 60 days, newest first; with `digest` one entry for each course and day."""
    return await asked.answer("student_group", "group", wanted, which)


@router.get(
    f"/rooms/{ID}/changes.atom",
    operation_id="atom_of_room",
    summary="What changed lately in a room (Atom)",
    **_DESCRIBED,
)
async def of_room(asked: AskedDep, wanted: Id, which: Wanted) -> Response:
    """Courses that are, or were to be, in the room."""
    return await asked.answer("room", "room", wanted, which)


@router.get(
    f"/timetables/{ID}/changes.atom",
    operation_id="atom_of_timetable",
    summary="What changed lately in a timetable (Atom)",
    **_DESCRIBED,
)
async def of_timetable(asked: AskedDep, wanted: Id, which: Wanted) -> Response:
    """The changes of all its groups."""
    return await asked.answer("timetable", "timetable", wanted, which)
