"""Answers that replace the real one."""

from collections.abc import AsyncIterator, Callable

from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from carillon_celcat_simulator.calendar.login import error_page, login_page
from carillon_celcat_simulator.faults.orders import FaultKind, FaultOrder

_CHUNK = 64 * 1024
_ENTITY_BOMB = (
    '\ufeff<?xml version="1.0" encoding="UTF-8"?>\r\n<!DOCTYPE timetable [\r\n<!ENTITY a0 "ha">\r\n'
    + "".join(f'<!ENTITY a{depth} "{f"&a{depth - 1};" * 10}">\r\n' for depth in range(1, 13))
    + "]>\r\n<timetable><option><subheading>&a12;</subheading></option></timetable>"
)


_NOT_FOUND = "<html><body><h1>404 - File or directory not found.</h1></body></html>"


def replacement(fault: FaultOrder, path: str) -> Response | None:
    """The answer of a fault that needs no real one, or nothing for the others."""
    make = _REPLACEMENTS.get(fault.kind)
    return None if make is None else make(fault, path)


def _rate_limited(fault: FaultOrder, _: str) -> Response:
    headers = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
    return HTMLResponse("Too Many Requests", 429, headers)


def _to_login(_: FaultOrder, path: str) -> Response:
    return RedirectResponse(f"{_base(path)}/LdapLogin?ReturnUrl={path}", 302)


def _huge(fault: FaultOrder, path: str) -> Response:
    return StreamingResponse(_filling(path, fault.megabytes * 1024 * 1024), media_type=_media_type(path))


_REPLACEMENTS: dict[FaultKind, Callable[[FaultOrder, str], Response]] = {
    "rate-limited": _rate_limited,
    "redirect": lambda fault, _: RedirectResponse(fault.location, 302),
    "login-redirect": _to_login,
    "session-expired": _to_login,
    "login-page": lambda _, path: HTMLResponse(login_page(_base(path), "made-up")),
    "null": lambda *_: Response("null", media_type="application/json; charset=utf-8"),
    "server-error": lambda *_: HTMLResponse(error_page(), 500),
    "unauthorized": lambda *_: HTMLResponse("Unauthorized", 401),
    "forbidden": lambda *_: HTMLResponse("Forbidden", 403),
    "not-found": lambda *_: HTMLResponse(_NOT_FOUND, 404),
    "entity-bomb": lambda *_: Response(_ENTITY_BOMB.encode(), media_type="text/xml"),
    "huge": _huge,
}


def _base(path: str) -> str:
    """The path of the Calendar site a request goes to; empty elsewhere."""
    parts = path.split("/")
    return "/".join(parts[:3]) if path.startswith("/calendar/") else ""


def _media_type(path: str) -> str:
    types = {"xml": "text/xml", "ics": "text/calendar", "aspx": "text/html"}
    return types.get(path.rpartition(".")[2], "application/json")


async def _filling(path: str, size: int) -> AsyncIterator[bytes]:
    """A well-formed answer of `size` bytes or a little more, without a length that would betray it."""
    frames = {
        "text/xml": (
            b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>\r\n<timetable>',
            b"<!-- -->\r\n",
            b"</timetable>",
        ),
        "text/calendar": (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", b"X-FILL:1\r\n", b"END:VCALENDAR\r\n"),
        "text/html": (b"<html><body>", b"<p></p>\r\n", b"</body></html>"),
        "application/json": (b"[", b" \r\n", b"]"),
    }
    head, filling, tail = frames[_media_type(path)]
    block = filling * (_CHUNK // len(filling))
    yield head
    for _ in range(-(-size // len(block))):
        yield block
    yield tail
