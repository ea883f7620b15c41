"""Why a session cannot be used."""


class SessionError(Exception):
    """A session cannot be used here and now."""


class UnknownTokenError(SessionError):
    """No session has this token: it was never given, or its session has ended."""


class SessionBusyError(SessionError):
    """Another replica holds the session and does not give it up in time; trying again is worth it."""


class ConflictError(SessionError):
    """Somebody else has written in between: the session has ended, or another replica uses it."""


class StoreUnavailableError(SessionError):
    """The bucket of sessions does not answer."""


class TooManySessionsError(SessionError):
    """A limit on the number of sessions is reached; `scope` is `host` or `all`."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__(scope)
