"""The web application: the addresses of a Pronote site, once or once per era."""

import asyncio
import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from carillon_pronote_simulator.eras import ERAS
from carillon_pronote_simulator.errors import PronoteError, page_unavailable
from carillon_pronote_simulator.instance import Instance
from carillon_pronote_simulator.school.accounts import SPACES, Space
from carillon_pronote_simulator.school.school import make_school
from carillon_pronote_simulator.sessions import DEFAULT_IDLE_SECONDS, SessionStore
from carillon_pronote_simulator.startpage import standing_in_page, start_page

SCHOOL_ZONE = ZoneInfo("Europe/Paris")


def create_app(
    era: str | None = None,
    *,
    today: date | None = None,
    seed: int = 1,
    cas_url: str | None = None,
    encrypt: bool | None = None,
    compress: bool | None = None,
    idle_seconds: float = DEFAULT_IDLE_SECONDS,
) -> FastAPI:
    """The simulator as an ASGI application.

    With `era` one school at `/pronote/`; without it every era at `/<era>/pronote/`. `today` (default: today in Paris)
    and `seed` decide the whole school. `cas_url` puts a portal before the sign-in. `encrypt` and `compress` override
    the settings of the era.

    Raises:
        KeyError: unknown era.
    """
    day = today or datetime.now(SCHOOL_ZONE).date()
    app = FastAPI(title="Carillon Pronote simulator", docs_url=None, redoc_url=None, openapi_url=None)
    chosen = {f"/{name}": profile for name, profile in ERAS.items()} if era is None else {"": ERAS[era]}
    instances: dict[str, Instance] = {}
    for prefix, profile in chosen.items():
        instance = Instance(
            era=profile,
            path=f"{prefix}/pronote",
            school=make_school(day, seed),
            encrypted=profile.encrypt if encrypt is None else encrypt,
            compressed=profile.compress if compress is None else compress,
            cas_url=cas_url,
            sessions=SessionStore(idle_seconds),
        )
        instances[prefix] = instance
        _add_site(app, instance)
    app.add_api_route("/", lambda: front_page(instances), methods=["GET"], response_model=None)
    app.state.instances = instances
    return app


def _add_site(app: FastAPI, instance: Instance) -> None:
    """The addresses of one site."""

    async def page(name: str, request: Request) -> Response:
        return await _page(instance, name, request)

    async def call(space: int, number: int, order: str, request: Request) -> Response:
        del space
        return await _call(instance, number, order, request)

    app.add_api_route(f"{instance.path}/{{name}}.html", page, methods=["GET"])
    app.add_api_route(f"{instance.path}/appelfonction/{{space}}/{{number}}/{{order}}", call, methods=["POST"])


def space_of(name: str) -> tuple[Space, bool] | None:
    """The space a page name such as `mobile.eleve` opens, and whether it is the mobile page."""
    mobile = name.startswith("mobile.")
    wanted = name.removeprefix("mobile.")
    for space in SPACES:
        if space.page == wanted and not (mobile and space.mobile_number is None):
            return space, mobile
    return None


async def _page(instance: Instance, name: str, request: Request) -> Response:
    """The start page of a space."""
    del request
    instance.counters["pages"] += 1
    await _delay(instance, "page")
    standing_in = instance.faults.strike("suspended-ip", "busy", "closed", function="page")
    if standing_in is not None:
        return HTMLResponse(standing_in_page(standing_in.name))
    found = space_of(name)
    if found is None:
        return HTMLResponse("<html><body>404</body></html>", status_code=404)
    session = instance.sessions.open(found[0], mobile=found[1])
    content = start_page(instance.era, session, encrypted=instance.encrypted, compressed=instance.compressed)
    return HTMLResponse(_perhaps_truncated(instance, "page", content.encode()))


async def _call(instance: Instance, number: int, order: str, request: Request) -> Response:
    """One function call; errors of the site are answers too."""
    try:
        body = json.loads(await request.body())
    except ValueError:
        return _json(page_unavailable("").as_json())
    function = str(body.get("id") or body.get("nom") or "") if isinstance(body, dict) else ""
    await _delay(instance, function)
    standing_in = instance.faults.strike("suspended-ip", "busy", "closed", function=function)
    if standing_in is not None:
        return HTMLResponse(standing_in_page(standing_in.name))
    try:
        answered = instance.call(number, order, body)
    except PronoteError as error:
        return _json(error.as_json())
    if function == "Authentification" and instance.faults.strike("token-lost", function=function):
        # The server has changed the token, but the answer that carries it never arrives.
        return Response(status_code=502)
    return _json(_perhaps_truncated(instance, function, json.dumps(answered).encode("ascii")))


async def _delay(instance: Instance, function: str) -> None:
    slow = instance.faults.strike("slow", function=function)
    if slow is not None:
        await asyncio.sleep(slow.seconds)


def _perhaps_truncated(instance: Instance, function: str, content: bytes) -> bytes:
    return content[: len(content) // 2] if instance.faults.strike("truncated", function=function) else content


def _json(content: object) -> Response:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode("ascii")
    return Response(raw, media_type="application/json")


def front_page(instances: dict[str, Instance]) -> Response:
    """The list of sites, or the way to the only one."""
    if "" in instances:
        return RedirectResponse(f"{instances[''].path}/eleve.html", status_code=302)
    links = "".join(
        f'<li>{instance.era.name}: <a href="{instance.path}/eleve.html">{instance.path}/</a></li>'
        for instance in instances.values()
    )
    return HTMLResponse(f"<!DOCTYPE html><html><body><h1>Carillon Pronote simulator</h1><ul>{links}</ul></body></html>")
