"""Free rooms: the same answer as the API gives, until when, by building, hour by hour; unknown is shown as unknown."""

import re
from datetime import datetime

import pytest
from playwright.async_api import expect


@pytest.fixture(scope="module")
def moment(institution) -> str:
    """A time at which some rooms are in use: the begin of a course that has a room."""
    week = institution.busiest_week(institution.group("L1 MI s1 TPA22"))
    return next(course["begin"][:16] for course in week if course["rooms"])


def by_state(institution, moment: str, length: str, **more: str) -> dict[str, list[str]]:
    query = "".join(f"&{name}={value}" for name, value in more.items())
    rooms = institution.api(f"rooms/free/?at={moment}&for={length}{query}")["rooms"]
    return {
        state: sorted(room["name"] for room in rooms if room["state"] == state) for state in ("free", "busy", "unknown")
    }


async def shown(page, state: str) -> list[str]:
    return sorted(await page.locator(f".room-card.is-{state} > a").all_inner_texts())


@pytest.mark.parametrize("scripts", [True, False])
async def test_the_page_says_what_the_api_says(visitor, institution, moment, scripts) -> None:
    page = await visitor.device(
        "desktop" if scripts else "phone", scheme="light" if scripts else "dark", scripts=scripts
    )
    day, time = moment.split("T")
    await page.goto(f"/rooms/free/?date={day}&time={time}&for=90m")
    expected = by_state(institution, moment, "90m")
    assert expected["free"]
    assert expected["busy"]
    assert {state: await shown(page, state) for state in expected} == expected
    await visitor.picture(page, "rooms")
    untils = await page.locator(".room-card.is-free .until strong").all_inner_texts()
    answers = institution.api(f"rooms/free/?at={moment}&for=90m&state=free")["rooms"]
    assert sorted(untils) == sorted(
        room["free_until"][11:16] for room in answers if room["free_until"][11:16] != "00:00"
    )


async def test_only_a_buildings_rooms_for_as_long_as_is_wanted(visitor, institution, moment) -> None:
    page = await visitor.device()
    day, time = moment.split("T")
    await page.goto(f"/rooms/free/?date={day}&time={time}")
    await page.get_by_label("Pendant").select_option("2h")
    await page.wait_for_url("**for=2h**")
    await page.get_by_label("Bâtiment").select_option("U1")
    await page.wait_for_url("**building=U1**")
    assert await shown(page, "free") == by_state(institution, moment, "2h", building="U1")["free"]
    await expect(page.get_by_text("Badge étudiant.").first).to_be_visible()
    assert all(name.startswith("U1-") for name in await page.locator(".room-card > a").all_inner_texts())


async def test_a_change_of_the_question_is_answered_in_place_and_nothing_is_called_free_without_a_network(
    visitor, institution
) -> None:
    page = await visitor.device("phone")
    await page.goto("/rooms/free/")
    await page.evaluate("document.documentElement.dataset.same = 'yes'")
    await page.get_by_label("Pendant").focus()
    await page.get_by_label("Pendant").select_option("30m")
    await page.wait_for_url("**for=30m**")
    await expect(page.get_by_label("Pendant")).to_be_focused()
    await page.get_by_label("Jour", exact=True).fill("2150-03-02")
    await page.wait_for_url("**date=2150-03-02**")
    await expect(page.get_by_text("Aucun emploi du temps n’est connu pour ce jour")).to_be_visible()
    assert await page.evaluate("document.documentElement.dataset.same") == "yes"
    await expect(page.get_by_text("Pas de réseau")).to_be_hidden()
    visitor.is_offline = True
    await page.context.set_offline(True)
    await page.get_by_label("Pendant").select_option("2h")
    await expect(page.get_by_text("Pas de réseau")).to_be_visible()


async def test_rooms_are_narrowed_to_what_is_typed_and_stay_so(visitor, institution) -> None:
    page = await visitor.device("phone")
    await page.goto("/rooms/free/")
    await page.get_by_label("Filtrer par nom").fill("AMPHÎ ger")
    names = [room["name"] for room in institution.every("rooms/") if room["name"].startswith("Amphi GER")]
    shown = page.locator(".room-card:visible > a, table.bars tbody tr:visible a")
    assert await shown.all_inner_texts() == names * 2
    await page.get_by_label("Pendant").select_option("3h")
    await page.wait_for_url("**for=3h**")
    await expect(page.locator(".when")).to_be_visible()
    assert await shown.all_inner_texts() == names * 2


async def test_each_room_has_its_day_from_seven_to_nine_in_the_evening(visitor, institution, moment) -> None:
    page = await visitor.device("phone", scripts=False)
    day, time = moment.split("T")
    await page.goto(f"/rooms/free/?date={day}&time={time}")
    rooms = by_state(institution, moment, "1h")["busy"]
    row = page.locator("table.bars tbody tr", has=page.get_by_role("link", name=rooms[0], exact=True))
    cells = await row.locator("td").evaluate_all("all => all.map(one => [one.className, one.colSpan])")
    assert sum(width for _, width in cells) == 14 * 12
    timeline = institution.api(f"rooms/{institution.room(rooms[0])}/timeline/?day={day}")["segments"]
    busy = [
        round((datetime.fromisoformat(one["end"]) - datetime.fromisoformat(one["begin"])).total_seconds() / 300)
        for one in timeline
        if one["state"] == "busy"
    ]
    assert [width for state, width in cells if state == "busy"] == busy


async def test_a_busy_time_leads_to_its_course(visitor, institution, moment) -> None:
    page = await visitor.device()
    day, time = moment.split("T")
    await page.goto(f"/rooms/free/?date={day}&time={time}")
    link = page.locator("table.bars td.busy a").first
    course = re.search(r"course-(\d+)", await link.get_attribute("href"))[1]
    await link.click()
    await expect(page.get_by_role("dialog").get_by_role("heading")).to_have_text(
        institution.api(f"courses/{course}/")["name"]
    )


async def test_a_day_that_no_source_spoke_for_makes_rooms_unknown_and_none_free(visitor) -> None:
    page = await visitor.device()
    await page.goto("/rooms/free/?date=2150-03-02&time=10:00")
    assert await shown(page, "free") == []
    assert await page.locator(".room-card.is-unknown").count() > 10
    await expect(page.get_by_role("heading", name="On ne sait pas")).to_be_visible()
    await expect(page.get_by_text("Aucun emploi du temps n’est connu pour ce jour")).to_be_visible()
    assert await page.locator("table.bars td.free").count() == 0
    await visitor.picture(page, "unknown")


@pytest.mark.parametrize(
    "query", ["date=demain", "time=25:99", "for=toujours", "building=Nulle+part", "date=2026-11-23%00"]
)
async def test_a_question_that_cannot_be_read_is_answered_for_now_and_says_so(institution, query) -> None:
    answer = institution.stack.get(f"/rooms/free/?{query}")
    assert answer.status_code == 422
    assert "Demande illisible" in answer.text
    assert "room-card" in answer.text
