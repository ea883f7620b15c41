"""pronotepy's and pronote-api's own portal functions, unmodified, through the simulated portals.

Both reach the portals under their real names through the simulator's proxy, and sign in to the Pronote behind each.
docs/ent.md has the table of what was judged so.
"""

import asyncio
import json
import os
from pathlib import Path

import lxml
from carillon_ent_simulator import pronote_page, simulate
from carillon_pronote.ent import EntTable

HERE = Path(__file__).parent
PAGES = {name: pronote_page(account.hosts[0]) for account in EntTable.load() if account.hosts for name in account.names}
PUPIL = "signed in: "
# pronote-api 2.4.1 forgets to open Pronote after the portal (3.1.0 does it).
UNFINISHED_IN_PRONOTE_API = "ac-orleans-tours"


async def printed(*command: str | Path, given: str = "", **environment: str) -> dict[str, str]:
    process = await asyncio.create_subprocess_exec(
        *map(str, command),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **environment},
    )
    output, errors = await asyncio.wait_for(process.communicate(given.encode()), timeout=170)
    assert process.returncode == 0, errors.decode()[-3000:]
    return json.loads(output)


async def through_pronotepy(python: Path, password: str, *, fault: str = "", **options: list[str]) -> dict[str, str]:
    async with simulate(era="2026.2.5") as simulator:
        simulator.state.faults |= {"educonnect.education.gouv.fr": fault} if fault else {}
        given = {"pages": PAGES, "username": "demonstration", "password": password, **options}
        extra = str(Path(lxml.__path__[0]).parent)
        return await printed(
            python,
            HERE / "pronotepy_portals.py",
            given=json.dumps({**given, "extra": extra}),
            HTTPS_PROXY=simulator.proxy_url,
            HTTP_PROXY=simulator.proxy_url,
            NO_PROXY="",
            REQUESTS_CA_BUNDLE=str(simulator.certificate),
        )


async def through_pronote_api(folder: Path, password: str) -> dict[str, str]:
    roots = {name: page.removesuffix("eleve.html") for name, page in PAGES.items()}
    async with simulate(era="2022") as simulator:
        return await printed(
            "node",
            HERE / "pronote_api_portals.js",
            folder,
            json.dumps({"pages": roots, "username": "demonstration", "password": password}),
            PRONOTE_API_PROXY=simulator.proxy_url,
            NODE_TLS_REJECT_UNAUTHORIZED="0",
        )


async def test_every_portal_of_pronotepy_signs_in(newest_pronotepy: Path) -> None:
    results = await through_pronotepy(newest_pronotepy, "pronotevs")
    assert len(results) == 43
    assert {name: result for name, result in results.items() if not result.startswith(PUPIL)} == {}


async def test_every_portal_of_pronotepy_sees_a_wrong_password(newest_pronotepy: Path) -> None:
    results = await through_pronotepy(newest_pronotepy, "wrong")
    assert len(results) == 43
    assert set(results.values()) == {"ENTLoginError"}


async def test_pronotepy_passes_the_storage_page_of_educonnect_too(newest_pronotepy: Path) -> None:
    only = ["eclat_bfc", "ent_elyco", "ent_hdf", "bordeaux"]
    results = await through_pronotepy(newest_pronotepy, "pronotevs", fault="storage-page", only=only)
    assert set(results) == set(only)
    assert all(result.startswith(PUPIL) for result in results.values())


async def test_every_portal_of_pronote_api_signs_in(pronote_api: Path) -> None:
    results = await through_pronote_api(pronote_api, "pronotevs")
    assert len(results) == 39
    failed = [name for name, result in results.items() if not result.startswith(PUPIL)]
    assert failed == [UNFINISHED_IN_PRONOTE_API]


async def test_every_portal_of_pronote_api_sees_a_wrong_password(pronote_api: Path) -> None:
    results = await through_pronote_api(pronote_api, "wrong")
    assert len(results) == 39
    assert set(results.values()) == {"error 3"}
