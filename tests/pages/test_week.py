"""The week of a group or room: a calendar with scripts, a table without, the institution's time everywhere."""

from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.async_api import Page, expect

GROUP = "L1 MI s1 TPA22"


@pytest.fixture(scope="module")
def week(institution) -> list[dict]:
    """The courses of a full week of a group, as the REST API shows them."""
    return institution.busiest_week(institution.group(GROUP))


def address(institution, week: list[dict], **query: str) -> str:
    day = datetime.fromisoformat(week[0]["begin"]).date()
    return f"/groups/{institution.group(GROUP)}/?" + "&".join(f"{k}={v}" for k, v in {"date": day, **query}.items())


def times(course: dict) -> tuple[str, str]:
    return course["begin"][11:16], course["end"][11:16]


async def shown_events(page: Page) -> list[tuple[str, str, str]]:
    """Begin, end and name of each course in the calendar that is not cancelled."""
    await expect(page.locator(".ec-event").first).to_be_visible()
    texts = await page.locator(".ec-event:not(.is-cancelled)").evaluate_all(
        "all => all.map(one => [one.querySelector('.event-time').firstChild.textContent, one.querySelector('.event-name').textContent])"
    )
    return sorted((time[:5], time[-5:], name) for time, name in ((t.strip(), n) for t, n in texts))


@pytest.mark.parametrize("zone", ["Europe/Paris", "Pacific/Auckland", "America/Martinique"])
async def test_the_calendar_shows_the_institutions_time_in_every_browser(visitor, institution, week, zone) -> None:
    page = await visitor.device(zone=zone)
    await page.goto(address(institution, week, view="week"))
    assert await shown_events(page) == sorted((*times(course), course["name"]) for course in week)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_without_scripts_the_week_is_a_table(visitor, institution, week, scheme) -> None:
    page = await visitor.device("phone", scheme=scheme, scripts=False)
    await page.goto(address(institution, week))
    rows = await page.locator("tr.course:not(.is-cancelled)").all()
    shown = [
        ((await row.locator("time").all_inner_texts()), " ".join((await row.locator(".name").inner_text()).split()))
        for row in rows
    ]
    assert shown == [([*times(course)], " ".join(course["name"].split())) for course in week]
    rooms = [room["name"] for course in week for room in course["rooms"]]
    assert await page.locator("tr.course:not(.is-cancelled) .rooms a").all_inner_texts() == rooms
    assert await page.get_by_role("table").count() == 1
    await visitor.picture(page, "table", full=True)
    await page.get_by_role("link", name="Semaine suivante").click()
    later = datetime.fromisoformat(week[0]["begin"]).date()
    monday = later - timedelta(days=later.weekday()) + timedelta(days=7)
    assert f"date={monday}" in page.url


async def test_views_and_the_day_are_in_the_address_and_keys_move_through_them(visitor, institution, week) -> None:
    page = await visitor.device()
    await page.goto(address(institution, week, view="week"))
    await shown_events(page)
    await visitor.picture(page, "week")
    await page.keyboard.press("l")
    await expect(page.locator("table.courses")).to_be_visible()
    assert "view=list" in page.url
    await page.keyboard.press("j")
    await expect(page.locator("table.courses")).to_be_hidden()
    first = datetime.fromisoformat(week[0]["begin"]).date()
    assert f"date={first}" in page.url
    await page.keyboard.press("ArrowRight")
    assert f"date={first + timedelta(days=1)}" in page.url
    await page.reload()
    assert f"date={first + timedelta(days=1)}" in page.url
    await page.keyboard.press("s")
    monday = first - timedelta(days=first.weekday())
    async with page.expect_navigation():
        await page.keyboard.press("ArrowRight")
    assert f"date={monday + timedelta(days=7)}" in page.url
    async with page.expect_navigation():
        await page.get_by_role("link", name="Aujourd’hui").click()
    shown = date.fromisoformat(page.url.partition("date=")[2][:10])
    assert timedelta(days=-1) <= shown - datetime.now(UTC).date() <= timedelta(days=3)


async def test_single_keys_can_be_switched_off(visitor, institution, week) -> None:
    page = await visitor.device()
    await page.goto(address(institution, week, view="week"))
    await shown_events(page)
    await page.get_by_text("Clavier").click()
    await page.get_by_label("Raccourcis à une touche").uncheck()
    await page.locator("h1").click()
    await page.keyboard.press("l")
    assert "view=week" in page.url
    await expect(page.locator("table.courses")).to_be_hidden()


async def test_on_a_phone_a_day_is_shown_and_a_swipe_turns_it(visitor, institution, week) -> None:
    page = await visitor.device("phone", scheme="dark")
    await page.goto(address(institution, week))
    day = datetime.fromisoformat(week[0]["begin"]).date()
    of_day = [course for course in week if course["begin"][:10] == str(day)]
    assert [name for *_, name in await shown_events(page)] == [course["name"] for course in of_day]
    await visitor.picture(page, "day")
    await page.evaluate("""() => {
        const calendar = document.querySelector('[data-calendar]');
        const at = x => [new Touch({identifier: 1, target: calendar, clientX: x, clientY: 400})];
        calendar.dispatchEvent(new TouchEvent('touchstart', {touches: at(300), changedTouches: at(300)}));
        calendar.dispatchEvent(new TouchEvent('touchend', {touches: [], changedTouches: at(100)}));
    }""")
    assert f"date={day + timedelta(days=1)}" in page.url


