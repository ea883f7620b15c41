"""What to try first, with ids that exist."""

from datetime import date, datetime, timedelta

import httpx

from carillon_local.first_import import items

_GROUPS_TRIED = 20
_SATURDAY = 5


async def to_try(client: httpx.AsyncClient, address: str, now: datetime) -> list[tuple[str, str]]:
    """Addresses and what each shows; `now` is in the institution's zone."""
    shown = [("the APIs, described", f"{address}/docs"), ("the entry point of the REST API", f"{address}/api/")]
    group = await _group_with_courses(client, address)
    if group is not None:
        path = f"{address}/api/groups/{group['id']}/courses/weeks/current/"
        shown.append((f"the current week of {group['name']}", path))
    day = _working_day(now)
    shown.append((f"the rooms that are free on {day}", f"{address}/api/rooms/qsjps/{day}/14:00/16:00/"))
    return shown


def _working_day(now: datetime) -> date:
    """Today, or the Monday after a week-end: a day on which rooms are in use."""
    days = 7 - now.weekday() if now.weekday() >= _SATURDAY else 0
    return now.date() + timedelta(days=days)


async def _group_with_courses(client: httpx.AsyncClient, address: str) -> dict[str, object] | None:
    groups = [group for group in await items(client, f"{address}/api/groups/") if not group["hidden"]]
    for group in groups[:_GROUPS_TRIED]:
        if await items(client, f"{address}/api/groups/{group['id']}/courses/weeks/current/"):
            return group
    return groups[0] if groups else None
