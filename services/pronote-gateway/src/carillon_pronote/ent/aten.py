"""ATEN, the academies' older sign-in for families (CAS.md, *ATEN sub-flow*).

The page's own script defines ``creerCookie(user, password)``, which a browser runs before the form is sent. What it
stores is not known; by all appearance a cookie with the credentials, encrypted by RSA. Carillon runs no scripts: it
sends the form with the two fields filled. Portals that also want the cookie will refuse that, so a refusal after such
a page carries :data:`SCRIPT_NOTE`.
"""

from carillon_pronote.ent.portal_page import PortalPage
from carillon_pronote.ent.portal_visit import PortalVisit
from carillon_pronote.ent.saml_handover import hand_back
from carillon_pronote.errors import WrongCredentialsError

SCRIPT_NOTE = (
    "or the portal wants the cookie of its script creerCookie, which is not run here: "
    "if the password works in a browser, choose the portal's EduConnect entry"
)
_STEP = "ATEN"


async def pass_aten(visit: PortalVisit, page: PortalPage, host: str) -> PortalPage:
    """Sign in on the academy's ATEN page and go back to the portal; the fields' ids are ``user`` and ``password``.

    Raises:
        WrongCredentialsError: the answer holds an element ``aten-auth``, or the form again.
        EntChangedError: no such form, or an answer that is neither a refusal nor a SAMLResponse.
    """
    if page.elements("//script[contains(., 'creerCookie')]"):
        visit.refusal_note = SCRIPT_NOTE
    form, (name, password) = page.form_around(f"{_STEP} form", "user", "password", base=f"https://{host}/login/")
    answer = await visit.submit_password(f"{_STEP} form", form, {name: visit.username, password: visit.password})
    if answer.elements("//*[@id='aten-auth']"):
        raise WrongCredentialsError(visit.refusal_note)
    return await hand_back(visit, _STEP, answer)
