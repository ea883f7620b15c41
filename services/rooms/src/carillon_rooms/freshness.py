"""How old the data are, and which sources are failing: headers on every answer about rooms."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from carillon_rooms.rooms_state import RoomsState

DATA_AGE = "Carillon-Data-Age"
FAILING_SOURCES = "Carillon-Failing-Sources"
COVERED = "Carillon-Covered"


class FreshnessMiddleware:
    """Adds the headers at the last moment, because the age of a kept answer's data goes on growing."""

    def __init__(self, app: ASGIApp, state: RoomsState) -> None:
        self._app, self._state = app, state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/rooms/"):
            await self._app(scope, receive, send)
            return
        age, sources = self._state.data_age_s(), self._state.sources

        added: list[tuple[bytes, bytes]] = []
        if age is not None:
            added.append((DATA_AGE.lower().encode(), str(age).encode()))
        if sources is not None and sources.failing:
            added.append((FAILING_SOURCES.lower().encode(), ", ".join(sources.failing).encode()))

        async def send_with_age(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        await self._app(scope, receive, send_with_age)
