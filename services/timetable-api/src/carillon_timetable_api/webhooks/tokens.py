"""API tokens: who may subscribe. A token is shown once, when it is made; only its hash is kept."""

import hashlib
import secrets
from datetime import datetime
from typing import Annotated

from carillon_kit.languages import Text
from carillon_kit.problems import ProblemError
from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api.serving import ConnectionDep

_bearer = HTTPBearer(auto_error=False, description="An API token: `carillon token create NAME`.")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def create(connection: AsyncConnection, name: str, now: datetime) -> str:
    """Make a token; a token of the same name is replaced and no longer taken."""
    token = "carillon_" + secrets.token_urlsafe(32)
    query = """
        insert into api_token (name, hash, created_at) values (:name, :hash, :now)
        on conflict (name) do update set hash = excluded.hash, created_at = excluded.created_at"""
    await connection.execute(text(query), {"name": name, "hash": _hash(token), "now": now})
    return token


async def revoke(connection: AsyncConnection, name: str) -> bool:
    """Take a token and its subscriptions away; False if there is none of that name."""
    query = "delete from api_token where name = :name"
    return bool((await connection.execute(text(query), {"name": name})).rowcount)


async def token_id(
    connection: ConnectionDep, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> int:
    """The caller's token's id; a 401 problem without a token that we know."""
    query = "select id from api_token where hash = :hash"
    given = credentials.credentials if credentials else ""
    found: int | None = (await connection.execute(text(query), {"hash": _hash(given)})).scalar()
    if found is None:
        raise ProblemError(
            "token-needed",
            401,
            Text("Un jeton d’API valide est nécessaire.", "A valid API token is needed."),
            Text(
                "Envoyez « Authorization: Bearer … » ; l’opérateur crée un jeton avec `carillon token create NOM`.",
                "Send `Authorization: Bearer …`; the operator makes a token with `carillon token create NAME`.",
            ),
            headers={"WWW-Authenticate": "Bearer"},
        )
    return found


TokenDep = Annotated[int, Depends(token_id)]
