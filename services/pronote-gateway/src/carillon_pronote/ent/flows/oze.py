"""``oze``: Itop's "Oze": a Keycloak form, then its programming interface tells where Pronote is."""

from typing import Any
from urllib.parse import urlencode, urljoin

import httpx
from pydantic import Field

from carillon_pronote.ent.flow_parameters import Address, FlowParameters, Host
from carillon_pronote.ent.portal_page import PortalPage
from carillon_pronote.ent.portal_visit import PortalVisit
from carillon_pronote.errors import EntChangedError, WrongCredentialsError

_FORM = "portal's sign-in form"
_INTERFACE = "Oze interface"


class Parameters(FlowParameters):
    """Where portal and interface are, and what is added to user names."""

    url: Address
    interface_host: Host
    username_domain: str = Field(description="Added after an @ to a user name that does not hold it yet.")


async def sign_in(visit: PortalVisit, parameters: Parameters) -> httpx.Response:
    """Form, person's profile, Pronote's place among the applications, that place, Pronote."""
    page = await visit.fetch("portal's sign-in page", parameters.url)
    form = page.form_with(_FORM, "username", "password")
    if not page.elements("//form[@id='kc-form-login']"):
        raise EntChangedError(_FORM, "a form with the id 'kc-form-login'")
    domain = parameters.username_domain
    username = visit.username if domain in visit.username else f"{visit.username}@{domain}"
    answer = await visit.submit_password(_FORM, form, {"username": username, "password": visit.password})
    if "auth_form" in answer.response.text:
        raise WrongCredentialsError
    await visit.fetch("way to Pronote", await _find_pronote(visit, parameters))
    return await visit.open_pronote()


async def _find_pronote(visit: PortalVisit, parameters: Parameters) -> str:
    interface = f"https://{parameters.interface_host}/v1"
    profile = _json(await visit.fetch(_INTERFACE, f"{interface}/users/me"), dict).get("currentProfil")
    if not isinstance(profile, dict) or not profile.get("codeProfil") or not profile.get("uai"):
        raise EntChangedError(_INTERFACE, "currentProfil with codeProfil and uai")
    context = urlencode({"ctx_profil": profile["codeProfil"], "ctx_etab": profile["uai"]})
    for application in _json(await visit.fetch(_INTERFACE, f"{interface}/ozapps?{context}"), list):
        if isinstance(application, dict) and application.get("code") == "pronote" and application.get("externalRoute"):
            return urljoin(parameters.url, str(application["externalRoute"]))
    settings = _json(await visit.fetch(_INTERFACE, f"{interface}/config/Pronote?{context}"), dict)
    if not settings.get("autorisationId") or not settings.get("projet"):
        raise EntChangedError(_INTERFACE, "Pronote among the applications, or its autorisationId and projet")
    query = urlencode({"uai": profile["uai"], "projet": settings["projet"], "fonction": "ELV"})
    return urljoin(parameters.url, f"cas/proxySSO/{settings['autorisationId']}?{query}")


def _json(page: PortalPage, kind: type) -> Any:
    try:
        value = page.response.json()
    except ValueError as error:
        raise EntChangedError(_INTERFACE, "JSON") from error
    if not isinstance(value, kind):
        raise EntChangedError(_INTERFACE, f"a JSON {'object' if kind is dict else 'array'}")
    return value
