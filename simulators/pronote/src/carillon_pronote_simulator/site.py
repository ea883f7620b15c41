"""The addresses of one simulated site."""

import asyncio
import json
import secrets
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile

from carillon_pronote_simulator.documents import calendar_of_token, file_of_reference, ordered_pdf
from carillon_pronote_simulator.errors import PronoteError, page_expired, page_unavailable
from carillon_pronote_simulator.instance import Instance
from carillon_pronote_simulator.pages.user import LARGEST_UPLOAD
from carillon_pronote_simulator.portal import COOKIE
from carillon_pronote_simulator.school.accounts import SPACES, Account, Space
from carillon_pronote_simulator.school.model import Attachment
from carillon_pronote_simulator.school.people import SCHOOL_NAME
from carillon_pronote_simulator.start_page import standing_in_page, start_page
from carillon_pronote_simulator.typed import Json

_LARGEST_BODY = 1024 * 1024
_NOT_ALLOWED = "<!DOCTYPE html><html><body><p>Vous n'êtes pas autorisé à vous connecter.</p></body></html>"


def site_router(instance: Instance) -> APIRouter:
    """Everything under the root of a site, such as `/pronote`."""
    site = _Site(instance)
    router = APIRouter(prefix=instance.path)
    for method, path, handler in (
        ("GET", "/", site.root),
        ("GET", "/{name}.html", site.page),
        ("POST", "/appelfonction/{space}/{number}/{order}", site.call),
        ("POST", "/appeldeconnexion/{order}/{moment}", site.beacon),
        ("POST", "/uploadfilesession/{space}/{number}", site.upload),
        ("GET", "/ical/{name}.ics", site.calendar),
        ("GET", "/FichiersTemporaires/{number}/{name}", site.document),
        ("GET", "/FichiersExternes/{reference}/{name:path}", site.file),
        ("GET", "/{name}.json", site.description),
    ):
        router.add_api_route(path, handler, methods=[method], response_model=None)
    return router


