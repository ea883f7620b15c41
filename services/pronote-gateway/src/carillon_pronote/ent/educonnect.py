"""EduConnect, the ministry's sign-in for pupils and parents, as portals use it (CAS.md, *EduConnect sub-flow*).

EduConnect is a Shibboleth identity provider. Such a one may put a page before and after its form that looks at the
browser's storage by script (inputs ``shib_idp_ls_…``); it is passed as a browser without scripts passes it.
"""

from carillon_pronote.ent.portal_page import PortalPage
from carillon_pronote.ent.portal_visit import PortalVisit
from carillon_pronote.ent.saml_handover import hand_back

EDUCONNECT_HOST = "educonnect.education.gouv.fr"
_STEP = "EduConnect"
_FORM = "EduConnect form"
_BUTTON = {"_eventId_proceed": ""}


async def pass_educonnect(visit: PortalVisit, page: PortalPage) -> PortalPage:
    """Sign in on EduConnect's page and go back to the portal.

    The fields have the ids ``username`` and ``password`` and the names ``j_username`` and ``j_password``; either
    spelling is enough. Sent with all the form holds and ``_eventId_proceed``, which is the button's name.

    Raises:
        WrongCredentialsError: the form comes again, or a sentence that says so.
        EntChangedError: no such form, or an answer that is neither a refusal nor a SAMLResponse.
    """
    page = await _pass_storage_page(visit, page)
    name = "username" if page.input_named("username") is not None else "j_username"
    password = "password" if page.input_named("password") is not None else "j_password"
    form, (name, password) = page.form_around(_FORM, name, password, base=f"https://{EDUCONNECT_HOST}/")
    answer = await visit.submit_password(_FORM, form, {name: visit.username, password: visit.password, **_BUTTON})
    return await hand_back(visit, _STEP, await _pass_storage_page(visit, answer))


async def _pass_storage_page(visit: PortalVisit, page: PortalPage) -> PortalPage:
    if page.asks_for_password or not page.elements("//form//input[starts-with(@name, 'shib_idp_ls_')]"):
        return page
    return await visit.submit(_STEP, page.first_form(_STEP), _BUTTON, method="POST")
