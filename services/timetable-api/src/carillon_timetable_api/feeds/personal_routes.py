"""Personal feeds: several groups and rules behind a secret address, without an account.

Whoever has the address can read; to change, move or end the feed takes the key that was shown when it was made. Only
hashes of both are kept.
"""

import hashlib
import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api import described
from carillon_timetable_api.answers import not_found
from carillon_timetable_api.feeds import meetings, routes
from carillon_timetable_api.feeds.choice import STORABLE, Choice
from carillon_timetable_api.feeds.meetings import Meeting, Scope
from carillon_timetable_api.feeds.routes import AskedDep
from carillon_timetable_api.serving import ServingDep

router = APIRouter(prefix="/feeds", tags=["feeds"])


class FeedWanted(BaseModel):
    """A feed to be made or changed."""

    name: str = Field(default="Emploi du temps", min_length=1, max_length=100, pattern=STORABLE)
    choice: Choice


class Feed(BaseModel):
    """A feed: give `address` to a calendar; keep `key` for yourself, it is shown this once."""

    name: str
    choice: Choice
    address: str
    webcal: str
    key: str


class Preview(BaseModel):
    """A course of a feed."""

    id: int
    name: str
    type: str | None
    begin: str
    end: str
    groups: list[str]
    rooms: list[str]
    cancelled: bool


Key = Annotated[str, Header(alias="Feed-Key", description="The `key` that was shown when the feed was made.")]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _feed(request: Request, wanted: FeedWanted, secret: str, key: str) -> Feed:
    address = str(request.base_url.replace(path=f"/api/feeds/{secret}.ics"))
    webcal = "webcal" + address.removeprefix("https").removeprefix("http")
    return Feed(name=wanted.name, choice=wanted.choice, address=address, webcal=webcal, key=key)


async def _check(connection: AsyncConnection, choice: Choice) -> None:
    for table, ids in (("student_group", choice.groups), ("room", choice.rooms)):
        query = f"select count(*) from {table} where id = any(:ids)"  # noqa: S608 - our own names
        if (await connection.execute(text(query), {"ids": list(set(ids))})).scalar_one() != len(set(ids)):
            raise not_found()


async def _by_key(connection: AsyncConnection, key: str) -> RowMapping:
    query = "select * from personal_feed where key_hash = :hash"
    row = (await connection.execute(text(query), {"hash": _hash(key)})).mappings().one_or_none()
    if row is None:
        raise not_found()
    return row


@router.post("/", status_code=201, operation_id="create_feed", summary="Make a personal feed")
async def create(request: Request, serving: ServingDep, wanted: FeedWanted) -> Feed:
    """The answer holds the secret address and the key; neither can be shown again."""
    secret, key = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    query = """
        insert into personal_feed (address_hash, key_hash, name, choice, created_at, changed_at)
        values (:address_hash, :key_hash, :name, cast(:choice as jsonb), :now, :now)"""
    async with serving.engine.begin() as connection:
        await _check(connection, wanted.choice)
        values: dict[str, Any] = {"address_hash": _hash(secret), "key_hash": _hash(key), "now": serving.now()}
        values |= {"name": wanted.name, "choice": wanted.choice.model_dump_json()}
        await connection.execute(text(query), values)
    return _feed(request, wanted, secret, key)


@router.put("/", status_code=204, operation_id="change_feed", summary="Change what a personal feed shows")
async def change(serving: ServingDep, wanted: FeedWanted, key: Key) -> None:
    """The address stays."""
    query = """
        update personal_feed set name = :name, choice = cast(:choice as jsonb), changed_at = :now where id = :id"""
    async with serving.engine.begin() as connection:
        await _check(connection, wanted.choice)
        row = await _by_key(connection, key)
        values = {"id": row["id"], "name": wanted.name, "choice": wanted.choice.model_dump_json()}
        await connection.execute(text(query), values | {"now": serving.now()})
        await connection.execute(text("notify carillon"))


@router.post("/rotate-address/", operation_id="rotate_feed", summary="Give a personal feed another address")
async def rotate(request: Request, serving: ServingDep, key: Key) -> Feed:
    """The old address ends at once."""
    secret = secrets.token_urlsafe(32)
    query = "update personal_feed set address_hash = :hash where id = :id"
    async with serving.engine.begin() as connection:
        row = await _by_key(connection, key)
        await connection.execute(text(query), {"hash": _hash(secret), "id": row["id"]})
        await connection.execute(text("notify carillon"))
    wanted = FeedWanted.model_validate({"name": row["name"], "choice": row["choice"]})
    return _feed(request, wanted, secret, key)


@router.delete("/", status_code=204, operation_id="delete_feed", summary="End a personal feed")
async def delete(serving: ServingDep, key: Key) -> None:
    """Its address answers 404 from now on."""
    async with serving.engine.begin() as connection:
        row = await _by_key(connection, key)
        await connection.execute(text("delete from personal_feed where id = :id"), {"id": row["id"]})
        await connection.execute(text("notify carillon"))


@router.post(
    "/preview/",
    operation_id="preview_feed",
    summary="What a feed would show",
    responses={200: {"headers": described.HEADERS_OF_COURSES}},
)
async def preview(asked: AskedDep, response: Response, wanted: FeedWanted) -> list[Preview]:
    """The courses that the same choice and rules would put into a feed."""
    await _check(asked.connection, wanted.choice)
    scope = await _scope(asked.connection, wanted.choice)
    found = await meetings.find(asked.connection, scope, asked.window(), asked.serving.zone)
    is_empty = all(meeting.is_cancelled for meeting in found)
    response.headers.update(await routes.about(asked, scope, is_empty=is_empty))
    return [_shown(meeting) for meeting in found]


def _shown(meeting: Meeting) -> Preview:
    return Preview(
        id=meeting.id,
        name=meeting.name,
        type=meeting.type,
        begin=meeting.begin.isoformat(),
        end=meeting.end.isoformat(),
        groups=list(meeting.groups),
        rooms=list(meeting.rooms),
        cancelled=meeting.is_cancelled,
    )


async def _scope(connection: AsyncConnection, choice: Choice) -> Scope:
    return Scope(await meetings.with_ancestors(connection, choice.groups), choice.rooms, choice)


@router.get(
    "/{secret}.ics",
    operation_id="read_feed",
    summary="A personal feed",
    response_class=Response,
    responses=routes.RESPONSES,
)
async def read(asked: AskedDep, secret: str) -> Response:
    """The calendar behind a secret address; 404 for any other."""
    query = "select name, choice, changed_at from personal_feed where address_hash = :hash"
    row = (await asked.connection.execute(text(query), {"hash": _hash(secret)})).one_or_none()
    if row is None:
        raise not_found()
    choice = Choice.model_validate(row.choice)
    return await routes.answer(asked, row.name, await _scope(asked.connection, choice), row.changed_at)
