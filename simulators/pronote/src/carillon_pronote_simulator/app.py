"""The web application: one simulated site, or one per era."""

import json
from datetime import date, datetime
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from carillon_pronote_simulator.control import control_router
from carillon_pronote_simulator.documents import SCHOOL_ZONE
from carillon_pronote_simulator.eras import ERAS
from carillon_pronote_simulator.instance import Instance
from carillon_pronote_simulator.school.people import SCHOOL_NAME
from carillon_pronote_simulator.school.school import School, make_school
from carillon_pronote_simulator.sessions import DEFAULT_IDLE_SECONDS, SessionStore
from carillon_pronote_simulator.site import site_router

# Where the made-up school lies.
_LATITUDE, _LONGITUDE = 48.8, 2.3


def create_app(
    era: str | None = None,
    *,
    today: date | None = None,
    seed: int = 1,
    cas_url: str | None = None,
    encrypt: bool | None = None,
    compress: bool | None = None,
    idle_seconds: float = DEFAULT_IDLE_SECONDS,
    school: School | None = None,
) -> FastAPI:
    """The simulator as an ASGI application.

    With `era` one school at `/pronote/`, its controls at `/simulator`; without it every era at `/<era>/pronote/` and
    `/<era>/simulator`. `today` (default: today in Paris) and `seed` decide the whole school. `cas_url` puts a portal
    before the sign-in. `encrypt` and `compress` override the settings of the era. Sessions end after `idle_seconds`.
    With `school` several sites share one, and what is written in it.

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
            school=school or make_school(day, seed),
            encrypted=profile.encrypt if encrypt is None else encrypt,
            compressed=profile.compress if compress is None else compress,
            cas_url=cas_url,
            sessions=SessionStore(idle_seconds),
        )
        instances[prefix] = instance
        app.include_router(control_router(instance, prefix))
        app.include_router(site_router(instance))
    app.add_api_route("/", lambda: _front_page(instances), methods=["GET"], response_model=None)

    async def geolocation(request: Request) -> list[dict[str, str]] | dict[str, str]:
        return _schools_near(await request.body(), str(request.base_url).rstrip("/"), instances)

    app.add_api_route("/swie/geoloc.php", geolocation, methods=["POST"], response_model=None)
    return app


def _schools_near(body: bytes, base_url: str, instances: dict[str, Instance]) -> list[dict[str, str]] | dict[str, str]:
    """What the publisher's directory of schools answers: the sites within a degree, or an empty object."""
    try:
        asked = json.loads(parse_qs(body.decode())["data"][0])
        near = abs(float(asked["lat"]) - _LATITUDE) < 1 and abs(float(asked["long"]) - _LONGITUDE) < 1
    except (KeyError, TypeError, ValueError):
        return {}
    if not near:
        return {}
    return [
        {
            "url": f"{base_url}{instance.path}/",
            "nomEtab": SCHOOL_NAME,
            "lat": f"{_LATITUDE:.6f}",
            "long": f"{_LONGITUDE:.6f}",
            "cp": "00000",
        }
        for instance in instances.values()
    ]


def _front_page(instances: dict[str, Instance]) -> Response:
    """The list of sites, or the way to the only one."""
    if "" in instances:
        return RedirectResponse(f"{instances[''].path}/eleve.html", status_code=302)
    links = "".join(
        f'<li>{instance.era.name}: <a href="{instance.path}/eleve.html">{instance.path}/</a></li>'
        for instance in instances.values()
    )
    return HTMLResponse(f"<!DOCTYPE html><html><body><h1>Carillon Pronote simulator</h1><ul>{links}</ul></body></html>")
