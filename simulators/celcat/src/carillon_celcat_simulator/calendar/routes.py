"""The addresses of Calendar, once a site: `/calendar/<site>/Home/…`, `/calendar/<site>/LdapLogin`."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from carillon_celcat_simulator.calendar import login, resource_lists
from carillon_celcat_simulator.calendar.events import holiday_event, holiday_id, meeting_event, meeting_id
from carillon_celcat_simulator.calendar.selection import Selection, holidays, selected
from carillon_celcat_simulator.calendar.side_bar import side_bar
from carillon_celcat_simulator.calendar.sites import SITES, Site
from carillon_celcat_simulator.faults.shares import share_of
from carillon_celcat_simulator.model.academic_year import Holiday
from carillon_celcat_simulator.model.timetable import Meeting
from carillon_celcat_simulator.publication import Publication

# Longer than any client waits: a range which is too large is never answered.
_NEVER = 120


@dataclass(slots=True)
class CalendarSites:
    """What the sites of one simulator share, and their sessions."""

    publication: Publication
    logins: dict[str, login.Logins] = field(default_factory=lambda: {slug: login.Logins() for slug in SITES})

    def expire_sessions(self) -> None:
        """Let all sessions at all sites expire."""
        for logins in self.logins.values():
            logins.expire_all()


class LoginNeededError(Exception):
    """A request without a session at a site that asks for one."""

    def __init__(self, base: str) -> None:
        super().__init__("login needed")
        self.location = f"{base}/LdapLogin"


def base_of(site: Site) -> str:
    """The path of a site: all before `/Home`."""
    return f"/calendar/{site.slug}"


def _site(slug: str) -> Site:
    if slug not in SITES:
        raise HTTPException(404)
    return SITES[slug]


Here = Annotated[Site, Depends(_site)]


def calendar_router(sites: CalendarSites) -> APIRouter:
    """The routes of all sites."""

    def with_session(request: Request, site: Here) -> None:
        account = sites.logins[site.slug].account(request.cookies.get(login.CALENDAR_COOKIE))
        if site.login and account is None:
            raise LoginNeededError(base_of(site))

    router = APIRouter(prefix="/calendar/{slug}")
    home = APIRouter(prefix="/Home", dependencies=[Depends(with_session)])
    _add_events(home, sites)
    _add_lists(home, sites)
    router.include_router(home)
    _add_login(router, sites)
    return router


def _add_events(router: APIRouter, sites: CalendarSites) -> None:
    @router.post("/GetCalendarData", response_model=None)
    async def calendar_data(request: Request, site: Here) -> Response:
        form = await request.form()
        asked = _selection(form)
        if asked is None:
            return HTMLResponse(login.error_page(), 500)
        if site.largest_range is not None and (asked.end - asked.start).days > site.largest_range:
            await asyncio.sleep(_NEVER)
        answered = _events(sites.publication, site, asked, share_of(request))
        if site.null_answers:
            return JSONResponse(None if not answered else [*answered, None])
        return JSONResponse(answered)

    @router.post("/GetSideBarEvent", response_model=None)
    async def side_bar_event(request: Request, site: Here) -> Response:
        form = {name.lower(): value for name, value in (await request.form()).items()}
        identifier = str(form.get("eventid", ""))
        if identifier.count(":") not in (2, 4):
            return HTMLResponse(login.error_page(), 500)
        return JSONResponse(side_bar(sites.publication.timetable, _subject(sites.publication, site, identifier)))


def _add_lists(router: APIRouter, sites: CalendarSites) -> None:
    @router.api_route("/ReadResourceListItems", methods=["GET", "POST"], response_model=None)
    async def resource_list(request: Request, site: Here) -> Response:
        asked: Mapping[str, Any] = {**request.query_params, **(await request.form())}
        try:
            numbers = [int(asked[name]) for name in ("resType", "pageSize", "pageNumber")]
        except (KeyError, ValueError):
            return HTMLResponse(login.error_page(), 500)
        kind, size, number = numbers
        search = resource_lists.Search(kind, str(asked.get("searchTerm", "")), size, number)
        return JSONResponse(asdict(resource_lists.read(site, sites.publication.timetable, search)))

    @router.post("/LoadDisplayNames", response_model=None)
    async def display_names(request: Request, site: Here) -> Response:
        form = await request.form()
        kind = int(str(form.get("resType", "0")) or 0)
        wanted = _identifiers(form)
        known = resource_lists.resources(site, sites.publication.timetable, kind)
        return JSONResponse([{"federationId": it.id, "displayName": it.text} for it in known if it.id in wanted])


def _add_login(router: APIRouter, sites: CalendarSites) -> None:
    @router.get("/LdapLogin", response_model=None)
    async def login_form(site: Here) -> Response:
        return _form(sites, site)

    @router.post("/LdapLogin/Logon", response_model=None)
    async def log_on(request: Request, site: Here) -> Response:
        form = await request.form()
        logins = sites.logins[site.slug]
        token = str(form.get("__RequestVerificationToken", ""))
        if not logins.token_is_valid(request.cookies.get(login.ANTIFORGERY_COOKIE), token):
            return HTMLResponse("", 400)
        opened = logins.open(str(form.get("Name", "")), str(form.get("Password", "")))
        if opened is None:
            return _form(sites, site, refused=True)
        session, account = opened
        announced = f"&FederationIds={account.federation_id}" if account.announced else ""
        answer = RedirectResponse(f"{base_of(site)}/cal?vt=month&et=student{announced}", 302)
        for name in (login.CALENDAR_COOKIE, login.SESSION_COOKIE):
            answer.set_cookie(name, session, path=base_of(site), httponly=True, samesite="lax")
        return answer

    @router.get("/cal", response_model=None)
    async def calendar(request: Request, site: Here) -> Response:
        account = sites.logins[site.slug].account(request.cookies.get(login.CALENDAR_COOKIE))
        if site.login and account is None:
            raise LoginNeededError(base_of(site))
        return HTMLResponse(login.calendar_page(base_of(site), account))

    @router.get("/Login/Logout", response_model=None)
    async def log_out(request: Request, site: Here) -> Response:
        sites.logins[site.slug].close(request.cookies.get(login.CALENDAR_COOKIE))
        answer = _form(sites, site)
        answer.delete_cookie(login.CALENDAR_COOKIE, path=base_of(site))
        return answer


def _form(sites: CalendarSites, site: Site, *, refused: bool = False) -> HTMLResponse:
    cookie, token = sites.logins[site.slug].new_token()
    answer = HTMLResponse(login.login_page(base_of(site), token, refused=refused))
    answer.set_cookie(login.ANTIFORGERY_COOKIE, cookie, path=base_of(site), httponly=True, samesite="strict")
    return answer


def _selection(form: FormData) -> Selection | None:
    """What a request asks for, or nothing where a parameter cannot be read."""
    try:
        start, end = (date.fromisoformat(str(form[name])[:10]) for name in ("start", "end"))
        kind = int(str(form["resType"]))
    except (KeyError, ValueError):
        return None
    return Selection(kind, _identifiers(form), start, end)


def _identifiers(form: FormData) -> frozenset[str]:
    return frozenset(str(value) for name in ("federationIds[]", "federationIds") for value in form.getlist(name))


def _events(publication: Publication, site: Site, asked: Selection, share: float) -> list[dict[str, Any]]:
    timetable, known = publication.timetable, login.students(publication.timetable.groups)
    events = [meeting_event(site, publication, meeting) for meeting in selected(publication, asked, known, share)]
    if share > 0:
        events += [holiday_event(site, timetable, holiday) for holiday in holidays(publication, asked, known)]
    return events


def _subject(publication: Publication, site: Site, identifier: str) -> Meeting | Holiday | None:
    series, _, week = identifier.rpartition(":")
    meeting = publication.timetable.meetings.get(f"{series.rpartition(':')[2]}-{week}")
    if meeting is not None and meeting_id(site, meeting) == identifier:
        return meeting
    timetable = publication.timetable
    return next((holiday for holiday in timetable.holidays if holiday_id(timetable, holiday) == identifier), None)
