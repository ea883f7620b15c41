"""One simulated Pronote: a school, the era it speaks, its sessions and its faults."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from carillon_pronote_simulator.ciphers import (
    UnreadableError,
    decrypt,
    pack_answer,
    read_iv,
    unpack_request,
)
from carillon_pronote_simulator.eras import Era
from carillon_pronote_simulator.errors import (
    access_denied,
    page_expired,
    page_unavailable,
    too_many_requests,
)
from carillon_pronote_simulator.faults import Faults
from carillon_pronote_simulator.pages.call import Call
from carillon_pronote_simulator.pages.parameters import parameters
from carillon_pronote_simulator.pages.registry import answer
from carillon_pronote_simulator.pages.user import LARGEST_UPLOAD
from carillon_pronote_simulator.portal import Portal
from carillon_pronote_simulator.school.school import School
from carillon_pronote_simulator.sessions import Session, SessionStore
from carillon_pronote_simulator.sign_in import SignIn
from carillon_pronote_simulator.typed import Json

_BEFORE_SIGN_IN = ("FonctionParametres", "Identification", "Authentification")


@dataclass
class Instance:
    """The state of one site; `path` is where it is served, such as `/pronote`."""

    era: Era
    path: str
    school: School
    encrypted: bool
    compressed: bool
    cas_url: str | None
    sessions: SessionStore
    faults: Faults = field(default_factory=Faults)
    counters: Counter[str] = field(default_factory=Counter)
    portal: Portal | None = None
    _navigators: int = 0

    def __post_init__(self) -> None:
        """Prepare what the other members decide."""
        self.sign_in = SignIn(self.era, self.school)
        if self.cas_url is not None:
            self.portal = Portal(self.cas_url, self.school)

    def call(self, number: int, order_in_path: str, body: Any) -> Json:
        """Answer one call of `appelfonction`.

        Raises:
            PronoteError: the session ended, the order is wrong, or the function refuses.
        """
        if not isinstance(body, dict):
            raise page_unavailable("")
        function = str(body.get(self.era.function) or body.get("id") or body.get("nom") or "")
        self.counters["calls"] += 1
        self.counters[f"call:{function}"] += 1
        session = self.sessions.get(number)
        if session is None:
            raise page_expired()
        self._strike(session, function)
        self._check_order(session, order_in_path, body)
        inner = self._inner(session, body)
        data = self._section(inner, "data", "donnees", "donnes")
        signature = self._section(inner, "Signature", "_Signature_")
        return self._answered(session, function, data, signature)

    def upload(self, number: int, fields: dict[str, str], name: str, content: bytes) -> Json:
        """Keep an uploaded file until a call refers to it; it takes one pair of order numbers.

        Raises:
            PronoteError: the session ended or the order is wrong.
        """
        session = self.sessions.get(number)
        if session is None or session.account is None:
            raise page_expired()
        new = self.era.new_upload_names
        order = fields.get("u_no" if new else "numeroOrdre", "")
        identifier = fields.get("u_idF" if new else "idFichier", "")
        self._check_order(session, order, {self.era.order: order})
        accepted = bool(identifier) and len(content) <= LARGEST_UPLOAD
        if accepted:
            session.uploads[identifier] = (name, content)
        session.next_order += 2
        return {"etat": 1 if accepted else 2, "numeroOrdre": session.order_text(session.next_order - 1)}

    def _strike(self, session: Session, function: str) -> None:
        fault = self.faults.strike("expired-session", "rate-limit", function=function)
        if fault is not None and fault.name == "expired-session":
            self.sessions.close(session.number)
            raise page_expired(fault.kind)
        if fault is not None:
            raise too_many_requests()

    def _check_order(self, session: Session, order_in_path: str, body: Json) -> None:
        """The order number has to be the next odd one, the same in the address and in the body."""
        order = str(body.get(self.era.order) or body.get("no") or body.get("numeroOrdre") or "")
        try:
            plain = decrypt(order, session.key, session.iv)
        except UnreadableError:
            raise page_expired(11) from None
        if order.lower() != order_in_path.lower() or plain != str(session.next_order).encode():
            raise page_expired(11)

    def _inner(self, session: Session, body: Json) -> Json:
        secure = body.get(self.era.secure, body.get("dataSec", body.get("donneesSec", {})))
        try:
            return unpack_request(
                secure, encrypted=self.encrypted, compressed=self.compressed, key=session.key, iv=session.iv
            )
        except UnreadableError:
            raise page_expired(14) from None

    @staticmethod
    def _section(inner: Json, *names: str) -> Json:
        found: Any = next((inner[name] for name in names if name in inner), {})
        return found if isinstance(found, dict) else {}

    def _answered(self, session: Session, function: str, data: Json, signature: Json) -> Json:
        """Run the function; the order only advances when it succeeds."""
        new_key = b""
        beside: Json = {}
        if function == "FonctionParametres":
            content = self._first_answer(session, data)
        elif function in _BEFORE_SIGN_IN:
            content, new_key = self._signing_in(session, function, data)
        else:
            content, beside = self._page(session, function, data, signature)
        session.next_order += 1
        envelope = self._envelope(session, function, content, beside)
        # The answer to Authentification still travels under the old key.
        session.key = new_key or session.key
        session.next_order += 1
        return envelope

    def _first_answer(self, session: Session, data: Json) -> Json:
        if session.iv:
            raise page_expired()
        try:
            session.iv = read_iv(str(data.get("Uuid") or ""), ciphered=self.era.own_rsa_key)
        except UnreadableError:
            raise page_unavailable("FonctionParametres") from None
        self._navigators += 1
        session.navigator = str(data.get("identifiantNav") or f"NAV-{self.school.seed:04X}-{self._navigators:08X}")
        return parameters(self.era, self.school, session, session.navigator)

    def _signing_in(self, session: Session, function: str, data: Json) -> tuple[Json, bytes]:
        if not session.iv or session.account is not None:
            raise page_expired()
        if function == "Identification":
            return self.sign_in.identification(session, data), b""
        content, key = self.sign_in.authentification(session, data)
        self.counters["sign-ins" if key else "refused-sign-ins"] += 1
        return content, key

    def _page(self, session: Session, function: str, data: Json, signature: Json) -> tuple[Json, Json]:
        account = session.account
        if account is None:
            raise access_denied()
        if function == "SecurisationCompteDoubleAuth":
            return self.sign_in.second_factor(session, data), {}
        if session.pending_actions and function not in ("Navigation", "Presence", "SaisieDeconnexion"):
            raise access_denied()
        if function == "JetonAppliMobile":
            return self.sign_in.qr_code(session, data), {}
        if function == "SaisieDeconnexion":
            self.sessions.close(session.number)
            return {}, {}
        beside: Json = {}
        return answer(Call(self.era, self.school, session, account, function, signature, data, beside)), beside

    def _envelope(self, session: Session, function: str, content: Json, beside: Json) -> Json:
        inner: Json = {self.era.data: content, self.era.signature: {}}
        if self.era.names_function_inside:
            inner = {"nom": function, **inner}
        if beside:
            inner["RapportSaisie"] = beside
        wrong = self.faults.strike("wrong-order", function=function)
        return {
            self.era.function: function,
            "session": session.number,
            self.era.order: session.order_text(session.next_order + (7 if wrong else 0)),
            self.era.secure: pack_answer(
                inner, encrypted=self.encrypted, compressed=self.compressed, key=session.key, iv=session.iv
            ),
        }
