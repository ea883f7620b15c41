"""``cas-form`` and ``simple-form``: a page with one sign-in form, its inputs called ``username`` and ``password``."""

from typing import TYPE_CHECKING

import httpx
from pydantic import Field

from carillon_pronote.ent.flow_parameters import Address, FlowParameters
from carillon_pronote.ent.portal_visit import PortalVisit
from carillon_pronote.errors import EntChangedError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_STEP = "portal's sign-in form"


class Parameters(FlowParameters):
    """Where the page is, and what marks the form."""

    url: Address
    form_id: str | None = Field(default=None, description="The form's id, where it is known.")
    form_class: str | None = Field(default=None, description="A class of the form, where it is known.")


async def sign_in(visit: PortalVisit, parameters: Parameters) -> httpx.Response:
    """Page, form with all its inputs, Pronote; the form once more means a refusal."""
    page = await visit.fetch("portal's sign-in page", parameters.url)
    form, (name, password) = page.form_around(_STEP, "username", "password")
    _check_mark(page.elements("//form[.//input[@type='password']]"), parameters)
    await visit.submit_password(_STEP, form, {name: visit.username, password: visit.password})
    return await visit.open_pronote()


def _check_mark(forms: "list[HtmlElement]", parameters: Parameters) -> None:
    wanted_id, wanted_class = parameters.form_id, parameters.form_class
    if wanted_id and wanted_id not in [form.get("id") for form in forms]:
        raise EntChangedError(_STEP, f"a form with the id {wanted_id!r}")
    if wanted_class and not any(wanted_class in (form.get("class") or "").split() for form in forms):
        raise EntChangedError(_STEP, f"a form of the class {wanted_class!r}")
