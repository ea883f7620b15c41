"""Installed on a device, the pages show the last seen weeks without a network, and say so."""

import httpx
from carillon_servers import eventually
from playwright.async_api import expect


async def test_a_week_that_was_seen_is_shown_again_and_others_are_not_made_up(visitor, institution) -> None:
    group = institution.group("L1 MI s1 TPA22")
    page = await visitor.device("phone", workers="allow")
    await page.goto("/")
    await page.evaluate("navigator.serviceWorker.ready")
    await page.goto(f"/groups/{group}/?view=list")
    await page.reload()
    names = await page.locator("h1").inner_text()
    visitor.is_offline = True
    await page.context.set_offline(True)
    await page.reload()
    await expect(page.locator("h1")).to_have_text(names)
    await expect(page.locator(".notice.offline")).to_be_visible()
    await visitor.picture(page, "kept-week")
    for never_kept in ("/rooms/free/", "/groups/2/"):
        await page.goto(never_kept)
        await expect(page.get_by_role("heading", level=1)).to_have_text("Pas de réseau")
        assert await page.locator(".room-card").count() == 0
    await expect(page.locator("[data-mine]").get_by_role("link", name="L1 MI s1 TPA22")).to_be_visible()


async def test_the_first_page_ever_opened_is_kept_too_in_every_view_of_its_week(visitor, institution) -> None:
    group = institution.group("L1 MI s1 TPA22")
    page = await visitor.device("phone", workers="allow")
    await page.goto(f"/groups/{group}/?date=2026-11-24")
    kept = (
        "caches.open('pages-1').then(store => store.keys()).then(all => all.some(one => one.url.includes('/groups/')))"
    )
    await eventually(lambda: page.evaluate(kept), 20, 0.1)
    visitor.is_offline = True
    await page.context.set_offline(True)
    for query in ("?date=2026-11-26&view=list", "?view=day&date=2026-11-23"):
        await page.goto(f"/groups/{group}/{query}")
        await expect(page.locator("h1")).to_contain_text("L1 MI s1 TPA22")
        await expect(page.locator("[data-view-link][aria-current]").first).to_have_attribute(
            "data-view-link", "list" if "list" in query else "day"
        )
    await page.goto(f"/groups/{group}/?date=2026-11-30")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Pas de réseau")
    await page.goto("/")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("prochain cours")


async def test_the_manifest_names_icons_that_are_there(institution) -> None:
    async with httpx.AsyncClient(base_url=institution.url) as client:
        manifest = (await client.get("/manifest.webmanifest")).json()
        assert manifest["start_url"] == "/"
        assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}
        for icon in manifest["icons"]:
            answer = await client.get(icon["src"])
            assert (answer.status_code, answer.headers["content-type"]) == (200, icon["type"])
