"""SAML messages as far as portals need them: who asks, where the answer goes, who the person is. Nothing is signed."""

import base64
import html
import re
import zlib
from urllib.parse import quote

from starlette.responses import HTMLResponse

from carillon_ent_simulator.portal_pages import page

_ANSWER_TO = re.compile(r'AssertionConsumerServiceURL="([^"]*)"')
_IDENTITY = re.compile(r'<saml:Assertion ID="([^"]*)"')


def request_message(answer_to: str) -> str:
    """A SAMLRequest (base64) whose answer goes to this address."""
    xml = (
        '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1" Version="2.0" '
        f'AssertionConsumerServiceURL="{html.escape(answer_to)}"/>'
    )
    return base64.b64encode(xml.encode()).decode()


def request_query(answer_to: str, relay_state: str) -> str:
    """The query of a SAMLRequest sent by redirect: deflated, base64."""
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(base64.b64decode(request_message(answer_to))) + packer.flush()
    return f"SAMLRequest={quote(base64.b64encode(packed), safe='')}&RelayState={quote(relay_state, safe='')}"


def answer_address(message: str, *, deflated: bool = False) -> str | None:
    """Where the answer to a SAMLRequest goes; None when it is none."""
    try:
        raw = base64.b64decode(message, validate=True)
        xml = (zlib.decompress(raw, wbits=-15) if deflated else raw).decode()
    except (ValueError, zlib.error):
        return None
    found = _ANSWER_TO.search(xml)
    return html.unescape(found[1]) if found else None


def response_message(identity: str) -> str:
    """A SAMLResponse (base64) that holds an identity."""
    xml = (
        '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
        f'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"><saml:Assertion ID="{identity}"/></samlp:Response>'
    )
    return base64.b64encode(xml.encode()).decode()


def identity_of(message: str) -> str | None:
    """The identity in a SAMLResponse; None when it is none."""
    try:
        found = _IDENTITY.search(base64.b64decode(message, validate=True).decode())
    except ValueError:
        return None
    return found[1] if found else None


def posting_page(action: str, name: str, message: str, relay_state: str) -> HTMLResponse:
    """The page that a browser sends on by script as soon as it arrives (HTTP POST binding)."""
    return page(
        "Redirection",
        f'<form action="{html.escape(action)}" method="post">'
        f'<input type="hidden" name="RelayState" value="{html.escape(relay_state)}"/>'
        f'<input type="hidden" name="{name}" value="{message}"/>'
        '<noscript><button type="submit">Continuer</button></noscript></form>',
        onload="document.forms[0].submit()",
    )
