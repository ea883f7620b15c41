"""All pages, their files, and their errors, added to the application."""

from fastapi import FastAPI

from carillon_timetable_api.pages import home_routes, site, week_routes
from carillon_timetable_api.pages.static_files import PageFiles


def install(app: FastAPI, institution: str) -> None:
    """Add the pages of an institution; call it when the errors of the API are answered already."""
    app.state.site = site.site(institution)
    for router in (site.router, home_routes.router, week_routes.router):
        app.include_router(router)
    app.mount("/static", PageFiles(directory=site.STATIC))
    site.show_errors_as_pages(app)
