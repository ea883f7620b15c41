"""Where a sign-in may go, what it keeps, and who may see the password."""

import re
import ssl

import httpx
import pytest
import respx
from carillon_ent_simulator import RunningSimulator, pronote_page
from carillon_pronote.ent import EntAccount, EntTable, PortalSignIn, VisitLimits
from carillon_pronote.ent.portal_errors import EntAddressRefusedError, EntCaptchaError, EntUnavailableError
from carillon_pronote.errors import EntChangedError, PronoteError, UnreachableError, WrongCredentialsError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PAGE = "https://school.example/pronote/eleve.html"
FORM = '<form method="post"><input name="username"><input type="password" name="password"></form>'
TLS = ssl.create_default_context()  # once: reading a machine's authorities takes 35 ms
START = """<body onload="try { Start ({h:'1',a:3,e:'one',f:'two'}) } catch (e) {}"></body>"""


def account(**parameters: str) -> EntAccount:
    return EntAccount.model_validate(
        {
            "id": "made-up",
            "name": "Made up",
            "hosts": ["portal.example"],
            "flow": "cas-form",
            "parameters": {"url": "https://portal.example/login", **parameters},
        }
    )


async def sign_in(
    limits: VisitLimits | None = None,
    entry: EntAccount | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> httpx.Response:
    async with httpx.AsyncClient(transport=transport, verify=TLS) as http:
        return await PortalSignIn(entry or account(), limits or VisitLimits())(http, PAGE, "zoé", "s3cret&=é")


@respx.mock
async def test_the_form_is_sent_with_all_it_holds_and_the_two_fields() -> None:
    hidden = '<input type="hidden" name="lt" value="a&amp;b"><input type="checkbox" name="no">'
    respx.get("https://portal.example/login").respond(
        html=f'<form action="go"><select name="s"><option value="1"><option value="2" selected></select>{hidden}'
        '<input name="username"><input type="password" name="password"></form>'
    )
    posted = respx.post("https://portal.example/go").respond(html="ok")
    respx.get(PAGE).respond(html=START)
    await sign_in()
    sent = dict(httpx.QueryParams(posted.calls.last.request.content.decode()))
    assert sent == {"s": "2", "lt": "a&b", "username": "zoé", "password": "s3cret&=é"}


@respx.mock
async def test_a_form_of_a_foreign_host_is_not_sent_the_password() -> None:
    respx.get("https://portal.example/login").respond(
        html='<form action="https://elsewhere.example/"><input name="username"><input type="password" name="password"></form>'
    )
    with pytest.raises(EntChangedError, match=r"not of elsewhere\.example"):
        await sign_in()


@respx.mock
async def test_a_redirect_without_tls_is_not_followed() -> None:
    respx.get("https://portal.example/login").respond(302, headers={"Location": "http://portal.example/login"})
    with pytest.raises(EntAddressRefusedError, match="is not https"):
        await sign_in()


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://portal.example/", "//"])
@respx.mock
async def test_a_redirect_to_what_is_no_web_address_is_not_followed(target: str) -> None:
    respx.get("https://portal.example/login").respond(302, headers={"Location": target})
    with pytest.raises((EntAddressRefusedError, EntChangedError)):
        await sign_in()


@respx.mock
async def test_redirects_are_bounded() -> None:
    loop = respx.get("https://portal.example/login").respond(302, headers={"Location": "/login"})
    with pytest.raises(EntAddressRefusedError, match="more than 5 redirects"):
        await sign_in(VisitLimits(redirects=5))
    assert loop.call_count == 6


@respx.mock
async def test_a_page_without_end_is_cut() -> None:
    respx.get("https://portal.example/login").respond(content=b"x" * 2000)
    with pytest.raises(PronoteError):
        await sign_in(VisitLimits(body_bytes=1000))


@respx.mock
async def test_a_portal_that_does_not_answer_is_told() -> None:
    respx.get("https://portal.example/login").mock(side_effect=httpx.ConnectError("no route"))
    with pytest.raises(UnreachableError, match=r"portal\.example"):
        await sign_in()


@respx.mock
async def test_a_redirect_that_keeps_the_method_takes_the_form_only_to_a_trusted_host() -> None:
    respx.get("https://portal.example/login").respond(html=FORM)
    respx.post("https://portal.example/login").respond(307, headers={"Location": "https://elsewhere.example/"})
    stolen = respx.post("https://elsewhere.example/").respond(html="thanks")
    with pytest.raises(EntChangedError):
        await sign_in()
    assert not stolen.called


async def test_cookies_stay_within_a_sign_in(http: httpx.AsyncClient, limits: VisitLimits, table: EntTable) -> None:
    page = pronote_page("cas.agora06.fr")
    host = httpx.URL(page).host
    sign_in = PortalSignIn(table.get("agora06"), limits)
    http.cookies.set("portal_session", "of an earlier sign-in", domain="cas.agora06.fr")
    await sign_in(http, page, "demonstration", "pronotevs")
    assert {cookie.domain for cookie in http.cookies.jar} <= {host}
    with pytest.raises(WrongCredentialsError):
        await sign_in(http, page, "demonstration", "wrong")
    assert {cookie.domain for cookie in http.cookies.jar} <= {host}


async def test_a_portal_without_tls_is_refused_unless_allowed(http: httpx.AsyncClient, table: EntTable) -> None:
    page = pronote_page("www.colleges.cg80.fr")
    with pytest.raises(EntAddressRefusedError):
        await PortalSignIn(table.get("extranet_colleges_somme"))(http, page, "demonstration", "pronotevs")


async def test_the_password_is_in_no_representation(simulator: RunningSimulator, table: EntTable) -> None:
    from carillon_pronote.ent.portal_visit import PortalVisit

    async with httpx.AsyncClient() as client:
        visit = PortalVisit(client, PAGE, "zoé", "s3cret", frozenset(), VisitLimits())
        assert "s3cret" not in repr(visit)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=400) | st.text(max_size=200).map(str.encode), login=st.booleans())
