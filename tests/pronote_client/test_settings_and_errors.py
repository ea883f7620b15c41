"""Proxies, error sentences, instances and distances."""

import inspect

import httpx
import pytest
from carillon_pronote import HttpLimits, Pronote, errors, instances, pages, proxy_from_environment
from carillon_pronote.accounts import root_of
from carillon_pronote.errors import PronoteError
from carillon_pronote.http_answers import HttpSession
from http_proxy import running_proxy


def test_the_proxy_of_the_seed_and_our_own():
    assert proxy_from_environment({}) is None
    assert proxy_from_environment({"CARILLON_HTTP_PROXY": "http://all:1"}) == "http://all:1"
    assert proxy_from_environment({"PRONOTE_API_PROXY": "http://u:p@proxy:3128"}) == "http://u:p@proxy:3128"
    three = {name: f"http://{name}" for name in ("CARILLON_HTTP_PROXY", "PRONOTE_API_PROXY")}
    three |= {"CARILLON_PRONOTE_PROXY": "socks5://new:1080"}
    assert proxy_from_environment(three) == "socks5://new:1080"


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_exchanges_go_through_the_proxy(site, scheme):
    async with running_proxy() as proxy, Pronote(proxy=f"{scheme}://{proxy.address}") as pronote:
        session = await pronote.sign_in(site.root("2025.2.8"), "demonstration", "pronotevs")
        assert (await pages.timetable.read_week(session, 12)).lessons
    assert set(proxy.asked) == {(scheme, site.root("").split("/")[2])}


async def test_nothing_goes_around_a_proxy_that_does_not_answer(site):
    async with Pronote(proxy="socks5://127.0.0.1:9") as pronote:
        with pytest.raises(errors.UnreachableError):
            await pronote.sign_in(site.root("2025.2.8"), "demonstration", "pronotevs")


@pytest.mark.parametrize("address", ["", "collège", "ftp://school.example/pronote/", "https://", "http://[::1"])
def test_what_is_no_address_is_told_as_that(address):
    with pytest.raises(errors.NoAddressError, match="This is no address of a Pronote"):
        root_of(address)


def test_every_error_has_its_own_code_and_two_sentences():
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, PronoteError)]
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert {kind.code for kind in kinds} >= {-1, 1, 2, 3, 4, 5, 6, 7}
    assert all(kind.french.endswith((".", "…")) and kind.english.endswith((".", "…")) for kind in kinds)


async def test_an_instance_says_what_it_is(site, pronote):
    instance = await instances.read_instance(pronote.http_session(), site.root("2025.2.8"))
    assert instance.version == (2025, 2, 8)
    assert instance.portal_url == ""
    assert {space.page for space in instance.spaces} >= {"mobile.eleve.html", "mobile.parent.html"}


async def test_schools_near_a_place_come_nearest_first():
    answer = [
        {"url": "https://b.example", "nomEtab": "B", "lat": "48.9", "long": "2.3", "cp": "75001"},
        {"url": "https://a.example", "nomEtab": "A", "lat": 48.85, "long": 2.35, "cp": "75002"},
    ]
    asked = []

    def reply(request: httpx.Request) -> httpx.Response:
        asked.append(request.content)
        return httpx.Response(200, json=answer)

    http = HttpSession(httpx.MockTransport(reply), HttpLimits())
    schools = await instances.read_nearby_schools(http, 48.85, 2.35)
    answer = {}
    assert await instances.read_nearby_schools(http, 48.85, 2.35) == ()
    assert [school.name for school in schools] == ["A", "B"]
    assert schools[1].kilometres == pytest.approx(6.7, abs=0.1)
    assert asked[0].startswith(b"data=%7B%22nomFonction%22%3A+%22geoLoc%22")
