"""A source that fails: said on the page of the sources and wherever its courses are shown; a later file sees it too."""

import httpx
from carillon_servers import eventually
from playwright.async_api import expect


async def test_a_source_that_fails_says_so_where_its_courses_are_shown(visitor, institution) -> None:
    page = await visitor.device("phone")
    await page.goto("/sources/")
    assert await page.locator(".source").count() == len(institution.every("sources/"))
    await visitor.picture(page, "well", full=True)
    timetable = next(one for one in institution.every("timetables/") if one["name"] == "M2 INF-DL")
    url = next(source["url"] for source in institution.every("sources/") if source["id"] == timetable["source"])
    order = {"kind": "server-error", "path": "*" + url.rpartition("/")[2], "times": None}
    async with httpx.AsyncClient(base_url=institution.simulator) as office:
        (await office.post("/simulator/faults", json=order)).raise_for_status()

        async def is_told() -> bool:
            await page.goto("/sources/")
            return await page.locator(".source.is-failing").count() > 0

        await eventually(is_told, 40, 0.5)
        failing = page.locator(".source.is-failing").first
        await expect(failing).to_contain_text("En échec")
        status = institution.api(f"sources/{timetable['source']}/status/")
        assert status["last_failure"]["reason"] in await page.locator("main").inner_text()
        await visitor.picture(page, "failing")
        group = next(one for one in institution.every(f"timetables/{timetable['id']}/groups/") if not one["hidden"])
        await page.goto(f"/groups/{group['id']}/")
        await expect(page.get_by_text("Une source ne répond plus.")).to_be_visible()
        await page.goto("/rooms/free/")
        await expect(page.get_by_text("Une source ne répond plus.")).to_be_visible()
        (await office.delete("/simulator/faults")).raise_for_status()
