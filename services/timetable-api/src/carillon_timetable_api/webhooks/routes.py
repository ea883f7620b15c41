"""`/api/webhooks/`: subscribe, look at what was sent, send again, change the secret."""

import secrets as random
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from carillon_kit.languages import Text
from carillon_kit.problems import ProblemError, bad_parameter
from carillon_kit.public_addresses import is_private_address
from carillon_kit.sealing import Sealer
from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field, HttpUrl
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api.answers import not_found
from carillon_timetable_api.changes import filters, journal_reads
from carillon_timetable_api.changes.filters import ChangeParameters
from carillon_timetable_api.feeds.choice import STORABLE
from carillon_timetable_api.serving import ServingDep
from carillon_timetable_api.webhooks import sending, signature
from carillon_timetable_api.webhooks.tokens import TokenDep

router = APIRouter(prefix="/webhooks", tags=["webhooks"])
OVERLAP = timedelta(hours=24)
"""How long a replaced secret still signs beside the new one."""
_WITH_PASSWORD = Text(
    "enlevez le nom et le mot de passe de l’adresse : la signature dit de qui vient un message.",
    "take the name and the password out of the address: the signature says who a message is from.",
)
_PRIVATE = Text("cette adresse n’est pas publique.", "this address is not public.")


class WebhookWanted(BaseModel):
    """A subscription to be made."""

    url: HttpUrl = Field(description="Gets a POST; it must have a public address.", max_length=2000)
    filter: ChangeParameters = Field(default_factory=ChangeParameters, description="As for `/api/changes/`.")
    digest_s: int = Field(default=0, ge=0, le=86400, description="Gather changes for so many seconds into one message.")


class Webhook(BaseModel):
    """A subscription."""

    id: str
    url: str
    filter: ChangeParameters
    digest_s: int
    created_at: datetime
    waiting: int = Field(description="Messages that were not delivered yet.")
    failed: int = Field(description="Messages that were given up after a day.")


class WebhookWithSecret(Webhook):
    """A subscription with its secret, which is shown this once (Standard Webhooks, `whsec_…`)."""

    secret: str


class Delivery(BaseModel):
    """A message: sent, waiting for its next try, or given up."""

    id: int
    message_id: str = Field(description="The header `webhook-id`, the same for each try.")
    state: Literal["waiting", "delivered", "failed"]
    created_at: datetime
    attempts: int
    next_attempt_at: datetime
    delivered_at: datetime | None
    last_status: int | None
    last_error: str | None


WebhookId = Annotated[str, Path(pattern=STORABLE)]


def _sealer(request: Request) -> Sealer:
    found: Sealer | None = request.app.state.sealer
    if found is None:
        raise ProblemError(
            "webhooks-off",
            503,
            Text("Les webhooks ne sont pas activés ici.", "Webhooks are not switched on here."),
            Text("L’opérateur doit définir CARILLON_SECRET_KEYS.", "The operator has to set CARILLON_SECRET_KEYS."),
        )
    return found


_SELECT = """
    select s.*, count(d.id) filter (where d.state = 'waiting') as waiting,
           count(d.id) filter (where d.state = 'failed') as failed
    from webhook_subscription s left join webhook_delivery d on d.subscription_id = s.id
    where s.token_id = :token_id and (cast(:id as text) is null or s.id = :id) group by s.id order by s.created_at"""


async def _find(connection: AsyncConnection, token_id: int, wanted: str | None = None) -> list[RowMapping]:
    rows = await connection.execute(text(_SELECT), {"token_id": token_id, "id": wanted})
    return list(rows.mappings())


async def _one(connection: AsyncConnection, token_id: int, wanted: str) -> RowMapping:
    rows = await _find(connection, token_id, wanted)
    if not rows:
        raise not_found()
    return rows[0]


@router.post("/", status_code=201, operation_id="create_webhook", summary="Subscribe to changes")
async def create(request: Request, serving: ServingDep, token_id: TokenDep, wanted: WebhookWanted) -> WebhookWithSecret:
    """Changes from now on are sent; the secret is shown in this answer only."""
    sealer = _sealer(request)
    if not request.app.state.allows_private_addresses and is_private_address(wanted.url.host or ""):
        raise bad_parameter("url", _PRIVATE, "body")
    if wanted.url.username is not None or wanted.url.password is not None:
        raise bad_parameter("url", _WITH_PASSWORD, "body")
    webhook_id, secret = "sub_" + random.token_urlsafe(12), signature.new_secret()
    query = """
        insert into webhook_subscription (id, token_id, url, filter, digest_s, sealed_secret, created_at, position)
        values (:id, :token_id, :url, cast(:filter as jsonb), :digest_s, :secret, :now, :position)"""
    async with serving.engine.begin() as connection:
        await filters.look_up(connection, wanted.filter)
        values = {
            "id": webhook_id,
            "token_id": token_id,
            "url": str(wanted.url),
            "filter": wanted.filter.model_dump_json(),
            "digest_s": wanted.digest_s,
            "secret": sealer.seal(secret, webhook_id),
            "now": serving.now(),
            "position": await journal_reads.last_number(connection),
        }
        await connection.execute(text(query), values)
        row = await _one(connection, token_id, webhook_id)
    return WebhookWithSecret.model_validate({**row, "secret": signature.shown(secret)})


