"""What holds for each page: accessible, light, local, without overflow, whole in both appearances and languages."""

import gzip
import re

import httpx
import pytest

BUDGET = 75_000
CALM = "document.fonts.ready.then(() => document.getAnimations().forEach(one => one.finish()))"
LONG_NAMES = """() => {
    const names = 'main h1, main li a, main td a, main tbody th a, main .name, main .event-name, main .type, main .picked label';
    for (const one of document.querySelectorAll(names)) one.append('x'.repeat(150));
}"""
SERIOUS = """async () => {
    const found = await axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'],
    });
    return found.violations.filter(one => one.impact !== 'minor').map(one => `${one.impact}: ${one.id}: ${one.nodes.map(node => node.html).slice(0, 3).join(' | ')}`);
}"""


@pytest.fixture(scope="module")
def pages(institution) -> dict[str, str]:
    """Every kind of page, by name."""
    group, room = institution.group("L1 MI s1 TPA22"), institution.room("Amphi LOVELACE (2A)")
    week = institution.busiest_week(group)
    day = week[0]["begin"][:10]
    return {
        "home": "/",
        "search": "/search/?q=amphi",
        "timetable": "/timetables/1/",
        "week": f"/groups/{group}/?date={day}&view=week&with=group-{institution.group('M1 INF-DL s1 CMA')}",
        "list": f"/groups/{group}/?date={day}&view=list",
        "details": f"/groups/{group}/?date={day}&view=day#course-{week[0]['id']}",
        "unknown-week": f"/groups/{group}/?date=2150-03-02",
        "room": f"/rooms/{room}/?date={day}",
        "free": f"/rooms/free/?date={day}&time=10:00&for=90m",
        "unknown-rooms": "/rooms/free/?date=2150-03-02&time=10:00",
        "changes": "/changes/?added=true",
        "calendars": f"/calendars/?group={group}",
        "personal": f"/calendars/personal/?group={group}&find=TPA&rule_action=exclude&rule_aspect=type&rule_value=TD",
        "sources": "/sources/",
        "door": f"/rooms/{room}/door/",
        "offline": "/offline/",
        "problem": "/problems/not-found",
    }


@pytest.mark.parametrize(
    "device",
    [
        {"size": "phone", "scheme": "dark", "language": "fr-FR"},
        {"size": "desktop", "scheme": "light", "language": "en-GB"},
    ],
    ids=lambda device: "-".join(device.values()),
)
async def test_axe_finds_nothing(visitor, pages, axe, device) -> None:
    """Minor remarks aside: the calendar makes a button of an article, which it may not, and no harm comes of it."""
    page = await visitor.device(**device, reduced_motion="reduce")
    found = {}
    for name, path in pages.items():
        await page.goto("about:blank")
        await page.goto(path, wait_until="load")
        await page.evaluate(CALM)
        await page.evaluate(axe)
        found |= {name: problems} if (problems := await page.evaluate(SERIOUS)) else {}
        await visitor.picture(page, name)
    assert found == {}


async def test_on_a_narrow_screen_nothing_sticks_out_and_scripts_and_styles_stay_within_the_budget(
    visitor, pages
) -> None:
    page = await visitor.device("narrow")
    asked: set[str] = set()
    page.context.on(
        "request", lambda request: asked.add(request.url) if request.resource_type in ("script", "stylesheet") else None
    )
    too_wide, weights = {}, {}
    async with httpx.AsyncClient() as client:
        for name, path in pages.items():
            await page.goto("about:blank")
            asked.clear()
            await page.goto(path, wait_until="load")
            beyond = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            too_wide |= {name: beyond} if beyond > 0 else {}
            await page.evaluate(LONG_NAMES)
            beyond = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            too_wide |= {f"{name} with long names": beyond} if beyond > 0 else {}
            weights[name] = sum([len(gzip.compress((await client.get(url)).content)) for url in asked])
    assert too_wide == {}
    assert max(weights.values()) < BUDGET, weights
    assert weights["week"] > 40_000, "the calendar was not counted"


async def test_no_page_has_a_script_or_style_inside_and_each_forbids_them(pages, institution) -> None:
    async with httpx.AsyncClient(base_url=institution.url, headers={"Accept": "text/html"}) as client:
        for path in [*pages.values(), "/no/such/page"]:
            answer = await client.get(path)
            policy = answer.headers["content-security-policy"]
            assert policy.startswith("default-src 'self'")
            assert "unsafe" not in policy
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", answer.text), path
            assert "https://" not in re.sub(r'href="https://(calendar\.google|outlook\.live)[^"]*"', "", answer.text), (
                path
            )


async def test_everything_is_said_in_english_too(pages, institution) -> None:
    """No French word of the frame is left, and the language is declared."""
    async with httpx.AsyncClient(base_url=institution.url, headers={"Accept-Language": "en"}) as client:
        for path in pages.values():
            answer = await client.get(path)
            assert '<html lang="en"' in answer.text
            assert answer.headers["content-language"] == "en"
            words = re.sub(r"<[^>]+>", " ", answer.text).replace("Français", "")
            french = re.findall(
                r"\b(?:semaine|salle|aucun|cours de|jusqu’|libre|emploi du temps)\b", words, re.IGNORECASE
            )
            assert french == [], path


async def test_an_unknown_address_is_a_page_for_people_and_a_problem_for_programs(institution) -> None:
    async with httpx.AsyncClient(base_url=institution.url) as client:
        for path in ("/no/such/page", "/groups/999999/", "/rooms/999999/", "/groups/99999999999999999999/", "/changes/?group=999999"):  # fmt: skip
            for accept, kind in (("text/html", "text/html"), ("*/*", "application/problem+json")):
                answer = await client.get(path, headers={"Accept": accept})
                assert answer.status_code == 404, path
                assert answer.headers["content-type"].startswith(kind), path
