"""Installed on a device, the pages show the last seen weeks without a network, and say so."""

import httpx
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


async def test_the_manifest_names_icons_that_are_there(institution) -> None:
    async with httpx.AsyncClient(base_url=institution.url) as client:
        manifest = (await client.get("/manifest.webmanifest")).json()
        assert manifest["start_url"] == "/"
        assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}
        for icon in manifest["icons"]:
            answer = await client.get(icon["src"])
            assert (answer.status_code, answer.headers["content-type"]) == (200, icon["type"])