@router.get("/", operation_id="list_webhooks", summary="One's own subscriptions")
async def list_all(serving: ServingDep, token_id: TokenDep) -> list[Webhook]:
    """Those made with the caller's token."""
    async with serving.engine.connect() as connection:
        return [Webhook.model_validate(dict(row)) for row in await _find(connection, token_id)]


@router.get("/{webhook_id}/", operation_id="show_webhook", summary="One subscription")
async def show(serving: ServingDep, token_id: TokenDep, webhook_id: WebhookId) -> Webhook:
    """With the numbers of messages that wait or failed."""
    async with serving.engine.connect() as connection:
        return Webhook.model_validate(dict(await _one(connection, token_id, webhook_id)))


@router.delete("/{webhook_id}/", status_code=204, operation_id="delete_webhook", summary="Unsubscribe")
async def delete(serving: ServingDep, token_id: TokenDep, webhook_id: WebhookId) -> None:
    """Nothing more is sent, waiting messages included."""
    async with serving.engine.begin() as connection:
        await _one(connection, token_id, webhook_id)
        await connection.execute(text("delete from webhook_subscription where id = :id"), {"id": webhook_id})


@router.post("/{webhook_id}/rotate-secret/", operation_id="rotate_webhook_secret", summary="Change the secret")
async def rotate(request: Request, serving: ServingDep, token_id: TokenDep, webhook_id: WebhookId) -> WebhookWithSecret:
    """For 24 hours messages are signed with both secrets, so that nothing is missed meanwhile."""
    sealer, secret = _sealer(request), signature.new_secret()
    query = """
        update webhook_subscription set sealed_previous_secret = sealed_secret, previous_secret_until = :until,
            sealed_secret = :secret where id = :id"""
    async with serving.engine.begin() as connection:
        await _one(connection, token_id, webhook_id)
        values = {"id": webhook_id, "secret": sealer.seal(secret, webhook_id), "until": serving.now() + OVERLAP}
        await connection.execute(text(query), values)
        row = await _one(connection, token_id, webhook_id)
    return WebhookWithSecret.model_validate({**row, "secret": signature.shown(secret)})


@router.post("/{webhook_id}/test/", status_code=202, operation_id="test_webhook", summary="Send a test message")
async def test(serving: ServingDep, token_id: TokenDep, webhook_id: WebhookId) -> dict[str, str]:
    """A message of type `webhook.test`, signed and retried like any other."""
    async with serving.engine.begin() as connection:
        await _one(connection, token_id, webhook_id)
        await sending.write_message(connection, webhook_id, "webhook.test", {"changes": []}, serving.now())
        await connection.execute(text("notify carillon"))
    return {"sent": "soon"}


@router.get("/{webhook_id}/deliveries/", operation_id="list_deliveries", summary="Messages, newest first")
async def deliveries(
    serving: ServingDep,
    token_id: TokenDep,
    webhook_id: WebhookId,
    state: Annotated[tuple[Literal["waiting", "delivered", "failed"], ...], Query()] = (),
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[Delivery]:
    """`?state=failed` lists what was given up. Finished messages are forgotten after 30 days."""
    query = """
        select * from webhook_delivery where subscription_id = :id and (cardinality(cast(:state as text[])) = 0
            or state = any(cast(:state as text[]))) order by id desc limit :limit"""
    async with serving.engine.connect() as connection:
        await _one(connection, token_id, webhook_id)
        values: dict[str, Any] = {"id": webhook_id, "state": list(state), "limit": limit}
        rows = (await connection.execute(text(query), values)).mappings()
        return [Delivery.model_validate(dict(row)) for row in rows]


@router.post(
    "/{webhook_id}/deliveries/{delivery_id:int}/replay/",
    status_code=202,
    operation_id="replay_delivery",
    summary="Send a message again",
)
async def replay(serving: ServingDep, token_id: TokenDep, webhook_id: WebhookId, delivery_id: int) -> Delivery:
    """Under its old `webhook-id`; also one that was delivered."""
    query = """
        update webhook_delivery set state = 'waiting', attempts = 0, next_attempt_at = :now, delivered_at = null
        where id = :delivery_id and subscription_id = :id returning *"""
    async with serving.engine.begin() as connection:
        await _one(connection, token_id, webhook_id)
        values = {"id": webhook_id, "delivery_id": min(delivery_id, 2**31 - 1), "now": serving.now()}
        row = (await connection.execute(text(query), values)).mappings().one_or_none()
        if row is None:
            raise not_found()
        await connection.execute(text("notify carillon"))
    return Delivery.model_validate(dict(row))
