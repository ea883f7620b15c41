"""A session in this replica's memory, and how it is written back after each use."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from carillon_kit.sealing import Sealer
from carillon_pronote import Device, Pronote, Session, TokenCredentials
from pydantic import SecretStr

from carillon_pronote_gateway.sessions.errors import ConflictError, UnknownTokenError
from carillon_pronote_gateway.sessions.lease import Leases
from carillon_pronote_gateway.sessions.record import Place, Record, Remembered, Secrets, seal, unseal, unsealed
from carillon_pronote_gateway.sessions.store import SessionStore


@dataclass(slots=True)
class Held:
    """A session that this replica uses, or used last.

    Attributes:
        record, record_revision, place, place_revision: as last read or written; what is sealed is in `session`.
        written: the generation and cookies that the record holds.
        users: requests under way.
        idle: set while there are none.
        remarks: what reading pages taught that may be kept for a while, by name.
    """

    digest: str
    session: Session
    record: Record
    record_revision: int
    place: Place
    place_revision: int
    remembered: Remembered | None
    written: tuple[int, str]
    users: int = 0
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    remarks: dict[str, Any] = field(default_factory=dict)


class Shelf:
    """Opens stored sessions and writes them back."""

    def __init__(self, store: SessionStore, sealer: Sealer, leases: Leases, pronote: Pronote) -> None:
        self._store, self._sealer, self._leases, self._pronote = store, sealer, leases, pronote

    async def open(self, digest: str) -> Held:
        """Take the lease and open the session as its last user left it.

        Raises:
            UnknownTokenError: it has ended.
            SealBrokenError: it is sealed under a key that is not there any longer.
        """
        place, place_revision = await self._leases.take(digest)
        found = await self._store.record(digest)
        if found is None:
            raise UnknownTokenError
        record, revision = found
        secrets = unseal(self._sealer, record, digest)
        if place.session == secrets.state["session"]:
            secrets.state["order"] = max(place.order, secrets.state["order"])
        return self._held(digest, secrets, (unsealed(record), revision), (place, place_revision))

    async def put(self, digest: str, record: Record, secrets: Secrets, used: float) -> Held:
        """Keep a new session, ours at once."""
        state = secrets.state
        place = self._leases.place(Place(), used=used, session=state["session"], order=state["order"])
        sealed = seal(self._sealer, record, secrets, digest)
        place_revision = await self._store.write_place(digest, place, None)
        revision = await self._store.write_record(digest, sealed, None)
        return self._held(digest, secrets, (record, revision), (place, place_revision))

    def _held(self, digest: str, secrets: Secrets, record: tuple[Record, int], place: tuple[Place, int]) -> Held:
        holder: list[Held] = []
        remembered = secrets.remembered
        credentials = on_token = None
        if remembered is not None:
            credentials = TokenCredentials(remembered.username, remembered.token.get_secret_value())

            async def on_token(next_one: TokenCredentials, device: Device) -> None:
                # The old token is dead from here on: the new one is kept before anything else is done.
                holder[0].remembered = remember(next_one, device)
                await self._write_record(holder[0])

        session = self._pronote.restore(secrets.state, credentials=credentials, on_token=on_token)
        held = Held(digest, session, *record, *place, remembered, written(session))
        held.idle.set()
        holder.append(held)
        return held

    async def write(self, held: Held, used: float) -> None:
        """Write a session's place, and its record where more than the place has changed; the lease begins anew.

        Raises:
            ConflictError: the session has ended, or is not ours any longer.
        """
        async with held.writing:
            if held.written != written(held.session):
                await self._write_record(held)
            state = held.session.channel.state
            place = self._leases.place(held.place, used=used, session=state.session, order=state.order)
            await self._write_place(held, place)

    async def _write_place(self, held: Held, place: Place) -> None:
        try:
            revision = await self._store.write_place(held.digest, place, held.place_revision)
        except ConflictError:
            found = await self._store.place(held.digest)
            if found is None or found[0].owner != self._leases.owner:
                raise
            # A write of ours, given up during an outage of NATS, has arrived after all: it knows less than we do.
            revision = await self._store.write_place(held.digest, place, found[1])
        held.place, held.place_revision = place, revision

    async def change(self, held: Held, **changes: object) -> None:
        """Change what the record says."""
        async with held.writing:
            held.record = held.record.model_copy(update=changes)
            await self._write_record(held)

    async def _write_record(self, held: Held) -> None:
        secrets = Secrets(state=await held.session.export_state(), remembered=held.remembered)
        found = seal(self._sealer, held.record, secrets, held.digest)
        held.record_revision = await self._store.write_record(held.digest, found, held.record_revision)
        held.written = written(held.session)

    async def give_up(self, held: Held) -> None:
        """Tell the others that the session, with nothing under way, is nobody's; it is of no use here then."""
        held.session.close()
        async with held.writing:
            state = held.session.channel.state
            place = held.place.model_copy(
                update={"owner": None, "until": 0.0, "session": state.session, "order": state.order}
            )
            try:
                if held.written != written(held.session):
                    await self._write_record(held)
                await self._write_place(held, place)
            except ConflictError:  # it has ended, or was taken after our lease
                return


def written(session: Session) -> tuple[int, str]:
    """What a record must be written again for: a sign-in that was renewed, other cookies."""
    cookies = session.channel.http.cookies.jar
    return session.generation, "\n".join(sorted(f"{one.domain}{one.path} {one.name}={one.value}" for one in cookies))


def remember(credentials: TokenCredentials, device: Device) -> Remembered:
    """A token and its device, as they are kept."""
    kept = {"identifier": device.identifier, "navigator": device.navigator, "name": device.name}
    return Remembered(username=credentials.username, token=SecretStr(credentials.token), device=kept)