class _Site:
    """The handlers of one site."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance

    async def root(self, request: Request) -> Response:
        """The root leads to the space of whoever comes with a ticket, else to the pupils' page."""
        portal = self._instance.portal
        ticket = request.query_params.get("ticket")
        if portal is None:
            return RedirectResponse(f"{self._instance.path}/eleve.html", status_code=302)
        if ticket is None or not portal.is_fresh(ticket):
            return RedirectResponse(portal.redirect(_without_query(request)), status_code=302)
        space = portal.space_of(ticket)
        if space is None:
            return HTMLResponse(_NOT_ALLOWED)
        return RedirectResponse(f"{self._instance.path}/{space.page}.html?ticket={ticket}", status_code=302)

    async def page(self, name: str, request: Request) -> Response:
        """The start page of a space, after the portal if there is one."""
        instance = self._instance
        instance.counters["pages"] += 1
        await self._delay("page")
        standing_in = instance.faults.strike("suspended-ip", "busy", "closed", function="page")
        if standing_in is not None:
            return HTMLResponse(standing_in_page(standing_in.name))
        found = _space_of(name)
        if found is None:
            return HTMLResponse("<!DOCTYPE html><html><body><p>404</p></body></html>", status_code=404)
        if instance.portal is None or request.query_params.get("login") == "true":
            return self._start(*found)
        return self._after_portal(*found, request)

    def _after_portal(self, space: Space, mobile: bool, request: Request) -> Response:
        portal = self._instance.portal
        ticket = request.query_params.get("ticket")
        if portal is None:
            return self._start(space, mobile)
        if ticket is None or not portal.is_fresh(ticket):
            known = portal.remembered(request.cookies.get(COOKIE), space.kind)
            if known is not None:
                return self._start(space, mobile, known)
            return RedirectResponse(portal.redirect(_without_query(request)), status_code=302)
        taken = portal.take(ticket, space.kind)
        if taken is None:
            return HTMLResponse(_NOT_ALLOWED)
        response = self._start(space, mobile, taken[0])
        response.set_cookie(COOKIE, taken[1], path=self._instance.path, httponly=True)
        return response

    def _start(self, space: Space, mobile: bool, account: Account | None = None) -> Response:
        instance = self._instance
        session = instance.sessions.open(space, mobile=mobile)
        if account is not None:
            session.ticket_account = account
            session.one_time = (secrets.token_hex(16), secrets.token_hex(32))
        page = start_page(instance.era, session, encrypted=instance.encrypted, compressed=instance.compressed)
        return HTMLResponse(self._perhaps_truncated("page", page.encode()))

    async def call(self, number: int, order: str, request: Request) -> Response:
        """One function call; the errors of the site are answers too."""
        instance = self._instance
        body = _object(await request.body())
        if body is None:
            return _json(page_unavailable("").as_json())
        function = str(body.get("id") or body.get("nom") or "")
        await self._delay(function)
        standing_in = instance.faults.strike("suspended-ip", "busy", "closed", function=function)
        if standing_in is not None:
            return HTMLResponse(standing_in_page(standing_in.name))
        try:
            answered = instance.call(number, order, body)
        except PronoteError as error:
            return _json(error.as_json())
        except (AttributeError, KeyError, TypeError, ValueError):
            # The data of the request have not the shape the function needs.
            instance.counters["unreadable-requests"] += 1
            return _json(page_unavailable(function).as_json())
        if function == "Authentification" and instance.faults.strike("token-lost", function=function):
            # The server has changed the token, but the answer that carries it never arrives.
            return Response(status_code=502)
        return _json(self._perhaps_truncated(function, json.dumps(answered).encode("ascii")))

    async def beacon(self, order: str, request: Request) -> Response:
        """A browser closes its page."""
        del order
        body = _object(await request.body()) or {}
        number = body.get("ns")
        if isinstance(number, int):
            self._instance.sessions.close(number)
        return Response(status_code=200)

    async def upload(self, number: int, request: Request) -> Response:
        """A file sent before the call that refers to it."""
        async with request.form(max_files=1, max_part_size=_LARGEST_BODY) as form:
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
            sent = next((value for value in form.values() if isinstance(value, UploadFile)), None)
            if sent is None:
                return _json(page_unavailable("").as_json())
            content = await sent.read(LARGEST_UPLOAD + 1)
        try:
            return _json(self._instance.upload(number, fields, sent.filename or "", content))
        except PronoteError as error:
            return _json(error.as_json())

    async def calendar(self, name: str, icalsecurise: str = "") -> Response:
        """The calendar of whoever owns the token; the file name is free."""
        del name
        content = calendar_of_token(self._instance.school, icalsecurise)
        if content is None:
            return Response(status_code=404)
        return Response(content, media_type="text/calendar; charset=utf-8")

    async def document(self, number: str, name: str) -> Response:
        """A PDF document that was ordered before."""
        del name
        content = ordered_pdf(self._instance.school, number)
        return Response(status_code=404) if content is None else Response(content, media_type="application/pdf")

    async def file(self, reference: str, name: str, request: Request) -> Response:
        """An attached file, a link or a photograph, for a session that is alive."""
        del name
        number = request.query_params.get("Session", "")
        session = self._instance.sessions.get(int(number)) if number.isascii() and number.isdigit() else None
        if session is None or session.account is None:
            return _json(page_expired().as_json())
        found = file_of_reference(self._instance.school, session, reference)
        if isinstance(found, Attachment):
            return RedirectResponse(str(found.address), status_code=302)
        return Response(status_code=404) if found is None else Response(found[0], media_type=found[1])

    async def description(self, name: str) -> Response:
        """`InfoMobileApp.json`, in any letter case."""
        if name.lower() != "infomobileapp":
            return Response(status_code=404)
        return _json(self._description())

    def _description(self) -> Json:
        instance = self._instance
        return {
            "version": list(instance.era.version),
            "date": instance.school.now.isoformat(),
            "nomEtab": SCHOOL_NAME,
            "CAS": {
                "actif": instance.portal is not None,
                "casURL": instance.cas_url or "",
                "jetonCAS": "",
            },
            "espaces": [
                {
                    "nom": space.title,
                    "URL": f"mobile.{space.page}.html",
                    "genreEspace": space.mobile_number,
                    "avecDelegation": False,
                }
                for space in SPACES
                if space.mobile_number is not None
            ],
        }

    async def _delay(self, function: str) -> None:
        slow = self._instance.faults.strike("slow", function=function)
        if slow is not None:
            await asyncio.sleep(slow.seconds)

    def _perhaps_truncated(self, function: str, content: bytes) -> bytes:
        struck = self._instance.faults.strike("truncated", function=function)
        return content if struck is None else content[: len(content) // 2]


def _space_of(name: str) -> tuple[Space, bool] | None:
    """The space a page name such as `mobile.eleve` opens, and whether it is the mobile page."""
    mobile = name.startswith("mobile.")
    wanted = name.removeprefix("mobile.")
    for space in SPACES:
        if space.page == wanted and not (mobile and space.mobile_number is None):
            return space, mobile
    return None


def _without_query(request: Request) -> str:
    return str(request.url.replace(query="", fragment=""))


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(content)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _json(content: object) -> Response:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode("ascii")
    return Response(raw, media_type="application/json")
