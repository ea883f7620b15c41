"""The sign-in form of Edifice's "Open ENT NG" portals: ``email`` and ``password``, sent to ``/auth/login``."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from carillon_pronote.ent.portal_page import PortalForm
from carillon_pronote.ent.portal_visit import PortalVisit
from carillon_pronote.errors import EntChangedError, WrongCredentialsError

_STEP = "portal's sign-in form"


async def send_open_ent_form(visit: PortalVisit, url: str, values: Mapping[str, str]) -> None:
    """Send user name and password with ``values``.

    The page is looked at first for hidden fields. Where it shows no password field (a page drawn by script, or none
    at all) the two fields are sent alone, which is what the clients known to work do.

    Raises:
        WrongCredentialsError: the answer lies at an address that says ``login`` again, or shows the form.
        EntChangedError: a form with other fields.
    """
    page = await visit.fetch("portal's sign-in page", url)
    form = page.form_with(_STEP, "email", "password") if page.asks_for_password else PortalForm(url, "post", ())
    sent = {"email": visit.username, "password": visit.password, **values}
    answer = await visit.submit_password(_STEP, form, sent)
    if visit.is_at_pronote(answer):
        return
    if "login" in urlsplit(answer.url).path:
        raise WrongCredentialsError
    if answer.response.is_client_error:
        raise EntChangedError(_STEP, f"an answer to the form, not status {answer.response.status_code}")
