"""All pages, their files, and their errors, added to the application."""

from fastapi import FastAPI

from carillon_timetable_api.pages import (
    application_routes,
    calendars_routes,
    changes_routes,
    door_routes,
    home_routes,
    personal_routes,
    site,
    sources_routes,
    week_routes,
)
from carillon_timetable_api.pages.static_files import PageFiles

_MODULES = (
    site,
    home_routes,
    week_routes,
    changes_routes,
    calendars_routes,
    personal_routes,
    sources_routes,
    door_routes,
    application_routes,
)


def install(app: FastAPI, institution: str) -> None:
    """Add the pages of an institution; call it when the errors of the API are answered already."""
    app.state.site = site.site(institution)
    for module in _MODULES:
        app.include_router(module.router)
    app.mount("/static", PageFiles(directory=site.STATIC))
    site.show_errors_as_pages(app)