async def test_a_course_opens_with_its_details_and_has_an_address_of_its_own(visitor, institution, week) -> None:
    course = next(one for one in week if one["rooms"])
    page = await visitor.device("phone")
    await page.goto(address(institution, week, view="week"))
    await page.locator(".ec-event", has_text=course["name"]).first.click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("heading")).to_have_text(course["name"])
    await visitor.picture(page, "details")
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    for key in ("Enter", "Space"):
        await page.locator(".ec-event", has_text=course["name"]).first.press(key)
        await expect(dialog.get_by_role("heading")).to_have_text(course["name"])
        await expect(dialog).to_be_visible()
        await page.keyboard.press("Escape")
    await page.goto("about:blank")
    await page.goto(address(institution, week) + f"#course-{course['id']}")
    await expect(dialog).to_contain_text(course["rooms"][0]["name"])
    await expect(dialog).to_contain_text(course["begin"][11:16])


async def test_another_group_is_laid_over_the_week_and_taken_off_again(visitor, institution, week) -> None:
    other = institution.group("M1 INF-DL s1 CMA")
    page = await visitor.device(scripts=False)
    await page.goto(address(institution, week))
    alone = await page.locator("tr.course").count()
    await page.locator("summary", has_text="Superposer").click()
    await page.get_by_label("Nom du groupe ou de la salle").fill("M1 INF-DL s1 CMA")
    await page.locator("details.overlay").get_by_role("button", name="Chercher").click()
    await page.get_by_role("link", name="M1 INF-DL s1 CMA", exact=True).first.click()
    assert f"with=group-{other}" in page.url
    day = datetime.fromisoformat(week[0]["begin"]).date().isocalendar()
    of_other = institution.every(f"groups/{other}/courses/weeks/{day.year}/{day.week}/")
    both = {course["id"] for course in week} | {course["id"] for course in of_other}
    shown = await page.locator("tr.course:not(.is-cancelled)").evaluate_all(
        "all => all.map(one => Number(one.dataset.course))"
    )
    assert set(shown) == both
    await page.get_by_role("link", name="Retirer M1 INF-DL s1 CMA").click()
    assert await page.locator("tr.course").count() == alone


async def test_above_the_week_stands_the_next_course_and_leads_to_it(visitor, institution, week) -> None:
    now = datetime.now(UTC)
    to_come = [one for one in institution.every(f"groups/{institution.group(GROUP)}/courses/") if datetime.fromisoformat(one["begin"]) > now]  # fmt: skip
    soon = min(to_come, key=lambda one: (datetime.fromisoformat(one["begin"]), one["id"]))
    page = await visitor.device("phone")
    await page.goto(f"/groups/{institution.group(GROUP)}/?date=2150-03-02")
    line = page.locator(".soon")
    if datetime.fromisoformat(soon["begin"]) > now + timedelta(days=6):
        await expect(line).to_have_count(0)
        return
    await expect(line).to_contain_text("Prochain cours")
    await expect(line).to_contain_text(soon["begin"][11:16])
    await line.get_by_role("link").click()
    await expect(page.get_by_role("dialog")).to_contain_text(soon["name"])


async def test_a_day_without_courses_says_so_where_its_courses_would_be(visitor, institution, week) -> None:
    monday = datetime.fromisoformat(week[0]["begin"]).date()
    monday -= timedelta(days=monday.weekday())
    days = {str(monday + timedelta(days=number)) for number in range(5)}
    page = await visitor.device("phone")
    group = next(
        one["id"]
        for one in institution.every("groups/")
        if (on := {course["begin"][:10] for course in institution.every(f"groups/{one['id']}/courses/")} & days)
        and on != days
    )
    on = {course["begin"][:10] for course in institution.every(f"groups/{group}/courses/")}
    await page.goto(f"/groups/{group}/?date={min(days - on)}&view=day")
    await expect(page.locator(".day-empty")).to_have_text("Aucun cours")
    await page.goto(f"/groups/{group}/?date={min(days & on)}&view=day")
    await expect(page.locator(".ec-event").first).to_be_visible()
    await expect(page.locator(".day-empty")).to_be_empty()


async def test_a_rooms_week_is_its_courses(visitor, institution, week) -> None:
    room = next(room for course in week for room in course["rooms"])
    day = datetime.fromisoformat(week[0]["begin"]).date()
    expected = institution.every(f"rooms/{room['id']}/courses/weeks/{day.isocalendar().year}/{day.isocalendar().week}/")
    page = await visitor.device(scheme="dark")
    await page.goto(f"/rooms/{room['id']}/?date={day}&view=week")
    assert await shown_events(page) == sorted((*times(course), course["name"]) for course in expected)


async def test_an_unknown_week_is_not_an_empty_one(visitor, institution, week) -> None:
    page = await visitor.device(scripts=False)
    await page.goto(f"/groups/{institution.group(GROUP)}/?date=2150-03-02")
    await expect(page.get_by_text("Semaine inconnue")).to_be_visible()
    await expect(page.get_by_text("Rien de prévu")).to_have_count(0)


async def test_printing_leaves_the_week_alone_on_the_page(visitor, institution, week) -> None:
    page = await visitor.device(scheme="dark")
    await page.goto(address(institution, week, view="week"))
    await shown_events(page)
    await page.emulate_media(media="print")
    await expect(page.locator("header.site")).to_be_hidden()
    await expect(page.locator(".below")).to_be_hidden()
    await expect(page.locator(".ec-event").first).to_be_visible()
    await visitor.picture(page, "print")


@pytest.mark.parametrize("date_written", ["2026-13-45", "demain", "2026-W99", "0001-01-01"])
async def test_a_date_that_is_none_shows_the_current_week(institution, date_written) -> None:
    answer = institution.stack.get(f"/groups/{institution.group(GROUP)}/?date={date_written}&week={date_written}")
    assert answer.status_code == 200
