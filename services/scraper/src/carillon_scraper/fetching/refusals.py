"""Why a request led to nothing usable: what a status or an error on the way means, in words."""

import re
import ssl
import zlib
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx
from carillon_kit.languages import Text
from carillon_kit.public_addresses import PrivateAddressError, UnknownHostError

from carillon_scraper.failures import ReadFailedError
from carillon_scraper.fetching.answer import Answer

_HINTS = {
    401: ("demande un identifiant", "asks for credentials"),
    403: ("refuse l'accès", "refuses access"),
    404: ("ne connaît pas cette adresse : vérifiez-la", "does not know this address: check it"),
    407: (
        "passe par un proxy qui refuse : vérifiez CARILLON_HTTP_PROXY",
        "is behind a proxy that refuses: check CARILLON_HTTP_PROXY",
    ),
    410: ("a retiré cette page", "has withdrawn this page"),
}


def host_of(url: str) -> str:
    """`host:port`, without an account."""
    return urlsplit(url).netloc.rpartition("@")[2]


def failure(
    code: str, fr: str, en: str, url: str, *, body: bytes | None = None, final: bool = False, transient: bool = False
) -> ReadFailedError:
    """Names the host only: the rest of an address may hold a secret."""
    host = host_of(url)
    return ReadFailedError(code, Text(f"{host} {fr}", f"{host} {en}"), body=body, final=final, transient=transient)


def refuse(answer: Answer) -> None:
    """Let pass what is a success or a redirect.

    Raises:
        ReadFailedError: `too-many-requests` or `http-status`.
    """
    status, url = answer.status, answer.url
    if status < HTTPStatus.BAD_REQUEST:
        return
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise failure("too-many-requests", "demande d'aller moins vite", "asks us to slow down", url, transient=True)
    fr, en = _HINTS.get(status, ("répond par une erreur", "answers with an error"))
    transient = status in (500, 502, 503, 504)
    raise failure(
        "http-status", f"{fr} (HTTP {status})", f"{en} (HTTP {status})", url, body=answer.body, transient=transient
    )


def explained(error: Exception, url: str, *, proxied: bool) -> ReadFailedError:
    """What befell a request on its way; `proxied` if a proxy stands between."""
    if isinstance(error, PrivateAddressError):
        return failure(
            "private-address",
            "est sur un réseau privé : CARILLON_ALLOW_PRIVATE_ADDRESSES=true l'autorise",
            "is on a private network: CARILLON_ALLOW_PRIVATE_ADDRESSES=true allows it",
            url,
            final=True,
        )
    if isinstance(error, (httpx.TimeoutException, TimeoutError)):
        return failure("timeout", "met trop de temps à répondre", "takes too long to answer", url, transient=True)
    if isinstance(error, (httpx.RemoteProtocolError, zlib.error)):
        return failure("truncated", "coupe sa réponse", "cuts its answer short", url, transient=True)
    if _is_certificate_error(error):
        return failure("certificate", "a un certificat invalide", "has an invalid certificate", url, final=True)
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
    return failure("unreachable", fr, en, url, transient=True)


def _is_certificate_error(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
