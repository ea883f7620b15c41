"""Atom feeds of changes, as `feedparser` reads them: whole, stable, quiet if wanted, in French or English."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import feedparser
import pytest
from carillon_timetable_api.changes import atom_routes
from carillon_timetable_api.ingest import Ingest
from snapshots import NOON, course, day_of, observed

PARIS = ZoneInfo("Europe/Paris")
CMA, TPA11 = "L1 PS s1 CMA", "L1 PS s1 TPA11"
A_DAY = 24 * 60


@pytest.fixture
async def ingest(rest):
    rest.clock["now"] = NOON + timedelta(hours=1)
    return Ingest(rest.engine, PARIS)


async def feed(rest, path: str = "/api/groups/1/changes.atom", headers=None, **parameters):
    answer = await rest.get(path, params=parameters, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    read = feedparser.parse(answer.content, response_headers={"content-type": answer.headers["content-type"]})
    assert not read.bozo, read.bozo_exception
    assert read.version == "atom10"
    return read


def titles(read) -> list[str]:
    return [entry.title.replace("\N{NO-BREAK SPACE}", " ") for entry in read.entries]


async def test_a_feed_tells_the_newest_change_first_with_before_and_after(rest, ingest) -> None:
    await ingest(observed(course()))
    await ingest(observed(course(hour=10), at=1))
    read = await feed(rest)
    assert read.feed.title == "Changements – L1 PS s1 TDA1"
    assert titles(read) == [
        "Déplacé : EPMAS1D1 - Algèbre, mardi 17 novembre 9 h → 11 h, U2-217",
        "Ajouté : EPMAS1D1 - Algèbre, mardi 17 novembre 9 h – 11 h, U2-217",
    ]
    moved = read.entries[0]
    assert moved.updated == "2026-11-21T13:01:00+01:00" == read.feed.updated
    assert (moved.tags[0].term, moved.tags[0].label) == ("moved", "Déplacé")
    assert "mardi 17 novembre 9 h – 11 h → mardi 17 novembre 11 h – 13 h" in moved.content[0].value.replace("\xa0", " ")
    (link,) = (link.href for link in read.feed.links if link.rel == "self")
    assert link == "http://testserver/api/groups/1/changes.atom"
    (change,) = (await rest.json(moved.link))["results"]
    assert change["kind"] == "moved"


async def test_an_entry_s_id_never_changes_whatever_language_parameters_or_host(rest, ingest) -> None:
    await ingest(observed(course()))
    first = (await feed(rest)).entries[0].id
    await ingest(observed(course(hour=10), at=1))
    seen = [await feed(rest), await feed(rest, kind="added"), await feed(rest, lang="en")]
    seen.append(await feed(rest, headers={"Host": "edt.example.fr"}))
    seen.append(await feed(rest, "/api/rooms/1/changes.atom"))
    assert {read.entries[-1].id for read in seen} == {first}
    assert seen[0].feed.id == seen[2].feed.id == seen[3].feed.id
    assert len({read.feed.id for read in seen}) == 3
    assert len({entry.id for entry in seen[0].entries}) == 2


async def test_the_language_is_the_reader_s(rest, ingest) -> None:
    await ingest(observed(course()))
    english = await feed(rest, headers={"Accept-Language": "en-GB"})
    assert titles(english) == ["Added: EPMAS1D1 - Algèbre, Tuesday 17 November 9:00 – 11:00, U2-217"]
    assert titles(await feed(rest, lang="en")) == titles(english)
    assert titles(await feed(rest, lang="fr", headers={"Accept-Language": "en"}))[0].startswith("Ajouté")
    answer = await rest.get("/api/groups/1/changes.atom", headers={"Accept-Language": "en"})
    assert (answer.headers["content-language"], "Accept-Language" in answer.headers["vary"]) == ("en", True)


async def test_groups_have_their_parents_changes_rooms_and_timetables_their_own(rest, ingest) -> None:
    await ingest(
        observed(
            course("1:2026-11-16", name="CM", groups=(CMA,), rooms=("U1",)),
            course("2:2026-11-16", name="TP", groups=(TPA11,), rooms=("U2",)),
        )
    )
    ids = {group["name"]: group["id"] for group in await rest.json("/api/groups/")}
    rooms = {room["name"]: room["id"] for room in await rest.json("/api/rooms/")}

    async def names(path: str, **parameters) -> set[str]:
        return {title.split(" : ")[1].split(",")[0] for title in titles(await feed(rest, path, **parameters))}

    assert await names(f"/api/groups/{ids[TPA11]}/changes.atom") == {"CM", "TP"}
    assert await names(f"/api/groups/{ids[TPA11]}/changes.atom", parents="false") == {"TP"}
    assert await names(f"/api/rooms/{rooms['U1']}/changes.atom") == {"CM"}
    assert await names("/api/timetables/1/changes.atom") == {"CM", "TP"}


async def test_kind_and_horizon_leave_out_what_is_not_wanted(rest, ingest) -> None:
    rest.clock["now"] = datetime(2026, 11, 16, tzinfo=UTC)
    await ingest(observed(course(), course("8:2026-11-16", day_of("2026-W47", 6), name="Dimanche")))
    await ingest(observed(course(hour=10), course("8:2026-11-16", day_of("2026-W47", 6), name="Dimanche"), at=1))
    assert len(titles(await feed(rest))) == 3
    assert len(titles(await feed(rest, kind="moved"))) == 1
    assert not any("Dimanche" in title for title in titles(await feed(rest, horizon=3)))


async def test_a_digest_has_one_entry_a_course_and_day_which_keeps_its_id(rest, ingest) -> None:
    await ingest(observed(course()))
    (morning,) = (await feed(rest, digest="true")).entries
    await ingest(observed(course(hour=10), at=1))
    (noon,) = (await feed(rest, digest="true")).entries
    assert (morning.id, noon.tags[0].term) == (noon.id, "added")
    assert noon.updated > morning.updated
    rest.clock["now"] = NOON + timedelta(days=1, hours=1)
    await ingest(observed(course(hour=14), at=A_DAY))
    next_day, yesterday = (await feed(rest, digest="true")).entries
    assert (next_day.tags[0].term, yesterday.id, yesterday.title) == ("moved", noon.id, noon.title)
    await ingest(observed(course(hour=10), at=A_DAY + 1))
    assert [entry.id for entry in (await feed(rest, digest="true")).entries] == [noon.id]


async def test_a_digest_leaves_out_a_day_of_which_it_could_tell_but_a_part(rest, ingest, monkeypatch) -> None:
    monkeypatch.setattr(atom_routes, "_MOST_DIGESTED", 2)
    rest.clock["now"] = NOON + timedelta(days=1, hours=1)
    for at, hour in ((0, 8), (1, 9), (2, 10), (A_DAY, 11)):
        await ingest(observed(course(hour=hour), at=at))
    (only,) = titles(await feed(rest, digest="true"))
    assert only.startswith("Déplacé : EPMAS1D1 - Algèbre, mardi 17 novembre 11 h → 12 h")


async def test_an_unchanged_feed_is_not_sent_again(rest, ingest) -> None:
    await ingest(observed(course()))
    first = await rest.get("/api/groups/1/changes.atom")
    known = {"If-None-Match": first.headers["etag"]}
    assert not first.headers["etag"].startswith("W/")
    assert (await rest.get("/api/groups/1/changes.atom", headers=known)).status_code == 304
    await ingest(observed(course(hour=9), at=1))
    assert (await rest.get("/api/groups/1/changes.atom", headers=known)).status_code == 200
    assert (await rest.client.head("/api/groups/1/changes.atom")).content == b""


async def test_at_most_a_hundred_of_the_last_sixty_days_are_told(rest, ingest) -> None:
    await ingest(observed(*(course(f"{n}:2026-11-16", name=f"Cours {n}") for n in range(104))))
    read = await feed(rest)
    assert len(read.entries) == 100
    rest.clock["now"] = NOON + timedelta(days=61)
    assert (await feed(rest)).entries == []


async def test_names_are_told_as_they_are_even_if_they_look_like_markup(rest, ingest) -> None:
    await ingest(observed(course(name='<b>R&D</b> "x"\x0b]]>', notes="1 < 2\n\x1f")))
    (entry,) = (await feed(rest)).entries
    assert entry.title_detail.type == "text/plain"
    assert '<b>R&D</b> "x"\N{REPLACEMENT CHARACTER}]]>' in entry.title
    assert "1 &lt; 2\n\N{REPLACEMENT CHARACTER}" in entry.content[0].value


@pytest.mark.parametrize("of", ["groups", "rooms", "timetables"])
async def test_what_is_not_there_and_what_makes_no_sense_is_refused(rest, ingest, of) -> None:
    await ingest(observed(course()))
    assert (await rest.get(f"/api/{of}/99/changes.atom")).status_code == 404
    assert (await rest.get(f"/api/{of}/{10**30}/changes.atom")).status_code == 404
    for wrong in ({"kind": "eaten"}, {"horizon": 0}, {"lang": "de"}, {"grup": 1}):
        answer = await rest.get(f"/api/{of}/1/changes.atom", params=wrong)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
