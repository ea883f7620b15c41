"""Parameters and dependencies that routes share."""

import re
from collections.abc import AsyncIterator
from datetime import date, datetime, time
from typing import Annotated

from carillon_kit.languages import Text
from carillon_kit.problems import bad_parameter
from carillon_pronote import Pupil
from fastapi import Depends, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BeforeValidator
from pydantic.json_schema import SkipJsonSchema

from carillon_pronote_gateway import gateway
from carillon_pronote_gateway.reading import Reader
from carillon_pronote_gateway.sessions.errors import UnknownTokenError

_bearer = HTTPBearer(auto_error=False, description="The token that signing in gave.")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def _iso(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        if _ISO.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError(Text("écrivez un jour comme 2026-11-16.", "write a day such as 2026-11-16."))


Day = Annotated[date | SkipJsonSchema[None], BeforeValidator(_iso)]
From = Annotated[Day, Query(alias="from", description="First day; today by default.")]
To = Annotated[Day, Query(alias="to", description="Last day, included; by default the first one.")]
Student = Annotated[
    str | SkipJsonSchema[None], Query(max_length=200, description="A child's name or number; by default the first.")
]
PeriodName = Annotated[
    str | SkipJsonSchema[None], Query(max_length=100, description="A period's name; by default the current trimester.")
]


async def token(credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> str:
    """The bearer token of a request."""
    if credentials is None or not credentials.credentials:
        raise UnknownTokenError
    return credentials.credentials


Token = Annotated[str, Depends(token)]


async def reader(request: Request, bearer: Token) -> AsyncIterator[Reader]:
    """The session of the token, for this request; written back before the answer leaves."""
    serving = gateway.of(request)
    async with serving.sessions.use(bearer) as held:
        yield serving.reader(held)


Reading = Annotated[Reader, Depends(reader, scope="function")]


async def pupil(reading: Reading, student: Student = None) -> Pupil | None:
    """Whom a page is asked about."""
    return reading.pupil(student)


AskedPupil = Annotated[Pupil | None, Depends(pupil, scope="function")]


async def days(reading: Reading, first: From = None, last: To = None) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last one, at the school."""
    zone = reading.session.timezone
    begin = first or reading.now.astimezone(zone).date()
    end = last or begin
    if end < begin:
        raise bad_parameter("to", Text(f"ce jour est avant le {begin}.", f"this day is before {begin}."))
    return datetime.combine(begin, time(), zone), datetime.combine(end, time.max, zone)


Days = Annotated[tuple[datetime, datetime], Depends(days, scope="function")]
