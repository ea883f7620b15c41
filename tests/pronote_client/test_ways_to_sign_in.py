"""By password, token, QR code, portal and second step, and every refusal."""

import base64
import json

import httpx
import pytest
import respx
from carillon_pronote import AccountKind, Device, PasswordCredentials, Pronote, SecurityAction, TokenCredentials, pages
from carillon_pronote.errors import (
    EntUnknownError,
    ProtocolError,
    SiteBusyError,
    TwoFactorNeededError,
    UnknownAccountError,
    UnreachableError,
    WrongCredentialsError,
    WrongPinError,
)
from pronote_servers import running_simulator

NAME = "PARENT Gaspard"
ROOT_ERA = "2025.2.8"


class Tokens:
    """Keeps what `on_token` was given."""

    def __init__(self) -> None:
        self.given: list[TokenCredentials] = []
        self.device: Device | None = None

    async def __call__(self, token: TokenCredentials, device: Device) -> None:
        self.given.append(token)
        self.device = device


@pytest.mark.parametrize("page", ["", "/", "/eleve.html", "/mobile.eleve.html?login=true"])
async def test_the_address_may_have_a_page(pronote: Pronote, site, page):
    session = await pronote.sign_in(site.root(ROOT_ERA) + page, "demonstration", "pronotevs")
    assert session.facts.resource.name == NAME


@pytest.mark.parametrize(
    ("username", "password"), [("demonstration", "wrong"), ("nobody", "pronotevs"), ("demonstration", "")]
)
async def test_wrong_credentials(pronote: Pronote, site, era, username, password):
    with pytest.raises(WrongCredentialsError) as caught:
        await pronote.sign_in(site.root(era), username, password)
    assert caught.value.code == 3
    assert "wrong" not in str(caught.value)


async def test_a_password_can_buy_a_token_and_each_token_the_next(pronote: Pronote, site, era):
    tokens = Tokens()
    device = Device()
    first = await pronote.sign_in(site.root(era), "demonstration", "pronotevs", device=device, on_token=tokens)
    assert first.facts.resource.name == NAME
    for _ in range(2):
        last = tokens.given[-1]
        session = await pronote.sign_in_with_token(
            site.root(era), last.username, last.token, tokens.device, on_token=tokens
        )
        assert session.facts.resource.name == NAME
    assert len({one.token for one in tokens.given}) == 3
    with pytest.raises(WrongCredentialsError):
        await pronote.sign_in_with_token(
            site.root(era), tokens.given[0].username, tokens.given[0].token, device, on_token=tokens
        )


async def test_a_token_is_bound_to_its_device(pronote: Pronote, site):
    tokens = Tokens()
    await pronote.sign_in(site.root(ROOT_ERA), "demonstration", "pronotevs", on_token=tokens)
    last = tokens.given[-1]
    with pytest.raises(WrongCredentialsError):
        await pronote.sign_in_with_token(site.root(ROOT_ERA), last.username, last.token, Device(), on_token=tokens)


async def test_the_next_token_is_handed_over_before_the_session_is(pronote: Pronote, site):
    async def refuse(token: TokenCredentials, device: Device) -> None:
        raise OSError("the store is full")

    with pytest.raises(OSError, match="the store is full"):
        await pronote.sign_in(site.root(ROOT_ERA), "demonstration", "pronotevs", on_token=refuse)


async def test_a_qr_code_of_our_own_signs_another_device_in(pronote: Pronote, site, era):
    owner = await pronote.sign_in(site.root(era), "demonstration", "pronotevs")
    code = await pages.qr_codes.create_qr_code(owner, "2468")
    tokens = Tokens()
    with pytest.raises(WrongPinError):
        await pronote.sign_in_with_qr_code(code, "1357", on_token=tokens)
    scanned = await pronote.sign_in_with_qr_code(json.dumps(code), "2468", on_token=tokens)
    assert scanned.facts.resource.name == NAME
    last = tokens.given[-1]
    session = await pronote.sign_in_with_token(
        site.root(era), last.username, last.token, tokens.device, on_token=tokens
    )
    assert session.facts.resource.name == NAME
    with pytest.raises(WrongCredentialsError):
        await pronote.sign_in_with_qr_code(code, "2468", on_token=tokens)


async def test_a_token_lost_on_the_way_leaves_the_password(pronote: Pronote, site, fault):
    tokens = Tokens()
    await pronote.sign_in(site.root(ROOT_ERA), "demonstration", "pronotevs", on_token=tokens)
    last = tokens.given[-1]
    fault("token-lost")
    with pytest.raises(SiteBusyError):
        await pronote.sign_in_with_token(site.root(ROOT_ERA), last.username, last.token, tokens.device, on_token=tokens)
    with pytest.raises(WrongCredentialsError):
        await pronote.sign_in_with_token(site.root(ROOT_ERA), last.username, last.token, tokens.device, on_token=tokens)
    assert await pronote.sign_in(site.root(ROOT_ERA), "demonstration", "pronotevs", on_token=tokens)


