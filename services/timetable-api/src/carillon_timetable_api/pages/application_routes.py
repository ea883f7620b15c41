"""What makes the pages installable: manifest, service worker, and the page that is shown without a network."""

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, JSONResponse

from carillon_timetable_api.pages.site import STATIC, VisitDep

router = APIRouter(include_in_schema=False)
_ICONS = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any maskable"))


@router.get("/manifest.webmanifest")
async def manifest() -> JSONResponse:
    """How the site is installed on a device."""
    body = {
        "id": "/",
        "name": "Carillon",
        "short_name": "Carillon",
        "description": "Emplois du temps et salles libres",
        "lang": "fr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f7f6f2",
        "theme_color": "#1c2a52",
        "icons": [
            {"src": "/static/icon.svg", "sizes": "any", "type": "image/svg+xml"},
            *(
                {"src": f"/static/{name}", "sizes": sizes, "type": "image/png", "purpose": purpose}
                for name, sizes, purpose in _ICONS
            ),
        ],
        "shortcuts": [{"name": "Salles libres", "url": "/rooms/free/"}, {"name": "Changements", "url": "/changes/"}],
    }
    return JSONResponse(body, headers={"Cache-Control": "max-age=3600"}, media_type="application/manifest+json")


@router.get("/service-worker.js")
async def service_worker() -> FileResponse:
    """At the root, so that it may serve every page."""
    return FileResponse(
        STATIC / "service-worker.js", media_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )


@router.get("/offline/")
async def offline(visit: VisitDep) -> Response:
    """In the place of a page that this device has not kept."""
    return visit.answer("offline.html")
