"""The ordered channel of one session: numbers, enciphers and sends requests strictly one after the other (§5)."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

from carillon_pronote import crypto
from carillon_pronote.answers import check_error_object, check_signature
from carillon_pronote.cancellation import to_its_end
from carillon_pronote.eras import Era, Version
from carillon_pronote.errors import (
    ProtocolError,
    RateLimitedError,
    SessionExpiredError,
    SiteBusyError,
    SuspendedAddressError,
    UnreachableError,
)
from carillon_pronote.hosts import HostPauses
from carillon_pronote.http_answers import HttpAnswer, HttpSession, NotSentError, check_status
from carillon_pronote.start_page import read_start_page

Json = dict[str, Any]
WAITING = "SignatureAttente"  # a long operation: ask again later
MOST_WAITS = 20
_JSON = {"Content-Type": "application/json"}


@dataclass(slots=True)
class ChannelState:
    """All a session's place on the wire; plain values, so that it can be stored and moved.

    Attributes:
        root: address without its last component or slash: ``https://host/pronote``.
        space, session: numbers ``a`` and ``h``.
        order: number of the next request: 1, 3, 5, …
        key, answer_iv, iv: AES key; iv of the next answer; iv of the next request (zero for the very first).
    """

    root: str
    space: int
    session: int
    era: Era
    version: Version
    aes: bool
    compression: bool
    iv_material: bytes = field(repr=False)
    key: bytes = field(default=crypto.EMPTY_KEY, repr=False)
    order: int = 1

    @property
    def iv(self) -> bytes:
        """The iv of answers, and of requests from the second on."""
        return crypto.derive(self.iv_material)


class Channel:
    """Speaks ``appelfonction`` for one session.

    A request that was begun is always ended, even when its caller is cancelled: otherwise nobody would know the
    server's counter. After an answer that was lost the request counts as received, until the server says otherwise.
    """

    __slots__ = ("_hosts", "_in_doubt", "_lock", "http", "last_exchange", "state")

    def __init__(self, http: HttpSession, state: ChannelState, hosts: HostPauses) -> None:
        self.http = http
        self._hosts = hosts
        self._lock = asyncio.Lock()
        self._in_doubt = False
        self.state = state
        self.last_exchange = 0.0

    async def idle(self) -> ChannelState:
        """Wait until no exchange is under way and return the state."""
        async with self._lock:
            return self.state

    async def call(
        self, function: str, data: Mapping[str, Any] | None = None, signature: Mapping[str, Any] | None = None
    ) -> Json:
        """Call one function and return the content of ``data`` (and ``RapportSaisie`` beside it, when there is one).

        Raises:
            PronoteError: any of its kinds.
        """
        for _ in range(MOST_WAITS):
            content = await to_its_end(self._in_turn(function, data, signature))
            if WAITING not in content:
                return content
            await asyncio.sleep(_delay(content[WAITING]))
        raise SiteBusyError(f"{function} was still being prepared after {MOST_WAITS} requests")

    async def upload(self, function: str, file_id: str, name: str, content: bytes) -> Json:
        """Send a file ahead of the ``Saisie…`` request that names its ``file_id``; takes one order number."""
        return await to_its_end(self._upload_in_turn(function, file_id, name, content))

    async def _upload_in_turn(self, function: str, file_id: str, name: str, content: bytes) -> Json:
        async with self._lock:
            order, session, request, identifier, digest = self.state.era.upload
            fields = {
                order: self._order_number(),
                session: str(self.state.session),
                request: function,
                identifier: file_id,
                digest: "",
            }
            url = f"{self.state.root}/uploadfilesession/{self.state.space}/{self.state.session}"
            answer = await self._post(url, data=fields, files={"files[]": (name, content)})
            self.state.order += 2
            return answer

    async def _in_turn(
        self, function: str, data: Mapping[str, Any] | None, signature: Mapping[str, Any] | None
    ) -> Json:
        async with self._lock:
            try:
                return await self._exchange(function, data, signature)
            except SessionExpiredError:
                if not self._in_doubt:
                    raise
            # The request whose answer was lost never arrived: the server still waits for its number.
            self._in_doubt = False
            self.state.order -= 2
            return await self._exchange(function, data, signature)

    async def _exchange(
        self, function: str, data: Mapping[str, Any] | None, signature: Mapping[str, Any] | None
    ) -> Json:
        number = self._order_number()
        url = f"{self.state.root}/appelfonction/{self.state.space}/{self.state.session}/{number}"
        body = json.dumps(self._envelope(function, number, data, signature), separators=(",", ":"))
        answer = await self._post(url, content=body.encode(), headers=_JSON)
        self._check_turn(answer)
        self._in_doubt = False
        self.state.order += 2
        self.last_exchange = asyncio.get_running_loop().time()
        return self._open(answer)

    def _order_number(self) -> str:
        state = self.state
        return crypto.encrypt_text(str(state.order), state.key, crypto.NO_IV if state.order == 1 else state.iv)

    async def _post(self, url: str, **content: Any) -> Json:
        host = urlsplit(url).hostname or ""
        self._hosts.check(host)
        try:
            answer = self._read(await self.http.send("POST", url, **content))
        except (RateLimitedError, SuspendedAddressError) as error:
            self._hosts.note(host, error)
            raise
        except NotSentError:
            raise
        except (UnreachableError, ProtocolError):
            self.state.order += 2  # sent, answer lost: the server has most likely counted it
            self._in_doubt = True
            raise
        self._hosts.answered(host)
        return answer

    def _read(self, response: HttpAnswer) -> Json:
        """Parse an answer's JSON; a page instead of JSON is the notice it holds."""
        try:
            answer = json.loads(response.content)
        except (ValueError, RecursionError):
            if b"<" in response.content[:4096]:
                read_start_page(response.text)
            check_status(response)
            raise ProtocolError("an answer that is not JSON", self._version()) from None
        if not isinstance(answer, dict):
            raise ProtocolError("an answer that is no JSON object", self._version())
        check_error_object(answer)
        check_status(response)
        return cast("Json", answer)

    def _envelope(
        self, function: str, number: str, data: Mapping[str, Any] | None, signature: Mapping[str, Any] | None
    ) -> Json:
        state, era = self.state, self.state.era
        inner: Json = {}
        if signature is not None:
            inner[era.signature] = signature
        if data is not None:
            inner[era.data] = data
            if state.order == 1 and not state.version:
                inner["donnees"] = data  # the version is unknown: carry the names of both eras
        body = self._close(inner)
        return {"session": state.session, era.order: number, era.function: function, era.body: body}

    def _close(self, inner: Json) -> Json | str:
        state = self.state
        if not (state.aes or state.compression):
            return inner
        text = json.dumps(inner, separators=(",", ":"), ensure_ascii=False)
        content = crypto.deflate_request(text) if state.compression else text.encode()
        if not state.aes:
            return content.hex()
        return crypto.encrypt(content, state.key, crypto.NO_IV if state.order == 1 else state.iv).hex()

    def _open(self, answer: Json) -> Json:
        """Decipher an answer and return its data."""
        body = answer.get("dataSec", answer.get("donneesSec", {}))
        if isinstance(body, str):
            body = self._decipher(body)
        if not isinstance(body, dict):
            raise ProtocolError("a body that is no JSON object", self._version())
        check_error_object(body)
        check_signature(body)
        data = body.get("data", body.get("donnees", {}))
        if not isinstance(data, dict):
            raise ProtocolError("data that is no JSON object", self._version())
        for beside in ("RapportSaisie", WAITING):
            if beside in body:
                data.setdefault(beside, body[beside])
        return cast("Json", data)

    def _check_turn(self, answer: Json) -> None:
        number = answer.get("no", answer.get("numeroOrdre"))
        if answer.get("session") not in (None, 0, self.state.session, str(self.state.session)):
            raise SessionExpiredError("the answer belongs to another session")
        if not isinstance(number, str):
            return
        try:
            received = crypto.decrypt_text(number, self.state.key, self.state.iv)
        except ValueError:
            received = ""
        if received != str(self.state.order + 1):
            raise SessionExpiredError("the answer is not the one to this request")

    def _decipher(self, body: str) -> Any:
        state = self.state
        try:
            content = bytes.fromhex(body)
            if state.aes:
                content = crypto.decrypt(content, state.key, state.iv)
            if state.compression:
                content = crypto.inflate_answer(content, self.http.largest_answer)
            return json.loads(content)
        except (ValueError, RecursionError):
            raise ProtocolError("a body that does not decipher to JSON", self._version()) from None

    def _version(self) -> str:
        return ".".join(str(part) for part in self.state.version) or self.state.era.name


def _delay(waiting: Any) -> float:
    """Return how many seconds to wait before asking again; Pronote says it in milliseconds."""
    parameters = waiting.get("ParametresAtt") if isinstance(waiting, dict) else None
    delay = parameters.get("delai") if isinstance(parameters, dict) else None
    return min(max(delay / 1000, 0.1), 5.0) if isinstance(delay, int | float) else 1.0
