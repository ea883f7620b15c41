"""What resolvers are given."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, TypeVar

import strawberry
from carillon_pronote import Pupil
from carillon_pronote.errors import AccessRefusedError

from carillon_pronote_gateway.reading import Reader
from carillon_pronote_gateway.sessions.gateway_sessions import GatewaySessions

_T = TypeVar("_T")


@dataclass
class RequestContext:
    """One request of one session. `ended` is set when the request ends its session."""

    reader: Reader
    sessions: GatewaySessions
    now: datetime
    ended: bool = False

    def pupil(self, wanted: str | None) -> Pupil | None:
        """The pupil meant."""
        return self.reader.pupil(wanted)


Info: TypeAlias = strawberry.Info[RequestContext, None]


async def unless_hidden(read: Awaitable[_T]) -> _T | None:
    """What a page says; null when the school hides it from the account, as in pronote-api."""
    try:
        return await read
    except AccessRefusedError:
        return None
