"""Days and weeks: impossible ones, clock changes, midnight, week-ends, and years of 53 weeks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from carillon_servers import new_database
from timetable_rest import opened

PARIS = ZoneInfo("Europe/Paris")
YEAR = {"year": "Rentrez une année valide"}
MONTH = {"month": "Rentrez un mois valide"}
DAY = {"day": "Numéro de jour invalide pour le mois"}
WEEK = {"week": "Rentrez une semaine valide"}


@pytest.fixture(scope="module")
async def empty(postgresql_url, migrated_template):
    """A group and a room without courses."""
    async with new_database(postgresql_url, migrated_template) as url, opened(url) as rest:
        async with rest.building() as builder:
            source = await builder.source()
            await builder.group("L1", source)
            await builder.room("A1")
        yield rest


@pytest.fixture
async def timetable(rest):
    """Gives a function that adds an hour's course at a time of Paris, for group 1 in room 1."""
    async with rest.building() as builder:
        source = await builder.source()
        await builder.group("L1", source)
        await builder.room("A1")

    async def add(begin: str, minutes: int = 60) -> int:
        start = datetime.fromisoformat(begin).replace(tzinfo=PARIS).astimezone(UTC)
        async with rest.building() as builder:
            return await builder.course(source, start, start + timedelta(minutes=minutes), [1], [1])

    rest.add = add
    return rest


@pytest.mark.parametrize("owner", ["groups", "rooms"])
@pytest.mark.parametrize(
    ("path", "errors"),
    [
        ("days/2018/111/22", MONTH),
        ("days/2018/11/33", DAY),
        ("days/2018/111/33", MONTH | DAY),
        ("days/2018/0/0", MONTH | DAY),
        ("days/2018/2/29", DAY),
        ("days/2018/4/31", DAY),
        ("days/0/1/1", YEAR),
        ("days/10000/13/32", YEAR | MONTH | DAY),
        ("days/10000/2/29", YEAR),
        ("days/99999999999999999999999/2/30", YEAR | DAY),
        ("weeks/2018/111", WEEK),
        ("weeks/2018/0", WEEK),
        ("weeks/2018/53", WEEK),
        ("weeks/0/53", YEAR),
        ("weeks/0/54", YEAR | WEEK),
        ("weeks/2018/99999999999999999999999", WEEK),
    ],
)
async def test_an_impossible_date_is_told_with_all_its_errors(empty, owner, path, errors):
    answer = await empty.get(f"/api/{owner}/1/courses/{path}/")
    assert (answer.status_code, answer.json()) == (400, errors)
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("owner", ["groups", "rooms"])
@pytest.mark.parametrize(
    "path",
    [
        "days/2018/11/x",
        "days/x/11/1",
        "days/2018/-1/1",
        "days/2018/1.5/1",
        "days/2018/٣/1",
        "weeks/2018/x",
        "weeks/x/1",
    ],
)
async def test_what_is_not_a_number_is_not_found(empty, owner, path):
    answer = await empty.get(f"/api/{owner}/1/courses/{path}/")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["days/2/1/1", "days/9998/12/31", "weeks/2/1", "weeks/9998/52", "days/2020/02/29"])
async def test_the_ends_of_the_calendar_are_possible(empty, path):
    assert await empty.json(f"/api/groups/1/courses/{path}/") == []


async def test_week_53_is_there_in_2026_and_reaches_into_2027(timetable):
    last = await timetable.add("2026-12-28T00:00")
    new_year = await timetable.add("2027-01-03T23:59")
    await timetable.add("2027-01-04T00:00")
    assert await timetable.ids("/api/groups/1/courses/weeks/2026/53/") == [last, new_year]
    assert (await timetable.get("/api/groups/1/courses/weeks/2027/53/")).status_code == 400
    weeks = await timetable.json("/api/groups/1/courses/weeks/")
    assert weeks == ["2026-12-28T00:00:00+01:00", "2027-01-04T00:00:00+01:00"]