async def test_the_second_step_is_a_state_that_can_be_stored_and_finished(pronote: Pronote, site, fault):
    fault("two-factor", pin="4321")
    with pytest.raises(TwoFactorNeededError) as caught:
        await pronote.sign_in(site.root(ROOT_ERA), "demonstration", "pronotevs")
    pending = caught.value.pending
    assert pending.actions == {SecurityAction.ENTER_PIN}
    assert not await pending.verify_pin("0000")
    with pytest.raises(TwoFactorNeededError, match="PIN"):
        await pending.finish("a tablet")
    stored = json.loads(json.dumps(await pronote.export_pending(pending)))
    moved = pronote.restore_pending(stored, PasswordCredentials("demonstration", "pronotevs"))
    with pytest.raises(WrongPinError):
        await moved.finish("a tablet", pin="1111")
    session = await moved.finish("a tablet", pin="4321")
    assert session.facts.resource.name == NAME
    known = await pronote.sign_in(site.root(ROOT_ERA), "demonstration", "pronotevs", device=session.device)
    assert known.facts.resource.name == NAME


async def test_a_pin_given_at_once_needs_no_second_call(pronote: Pronote, site, fault):
    fault("two-factor", pin="4321")
    session = await pronote.sign_in(
        site.root(ROOT_ERA), "demonstration", "pronotevs", pin="4321", device=Device(name="d")
    )
    assert session.facts.resource.name == NAME
    with pytest.raises(WrongPinError):
        await pronote.sign_in(site.root(ROOT_ERA), "demonstration", "pronotevs", pin="9999")


async def test_a_device_that_only_needs_a_name_is_named(pronote: Pronote, site, fault):
    fault("two-factor", pin="4321", actions=[5])
    session = await pronote.sign_in(site.root(ROOT_ERA), "demonstration", "pronotevs")
    assert session.facts.resource.name == NAME


async def test_through_a_portal_the_one_time_credentials_of_the_page_are_used(pronote: Pronote, tmp_path):
    """The portals' own ways are tested elsewhere; all end by bringing a ticket to the Pronote page."""
    seen = []

    async def portal(http: httpx.AsyncClient, page_url: str, username: str, password: str) -> httpx.Response:
        seen.append((page_url, username, password))
        ticket = f"ST-{base64.urlsafe_b64encode(b'demonstration').decode().rstrip('=')}-1"
        page = await http.get(page_url, params={"ticket": ticket})
        while page.has_redirect_location:
            page = await http.send(page.next_request)
        return page

    with running_simulator(tmp_path, "--cas-url", "https://portal.example/login") as behind:
        root = behind.root(ROOT_ERA)
        session = await pronote.sign_in(root, "gaspard", "portal secret", ent=portal)
        assert session.facts.resource.name == NAME
        assert seen == [(f"{root}/eleve.html", "gaspard", "portal secret")]
        assert (await pages.timetable.read_week(session, 12)).lessons


async def test_a_portal_that_ends_on_an_ordinary_page_has_refused(pronote: Pronote, site):
    async def portal(http: httpx.AsyncClient, page_url: str, username: str, password: str) -> httpx.Response:
        return await http.get(page_url, params={"login": "true"})

    with pytest.raises(WrongCredentialsError, match="portal"):
        await pronote.sign_in(site.root(ROOT_ERA), "gaspard", "portal secret", ent=portal)


@respx.mock
async def test_a_school_behind_a_portal_says_which(pronote: Pronote):
    page = respx.get(url__startswith="https://school.example/pronote/eleve.html")
    page.respond(302, headers={"Location": "https://cas.example.fr/login?service=x"})
    with pytest.raises(EntUnknownError, match=r"cas\.example\.fr"):
        await pronote.sign_in("https://school.example/pronote", "a", "b")


@respx.mock
async def test_a_page_that_has_moved_to_tls_takes_the_session_along(pronote: Pronote):
    respx.get(url__startswith="http://school.example/").respond(
        301, headers={"Location": "https://school.example/pronote/eleve.html?login=true"}
    )
    page = "<body onload=\"try { Start ({h:'1',a:3}) } catch (e) {}\">PRONOTE 2025.2.8</body>"
    respx.get(url__startswith="https://school.example/").respond(200, text=page)
    calls = respx.post(url__startswith="https://school.example/pronote/appelfonction/3/1/").respond(503)
    with pytest.raises(SiteBusyError):
        await pronote.sign_in("http://school.example/pronote", "a", "b")
    assert calls.called


@respx.mock
async def test_a_page_is_not_followed_away_from_tls(pronote: Pronote):
    respx.get(url__startswith="https://school.example/").respond(
        302, headers={"Location": "http://school.example/pronote/eleve.html"}
    )
    with pytest.raises(ProtocolError, match="TLS"):
        await pronote.sign_in("https://school.example/pronote", "a", "b")


async def test_addresses_and_kinds_that_do_not_exist(pronote: Pronote, site):
    with pytest.raises(ProtocolError):
        await pronote.sign_in("school.example/pronote", "a", "b")
    with pytest.raises(UnreachableError):
        await pronote.sign_in("http://127.0.0.1:9/pronote", "a", "b")
    with pytest.raises(UnknownAccountError):
        AccountKind.named("headmistress")
    assert AccountKind.named("student") is AccountKind.named("ELEVE") is AccountKind.PUPIL
