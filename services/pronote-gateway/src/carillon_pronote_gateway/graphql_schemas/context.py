"""What resolvers are given."""

import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ParamSpec, TypeAlias, TypeVar

import strawberry
from carillon_pronote import Pupil
from carillon_pronote.errors import AccessRefusedError

from carillon_pronote_gateway.reading import Reader
from carillon_pronote_gateway.sessions.gateway_sessions import GatewaySessions

_P = ParamSpec("_P")
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


def null_where_hidden(read: Callable[_P, Awaitable[_T]]) -> Callable[_P, Awaitable[_T | None]]:
    """What a page says; null when the school hides it from the account, as in pronote-api."""

    @functools.wraps(read)
    async def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _T | None:
        try:
            return await read(*args, **kwargs)
        except AccessRefusedError:
            return None

    return guarded
