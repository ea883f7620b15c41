"""What changed: before and after, live, and on the week's page."""

from datetime import datetime

import httpx
import pytest
from carillon_servers import eventually
from playwright.async_api import expect

GROUP = "L2 INFO s1 CMA"


@pytest.fixture(scope="module")
def meetings(institution) -> list[dict]:
    """A week's courses of the group, with the simulator's key of each."""
    week = institution.busiest_week(institution.group(GROUP))
    truth = httpx.get(f"{institution.simulator}/truth.json", timeout=30).json()["meetings"]
    keys = {(one["begin"][:16], group): one["key"] for one in truth for group in one["groups"]}
    return [
        {**course, "key": keys[course["begin"][:16], GROUP]} for course in week if (course["begin"][:16], GROUP) in keys
    ]


async def test_a_move_and_a_cancellation_arrive_by_themselves_and_mark_the_week(visitor, institution, meetings) -> None:
    moved, cancelled = meetings[0], meetings[1]
    group = institution.group(GROUP)
    page = await visitor.device()
    await page.goto(f"/changes/?group={group}")
    await expect(page.get_by_text("En direct")).to_be_visible()
    institution.order(f"events/{moved['key']}/move", {"begin": "18:05", "end": "19:35"})
    change = page.locator(".change.kind-moved", has_text=moved["name"]).first
    await expect(change).to_be_visible(timeout=20_000)
    old = datetime.fromisoformat(moved["begin"])
    await expect(change.locator("del")).to_contain_text(f"{old.hour}\N{NO-BREAK SPACE}h")
    await expect(change.locator("ins")).to_contain_text("18\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}05")
    institution.order(f"events/{cancelled['key']}/delete")
    await expect(page.locator(".change.kind-cancelled", has_text=cancelled["name"]).first).to_be_visible(timeout=20_000)
    await visitor.picture(page, "changes")

    await page.goto(f"/groups/{group}/?date={moved['begin'][:10]}&view=list")
    row = page.locator(f"#course-{moved['id']}")
    await expect(row.locator(".flag")).to_have_text("Déplacé")
    await expect(row.locator(".was")).to_contain_text(moved["begin"][11:16])
    row = page.locator(f"#course-{cancelled['id']}")
    await expect(row.locator(".flag")).to_have_text("Annulé")
    await page.get_by_role("link", name="Semaine", exact=True).click()
    await expect(page.locator(".ec-event.is-cancelled").first).to_contain_text("Annulé")
    await visitor.picture(page, "marked-week")


async def test_the_page_follows_again_after_an_error_at_which_a_browser_gives_up(visitor, institution) -> None:
    page = await visitor.device()
    await page.clock.install()
    stream = "**/api/changes/stream/**"
    await page.route(stream, lambda route: route.fulfill(status=503))
    await page.goto(f"/changes/?group={institution.group(GROUP)}")
    await expect(page.locator("[data-stream-state]")).to_have_attribute("data-state", "away")
    assert "503" in visitor.complaints.pop()
    await page.unroute(stream)
    await page.clock.run_for(5_000)
    await expect(page.get_by_text("En direct")).to_be_visible()


async def test_without_scripts_the_changes_are_a_list(visitor, institution, meetings) -> None:
    institution.order(f"events/{meetings[2]['key']}/rooms", {"rooms": ["Amphi LOVELACE (2A)"]})
    page = await visitor.device("phone", scheme="dark", scripts=False)
    change = page.locator(".change.kind-room", has_text=meetings[2]["name"]).first

    async def is_listed() -> bool:
        await page.goto(f"/changes/?group={institution.group(GROUP)}")
        return await change.count() > 0

    await eventually(is_listed, 20, 0.5)
    await expect(change.locator("ins")).to_contain_text("Amphi LOVELACE (2A)")
    await visitor.picture(page, "list")
    await page.get_by_role("link", name="Avec les nouveaux cours").click()
    assert await page.locator(".change.kind-added").count() > 10


async def test_an_atom_feed_is_offered_for_the_same_group(visitor, institution) -> None:
    page = await visitor.device(scripts=False)
    await page.goto(f"/changes/?group={institution.group(GROUP)}")
    address = await page.get_by_role("link", name="Atom").get_attribute("href")
    assert institution.stack.get(address).headers["content-type"].startswith("application/atom+xml")
