"""What to try first, with ids that exist."""

from datetime import datetime

import httpx

from carillon_local.first_import import items

_GROUPS_TRIED = 20


async def to_try(client: httpx.AsyncClient, address: str, now: datetime) -> list[tuple[str, str]]:
    """Addresses and what each shows; `now` is in the institution's zone."""
    shown = [("the APIs, described", f"{address}/docs"), ("the entry point of the REST API", f"{address}/api/")]
    group = await _group_with_courses(client, address)
    if group is not None:
        path = f"{address}/api/groups/{group['id']}/courses/weeks/current/"
        shown.append((f"the current week of {group['name']}", path))
    shown.append(
        ("the rooms without a course this afternoon", f"{address}/api/rooms/qsjps/{now:%Y-%m-%d}/14:00/16:00/")
    )
    return shown


async def _group_with_courses(client: httpx.AsyncClient, address: str) -> dict[str, object] | None:
    groups = [group for group in await items(client, f"{address}/api/groups/") if not group["hidden"]]
    for group in groups[:_GROUPS_TRIED]:
        if await items(client, f"{address}/api/groups/{group['id']}/courses/weeks/current/"):
            return group
    return groups[0] if groups else None
