"""How a portal hands a person over to a sign-in service and back: the forms of SAML's HTTP POST binding.

A browser sends these forms by script as soon as they arrive; all they hold is hidden. RelayState may be missing.
"""

from carillon_pronote.ent.portal_page import PortalPage
from carillon_pronote.ent.portal_visit import PortalVisit


async def hand_over(visit: PortalVisit, step: str, page: PortalPage) -> PortalPage:
    """Pass the portal's SAMLRequest on to the sign-in service, and return that service's page."""
    return await visit.pass_on(f"{step}: SAMLRequest", page, "SAMLRequest")


async def hand_back(visit: PortalVisit, step: str, page: PortalPage) -> PortalPage:
    """Pass the sign-in service's SAMLResponse back to the portal, and return the portal's page."""
    return await visit.pass_on(f"{step}: SAMLResponse", page, "SAMLResponse")
