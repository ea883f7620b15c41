"""EduConnect, the ministry's sign-in for pupils and parents, as portals use it (CAS.md, *EduConnect sub-flow*)."""

from carillon_pronote.ent.portal_page import PortalPage
from carillon_pronote.ent.portal_visit import PortalVisit
from carillon_pronote.ent.saml_handover import hand_back

EDUCONNECT_HOST = "educonnect.education.gouv.fr"
_STEP = "EduConnect"


async def pass_educonnect(visit: PortalVisit, page: PortalPage) -> PortalPage:
    """Sign in on EduConnect's page and go back to the portal.

    The fields have the ids ``username`` and ``password`` and the names ``j_username`` and ``j_password``; either
    spelling is enough. Sent with all the form holds and ``_eventId_proceed``, which is the button's name.

    Raises:
        WrongCredentialsError: the form comes again, or a sentence that says so.
        EntChangedError: no such form, or an answer that is neither a refusal nor a SAMLResponse.
    """
    name = "username" if page.input_named("username") is not None else "j_username"
    password = "password" if page.input_named("password") is not None else "j_password"
    form, (name, password) = page.form_around(f"{_STEP} form", name, password)
    values = {name: visit.username, password: visit.password, "_eventId_proceed": ""}
    return await hand_back(visit, _STEP, await visit.submit_password(f"{_STEP} form", form, values))
