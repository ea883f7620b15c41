"""One request: its turn at the host, its limits of time and size, and its tries."""

import asyncio
import re
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urljoin

import httpx
import stamina
from carillon_kit.languages import Text
from carillon_kit.public_addresses import CheckedTransport

from carillon_scraper import metrics
from carillon_scraper.failures import ReadFailedError
from carillon_scraper.fetching.answer import Answer
from carillon_scraper.fetching.hosts import Hosts
from carillon_scraper.fetching.refusals import explained, failure, host_of, refuse
from carillon_scraper.settings import Settings

MAX_REDIRECTS = 5
_LOGIN = re.compile(
    r"(?:^|[/._-])(?:(?:ldap)?log-?[io]n|cas|saml2?|shibboleth|idp|oauth2?|sso|sign-?in|adfs)(?:[/._?:-]|$)",
    re.IGNORECASE,
)
_LIMITS = httpx.Limits(max_connections=50, max_keepalive_connections=20, keepalive_expiry=30)


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
        expected: frozenset[str] = frozenset(),
    ) -> Answer:
        """Ask once, and again where another try may help.

        With `accept_redirect` a redirect is handed back as it is; with `follow_redirects` it is followed. Errors of an
        `expected` code are an answer to this question: it is not asked again, and the host is not left alone for them.

        Raises:
            ReadFailedError: `unreachable`, `timeout`, `certificate`, `private-address`, `redirected`, `login-needed`,
                `http-status`, `too-many-requests`, `too-large`, `truncated`, `circuit-open`, `host-busy`,
                `bad-address`.
        """
        for _ in range(MAX_REDIRECTS):
            request = self._built(method, url, form, headers)
            if cookies is not None:
                cookies.set_cookie_header(request)
            answer = await self._tried(request, expected)
            if cookies is not None:
                cookies.extract_cookies(httpx.Response(answer.status, headers=answer.headers, request=request))
            if not answer.is_redirect or accept_redirect:
                return answer
            url = self._followed(answer, url, allowed=follow_redirects)
            method, form = "GET", None
        raise failure("redirected", "redirige sans fin", "redirects without end", url)

    def _built(
        self, method: str, url: str, form: Mapping[str, str | list[str]] | None, headers: Mapping[str, str] | None
    ) -> httpx.Request:
        try:
            return self._client.build_request(method, url, data=form, headers=headers)
        except (httpx.InvalidURL, ValueError) as error:
            raise ReadFailedError(
                "bad-address", Text("L'adresse est impossible", "The address is impossible")
            ) from error

    async def _tried(self, request: httpx.Request, expected: frozenset[str]) -> Answer:
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
                return await self._once(request, expected)
        raise AssertionError("the last try returns or raises")

    async def _once(self, request: httpx.Request, expected: frozenset[str]) -> Answer:
        host = host_of(str(request.url))
        async with self._hosts.turn(host):
            try:
                answer = await self._whole(request)
                if answer.patience_s is not None:
                    self._hosts.postpone(host, answer.patience_s)
                refuse(answer)
            except ReadFailedError as error:
                metrics.REQUESTS.labels(host, error.code).inc()
                error.transient = error.transient and error.code not in expected
                if error.transient:
                    self._hosts.failed(host)
                raise
        self._hosts.succeeded(host)
        metrics.REQUESTS.labels(host, "answered").inc()
        return answer

    async def _whole(self, request: httpx.Request) -> Answer:
        try:
            async with asyncio.timeout(self._settings.answer_timeout_s):
                return await self._received(request)
        except (httpx.HTTPError, TimeoutError, zlib.error) as error:
            raise explained(error, str(request.url), proxied=self._settings.http_proxy is not None) from error

    async def _received(self, request: httpx.Request) -> Answer:
        response = await self._client.send(request, stream=True)
        try:
            body = bytearray()
            async for piece in _unpacked(response):
                body += piece
                if len(body) > self._settings.answer_max_bytes:
                    megabytes = self._settings.answer_max_bytes / 1e6
                    raise failure(
                        "too-large",
                        f"envoie plus de {megabytes:.0f} Mo, lecture abandonnée",
                        f"sends more than {megabytes:.0f} MB, given up",
                        str(request.url),
                    )
        finally:
            await response.aclose()
        metrics.RECEIVED.labels(host_of(str(request.url))).inc(len(body))
        return Answer(response.status_code, str(request.url), response.headers, bytes(body))

    def _followed(self, answer: Answer, url: str, *, allowed: bool) -> str:
        target = urljoin(url, str(answer.headers.get("location", "")))
        if _LOGIN.search(target):
            raise failure("login-needed", "demande de se connecter", "asks for a login", url, final=True)
        downgraded = url.startswith("https:") and not target.startswith("https:")
        if not allowed or downgraded or not target.startswith(("http://", "https://")):
            shown = host_of(target) or "?"
            raise failure(
                "redirected",
                f"renvoie vers une autre adresse ({shown}) : mettez la nouvelle dans le fichier des sources",
                f"redirects to another address ({shown}): put the new one into the sources file",
                url,
            )
        return target


@asynccontextmanager
async def open_fetcher(settings: Settings) -> AsyncIterator[Fetcher]:
    """A fetcher with its connections."""
    contact = f" (+{settings.operator_contact})" if settings.operator_contact else ""
    hosts = Hosts(
        pause_s=settings.request_pause_s,
        failures_before_rest=settings.failures_before_rest,
        rest_s=settings.rest_s,
    )
    async with httpx.AsyncClient(
        transport=CheckedTransport(settings.proxy, allow_private=settings.allow_private_addresses, limits=_LIMITS),
        timeout=settings.request_timeout_s,
        headers={"User-Agent": f"Carillon/0.1{contact}", "Accept-Encoding": "gzip", "Accept": "*/*"},
        follow_redirects=False,
        trust_env=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # each source keeps its own
    ) as client:
        yield Fetcher(settings, client, hosts)


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
