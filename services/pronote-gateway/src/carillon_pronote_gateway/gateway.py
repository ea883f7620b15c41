"""What routes use: the sessions, the limits, the clock. One a process, made by the lifespan."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from carillon_pronote import Pronote
from carillon_pronote.ent import EntTable
from fastapi import Request

from carillon_pronote_gateway.reading import Reader
from carillon_pronote_gateway.sessions.gateway_sessions import GatewaySessions
from carillon_pronote_gateway.sessions.held import Held
from carillon_pronote_gateway.settings import Settings
from carillon_pronote_gateway.sign_in_limits import SignInLimits

Clock = Callable[[], datetime]


@dataclass
class Gateway:
    """The parts."""

    settings: Settings
    sessions: GatewaySessions
    pronote: Pronote
    portals: EntTable
    limits: SignInLimits
    clock: Clock

    def reader(self, held: Held) -> Reader:
        """Reads pages of a session for one request."""
        return Reader(held, self.clock(), self.settings.graphql_max_pages)


def of(request: Request) -> Gateway:
    """The gateway that serves a request."""
    gateway: Gateway = request.app.state.gateway
    return gateway


def caller(request: Request) -> str:
    """The caller's IP address, as trusted proxies tell it."""
    return request.client.host if request.client else "unknown"
