"""What to try first, with ids that exist."""

from datetime import date, datetime, timedelta

import httpx

from carillon_local.first_import import items

_GROUPS_TRIED = 20
_SATURDAY = 5


async def to_try(client: httpx.AsyncClient, address: str, now: datetime) -> list[tuple[str, str]]:
    """Addresses and what each shows; `now` is in the institution's zone."""
    shown = [("the APIs, described", f"{address}/docs"), ("the entry point of the REST API", f"{address}/api/")]
    for group in (await items(client, f"{address}/api/groups/"))[:_GROUPS_TRIED]:
        week = f"{address}/api/groups/{group['id']}/courses/weeks/current/"
        if await items(client, week):
            shown.append((f"the current week of {group['name']}", week))
            break
    else:
        shown.append(("the courses of all groups", f"{address}/api/courses/"))
    day = _working_day(now)
    shown.append((f"the rooms that are free on {day}", f"{address}/api/rooms/qsjps/{day}/14:00/16:00/"))
    return shown


def _working_day(now: datetime) -> date:
    """Today, or the Monday after a week-end: a day on which rooms are in use."""
    days = 7 - now.weekday() if now.weekday() >= _SATURDAY else 0
    return now.date() + timedelta(days=days)
