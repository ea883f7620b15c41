"""What runs beside the requests: taking events in, relaying changes, and forgetting kept answers when data change."""

import asyncio
from zoneinfo import ZoneInfo

import structlog
from carillon_kit import bus
from carillon_kit.cancellation import together
from carillon_kit.response_cache import ResponseCache
from carillon_kit.sources_file import named_slugs
from nats.aio.client import Client
from sqlalchemy.ext.asyncio import AsyncEngine

from carillon_timetable_api import ingest, relay
from carillon_timetable_api.database import LOST
from carillon_timetable_api.notifications import Notifications
from carillon_timetable_api.settings import Settings

_AGAIN_S = 0.5
_SILENCE_S = 300
"""After so long without a word the listening connection is made anew: it may have died unnoticed."""

log = structlog.get_logger()


class BusWork:
    """Ingest and relay over one connection to NATS, which is waited for."""

    def __init__(self, engine: AsyncEngine, zone: ZoneInfo, settings: Settings) -> None:
        self._engine, self._zone, self._settings = engine, zone, settings
        self._named = named_slugs(settings.sources)
        self._client: Client | None = None

    async def check(self) -> str | None:
        """What is wrong, for readiness."""
        return None if self._client is not None and self._client.is_connected else "NATS does not answer"

    async def run(self) -> None:
        """Do both until cancelled."""
        async with bus.connection(self._settings.nats_url, "timetable-api") as client:
            self._client = client
            js = await bus.ready(client, self._settings.nats_replicas)
            taking_in = ingest.consume(self._engine, js, self._zone, self._named)
            await together(taking_in, relay.run(self._engine, js, self._zone))


async def forget_answers_of_old_data(engine: AsyncEngine, cache: ResponseCache) -> None:
    """Clear the cache at each commit of new data, and after each outage, in which a commit may have gone unheard."""
    while True:
        try:
            async with Notifications(engine) as notifications:
                cache.clear()
                while await notifications.wait(_SILENCE_S):
                    cache.clear()
        except LOST as error:
            log.warning("notifications_lost", error=repr(error))
            cache.clear()
            await asyncio.sleep(_AGAIN_S)