async def test_a_course_belongs_to_the_day_and_week_in_which_it_begins(timetable):
    sunday_night = await timetable.add("2026-11-22T23:00", 120)
    monday = await timetable.add("2026-11-23T00:00")
    for owner in ("groups", "rooms"):
        path = f"/api/{owner}/1/courses"
        assert await timetable.ids(f"{path}/days/2026/11/22/") == [sunday_night]
        assert await timetable.ids(f"{path}/days/2026/11/23/") == [monday]
        assert await timetable.ids(f"{path}/weeks/2026/47/") == [sunday_night]
        assert await timetable.ids(f"{path}/weeks/2026/48/") == [monday]


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2026-03-29", "2026-03-29T00:30:00+01:00", "2026-03-29T23:30:00+02:00"),
        ("2026-10-25", "2026-10-25T00:30:00+02:00", "2026-10-25T23:30:00+01:00"),
    ],
)
async def test_a_day_on_which_the_clocks_change_is_whole(timetable, day, first, last):
    await timetable.add((datetime.fromisoformat(day) - timedelta(minutes=1)).isoformat())
    await timetable.add(f"{day}T00:30")
    await timetable.add(f"{day}T23:30")
    await timetable.add((datetime.fromisoformat(day) + timedelta(days=1)).isoformat())
    shown = await timetable.json(f"/api/groups/1/courses/days/{day.replace('-', '/')}/")
    assert [course["begin"] for course in shown] == [first, last]


@pytest.mark.parametrize(
    ("now", "day", "week"),
    [
        ("2026-11-20T22:59:59+00:00", "friday", "this week"),
        ("2026-11-20T23:00:00+00:00", None, "next week"),
        ("2026-11-22T22:59:59+00:00", None, "next week"),
        ("2026-11-22T23:00:00+00:00", "monday", "next week"),
    ],
)
async def test_current_is_of_the_institution_and_on_a_week_end_the_next_week(timetable, now, day, week):
    names = {
        await timetable.add("2026-11-20T08:00"): "friday",
        await timetable.add("2026-11-23T08:00"): "monday",
    }
    weeks = {"friday": "this week", "monday": "next week"}
    timetable.clock["now"] = datetime.fromisoformat(now)
    for owner in ("groups", "rooms"):
        path = f"/api/{owner}/1/courses"
        assert [names[i] for i in await timetable.ids(f"{path}/days/current/")] == ([day] if day else [])
        assert [weeks[names[i]] for i in await timetable.ids(f"{path}/weeks/current/")] == [week]


async def test_an_institution_overseas_has_its_own_days(migrated_database, tmp_path):
    sources = tmp_path / "sources.toml"
    sources.write_text('[institution]\nname = "UA"\ntimezone = "America/Martinique"\n')
    async with opened(migrated_database, sources=sources) as rest:
        async with rest.building() as builder:
            source = await builder.source()
            group = await builder.group("L1", source)
            evening = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
            await builder.course(source, evening, evening + timedelta(hours=1), [group])
        (course,) = await rest.json("/api/groups/1/courses/days/2026/11/23/")
        assert course["begin"] == "2026-11-23T21:00:00-04:00"
        assert await rest.json("/api/groups/1/courses/weeks/") == ["2026-11-23T00:00:00-04:00"]


@pytest.mark.parametrize("zone", ["Europe/Paris", "Pacific/Marquesas", "America/Miquelon", "Pacific/Noumea"])
@pytest.mark.parametrize("at", ["2018-12-05T23:30:00+00:00", "2018-07-01T10:00:00.000120+00:00"])
async def test_times_are_the_institutions_as_python_writes_them(migrated_database, tmp_path, zone, at):
    sources = tmp_path / "sources.toml"
    sources.write_text(f'[institution]\nname = "UPF"\ntimezone = "{zone}"\n')
    begin = datetime.fromisoformat(at)
    local = begin.astimezone(ZoneInfo(zone))
    async with opened(migrated_database, sources=sources) as rest:
        async with rest.building() as builder:
            source = await builder.source()
            group = await builder.group("L1", source)
            await builder.course(source, begin, begin + timedelta(hours=1), [group])
        (course,) = await rest.json("/api/courses/")
        assert (course["begin"], course["end"]) == (local.isoformat(), (local + timedelta(hours=1)).isoformat())
        monday = (local - timedelta(days=local.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
        assert await rest.json("/api/groups/1/courses/weeks/") == [monday.isoformat()]
