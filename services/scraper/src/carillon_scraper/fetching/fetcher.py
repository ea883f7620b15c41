"""One request: its turn at the host, its limits of time and size, its tries, and what an answer's status means."""

import asyncio
import email.utils
import re
import ssl
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urljoin, urlsplit

import httpx
import stamina
from carillon_kit.languages import Text
from carillon_kit.public_addresses import ChosenAddressTransport, PrivateAddressError, UnknownHostError

from carillon_scraper import metrics
from carillon_scraper.failures import ReadFailedError
from carillon_scraper.fetching.hosts import Hosts
from carillon_scraper.settings import Settings

MAX_REDIRECTS = 5
DEFAULT_RETRY_AFTER_S = 30.0
_LOGIN = re.compile(
    r"(?:^|[/._-])(?:(?:ldap)?log-?[io]n|cas|saml2?|shibboleth|idp|oauth2?|sso|sign-?in|adfs)(?:[/._?:-]|$)",
    re.IGNORECASE,
)
_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")
"""To a proxy these would be itself."""
_HINTS = {
    401: ("demande un identifiant", "asks for credentials"),
    403: ("refuse l'accès", "refuses access"),
    407: (
        "passe par un proxy qui refuse : vérifiez CARILLON_HTTP_PROXY",
        "is behind a proxy that refuses: check CARILLON_HTTP_PROXY",
    ),
    404: ("ne connaît pas cette adresse : vérifiez-la", "does not know this address: check it"),
    410: ("a retiré cette page", "has withdrawn this page"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent, unpacked."""

    status: int
    url: str
    headers: httpx.Headers
    body: bytes


class Fetcher:
    """Asks servers for bytes; shared by all sources, since politeness is due to the host, not to the source."""

    def __init__(self, settings: Settings, client: httpx.AsyncClient, hosts: Hosts) -> None:
        self._settings, self._client, self._hosts = settings, client, hosts

    async def request(
        self,
        method: str,
        url: str,
        *,
        form: Mapping[str, str | list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        cookies: httpx.Cookies | None = None,
        follow_redirects: bool = False,
        accept_redirect: bool = False,
    ) -> Answer:
        """Ask once, and again where another try may help.

        With `accept_redirect` a redirect is handed back as it is; with `follow_redirects` it is followed.

        Raises:
            ReadFailedError: `unreachable`, `timeout`, `certificate`, `private-address`, `redirected`, `login-needed`,
                `http-status`, `too-many-requests`, `too-large`, `truncated`, `circuit-open`, `host-busy`,
                `bad-address`.
        """
        for _ in range(MAX_REDIRECTS):
            request = self._built(method, url, form, headers)
            if cookies is not None:
                cookies.set_cookie_header(request)
            answer = await self._tried(request)
            if cookies is not None:
                cookies.extract_cookies(httpx.Response(answer.status, headers=answer.headers, request=request))
            if not _is_redirect(answer) or accept_redirect:
                return answer
            url = self._followed(answer, url, allowed=follow_redirects)
            method, form = "GET", None
        raise _failure("redirected", "redirige sans fin", "redirects without end", url)

    def _built(
        self, method: str, url: str, form: Mapping[str, str | list[str]] | None, headers: Mapping[str, str] | None
    ) -> httpx.Request:
        try:
            return self._client.build_request(method, url, data=form, headers=headers)
        except (httpx.InvalidURL, ValueError) as error:
            raise ReadFailedError(
                "bad-address", Text("L'adresse est impossible", "The address is impossible")
            ) from error

    async def _tried(self, request: httpx.Request) -> Answer:
        settings = self._settings
        async for attempt in stamina.retry_context(
            on=lambda error: isinstance(error, ReadFailedError) and error.transient,
            attempts=settings.request_tries,
            timeout=None,
            wait_initial=settings.retry_pause_s,
            wait_max=60.0,
            wait_jitter=settings.retry_pause_s / 2,
        ):
            with attempt:
                return await self._once(request)
        raise AssertionError("the last try returns or raises")

    async def _once(self, request: httpx.Request) -> Answer:
        host = _name(str(request.url))
        async with self._hosts.turn(host):
            try:
                async with asyncio.timeout(self._settings.answer_timeout_s):
                    answer = await self._received(request)
                _refuse_status(answer, self._hosts)
            except ReadFailedError as error:
                self._note(host, error)
                raise
            except (httpx.HTTPError, TimeoutError, zlib.error) as error:
                failure = _explained(error, str(request.url), proxied=self._settings.http_proxy is not None)
                self._note(host, failure)
                raise failure from error
        self._hosts.succeeded(host)
        metrics.REQUESTS.labels(host, "answered").inc()
        return answer

    def _note(self, host: str, failure: ReadFailedError) -> None:
        metrics.REQUESTS.labels(host, failure.code).inc()
        if failure.transient:
            self._hosts.failed(host)

    async def _received(self, request: httpx.Request) -> Answer:
        response = await self._client.send(request, stream=True)
        try:
            body = bytearray()
            async for piece in _unpacked(response):
                body += piece
                if len(body) > self._settings.answer_max_bytes:
                    megabytes = self._settings.answer_max_bytes / 1e6
                    raise _failure(
                        "too-large",
                        f"envoie plus de {megabytes:.0f} Mo, lecture abandonnée",
                        f"sends more than {megabytes:.0f} MB, given up",
                        str(request.url),
                    )
        finally:
            await response.aclose()
        metrics.RECEIVED.labels(_name(str(request.url))).inc(len(body))
        return Answer(response.status_code, str(request.url), response.headers, bytes(body))

    def _followed(self, answer: Answer, url: str, *, allowed: bool) -> str:
        target = urljoin(url, str(answer.headers.get("location", "")))
        if _LOGIN.search(target):
            raise _failure("login-needed", "demande de se connecter", "asks for a login", url, final=True)
        downgraded = url.startswith("https:") and not target.startswith("https:")
        if not allowed or downgraded or not target.startswith(("http://", "https://")):
            shown = _name(target) or "?"
            raise _failure(
                "redirected",
                f"renvoie vers une autre adresse ({shown}) : mettez la nouvelle dans le fichier des sources",
                f"redirects to another address ({shown}): put the new one into the sources file",
                url,
            )
        return target


@asynccontextmanager
async def open_fetcher(settings: Settings) -> AsyncIterator[Fetcher]:
    """A fetcher with its connections."""
    proxy = settings.http_proxy
    direct = _transport(settings, None)
    transport = direct if proxy is None else _transport(settings, httpx.Proxy(proxy.get_secret_value().strip()))
    contact = f" (+{settings.operator_contact})" if settings.operator_contact else ""
    hosts = Hosts(
        pause_s=settings.request_pause_s,
        failures_before_rest=settings.failures_before_rest,
        rest_s=settings.rest_s,
    )
    async with httpx.AsyncClient(
        transport=transport,
        mounts={f"all://{host}": direct for host in _THIS_MACHINE},
        timeout=settings.request_timeout_s,
        headers={"User-Agent": f"Carillon/0.1{contact}", "Accept-Encoding": "gzip", "Accept": "*/*"},
        follow_redirects=False,
        trust_env=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # each source keeps its own
    ) as client:
        yield Fetcher(settings, client, hosts)


def _transport(settings: Settings, proxy: httpx.Proxy | None) -> httpx.AsyncBaseTransport:
    limits = httpx.Limits(max_connections=50, max_keepalive_connections=20, keepalive_expiry=30)
    return ChosenAddressTransport(
        httpx.AsyncHTTPTransport(proxy=proxy, limits=limits),
        allow_private=settings.allow_private_addresses,
        proxied=proxy is not None,
    )


async def _unpacked(response: httpx.Response) -> AsyncIterator[bytes]:
    """The body in pieces of at most 1 MB, so that a small packed answer cannot fill the memory at once."""
    if response.headers.get("content-encoding", "identity").lower() not in ("gzip", "x-gzip", "deflate"):
        async for piece in response.aiter_raw():
            yield piece
        return
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    async for piece in response.aiter_raw():
        rest = piece
        while rest and not unpacker.eof:
            yield unpacker.decompress(rest, 1_000_000)
            rest = unpacker.unconsumed_tail
    yield unpacker.flush()
    if not unpacker.eof:
        raise httpx.RemoteProtocolError("the packed answer is cut short")


def _refuse_status(answer: Answer, hosts: Hosts) -> None:
    status, url = answer.status, answer.url
    if status < HTTPStatus.BAD_REQUEST:
        return
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE) and "retry-after" in answer.headers:
        hosts.postpone(_name(url), _retry_after(answer.headers["retry-after"]))
    elif status == HTTPStatus.TOO_MANY_REQUESTS:
        hosts.postpone(_name(url), DEFAULT_RETRY_AFTER_S)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise _failure("too-many-requests", "demande d'aller moins vite", "asks us to slow down", url, transient=True)
    fr, en = _HINTS.get(status, ("répond par une erreur", "answers with an error"))
    transient = status in (500, 502, 503, 504)
    raise _failure(
        "http-status", f"{fr} (HTTP {status})", f"{en} (HTTP {status})", url, body=answer.body, transient=transient
    )


def _retry_after(value: str) -> float:
    """Seconds, or the time until an HTTP date."""
    if value.strip().isdigit():
        return float(value.strip())
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return DEFAULT_RETRY_AFTER_S
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())


def _explained(error: Exception, url: str, *, proxied: bool) -> ReadFailedError:
    if isinstance(error, PrivateAddressError):
        return _failure(
            "private-address",
            "est sur un réseau privé : CARILLON_ALLOW_PRIVATE_ADDRESSES=true l'autorise",
            "is on a private network: CARILLON_ALLOW_PRIVATE_ADDRESSES=true allows it",
            url,
            final=True,
        )
    if isinstance(error, (httpx.TimeoutException, TimeoutError)):
        return _failure("timeout", "met trop de temps à répondre", "takes too long to answer", url, transient=True)
    if isinstance(error, (httpx.RemoteProtocolError, zlib.error)):
        return _failure("truncated", "coupe sa réponse", "cuts its answer short", url, transient=True)
    if _is_certificate_error(error):
        return _failure("certificate", "a un certificat invalide", "has an invalid certificate", url, final=True)
    return _unreachable(error, url, proxied=proxied)


def _unreachable(error: Exception, url: str, *, proxied: bool) -> ReadFailedError:
    fr, en = "est injoignable", "cannot be reached"
    if isinstance(error, UnknownHostError):
        fr, en = "a un nom inconnu ici", "has a name that is unknown here"
        if proxied:
            fr += " : CARILLON_ALLOW_PRIVATE_ADDRESSES=true laisse le proxy le chercher"
            en += ": CARILLON_ALLOW_PRIVATE_ADDRESSES=true leaves the look-up to the proxy"
    elif proxied:
        status = re.match(r"\d{3}", str(error))
        said = f" ({status[0]})" if status else ""
        fr, en = f"{fr} par CARILLON_HTTP_PROXY{said}", f"{en} through CARILLON_HTTP_PROXY{said}"
    return _failure("unreachable", fr, en, url, transient=True)


def _is_certificate_error(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _failure(
    code: str, fr: str, en: str, url: str, *, body: bytes | None = None, final: bool = False, transient: bool = False
) -> ReadFailedError:
    """Names the host only: the rest of an address may hold a secret."""
    host = _name(url)
    return ReadFailedError(code, Text(f"{host} {fr}", f"{host} {en}"), body=body, final=final, transient=transient)


def _is_redirect(answer: Answer) -> bool:
    return answer.status in (301, 302, 303, 307, 308)


def _name(url: str) -> str:
    return str(urlsplit(url).netloc.rpartition("@")[2])