async def test_any_bytes_as_a_page_give_a_typed_error(body: bytes, login: bool) -> None:
    page = body + (FORM.encode() if login else b"")
    with respx.mock:
        respx.route(url__regex=re.compile(r".*")).respond(content=page, headers={"Content-Type": "text/html"})
        with pytest.raises(PronoteError):
            await sign_in()


@pytest.mark.parametrize(
    "inside",
    [
        "<p>Demande de bourse : le délai expire demain</p>",
        "<p>Mot de passe oublié ou invalide ? Voici l'aide.</p>",
        "<form><input name='search'><button>Chercher</button></form><footer>Charte d'utilisation</footer>",
        "<h2>Cantine : menu indisponible, cuisine en maintenance</h2>",
        "<div class='grecaptcha-badge'></div>",
        "<form>J'accepte la charte <input type='checkbox' name='accepter'></form>",
    ],
)
@respx.mock
async def test_words_of_the_portals_inner_pages_do_not_matter_when_pronote_opens(inside: str) -> None:
    respx.get("https://portal.example/login").respond(html=FORM)
    respx.post("https://portal.example/login").respond(html=f"<body>{inside}</body>")
    respx.get(PAGE).respond(html=START)
    assert (await sign_in()).is_success


@respx.mock
async def test_a_closed_portal_is_told_by_its_heading_too() -> None:
    respx.get("https://portal.example/login").respond(html="<title>Portail en maintenance</title><p>À lundi.</p>")
    with pytest.raises(EntUnavailableError, match=r"portal\.example"):
        await sign_in()


@respx.mock
async def test_a_captcha_after_the_password_is_told_when_it_ends_the_way() -> None:
    respx.get("https://portal.example/login").respond(html=FORM)
    respx.post("https://portal.example/login").respond(html="<form><div class='h-captcha'></div></form>")
    respx.get(PAGE).respond(302, headers={"Location": "https://portal.example/verify"})
    respx.get("https://portal.example/verify").respond(html="<p>Vérification</p>")
    with pytest.raises(EntCaptchaError):
        await sign_in()
