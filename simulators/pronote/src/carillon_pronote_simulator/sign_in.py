"""Identification, Authentification, second factor and QR codes (facts: PROTOCOL.md §6)."""

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from carillon_pronote_simulator.ciphers import (
    UnreadableError,
    byte_list,
    decrypt,
    encrypt,
    interleave_noise,
    login_key,
)
from carillon_pronote_simulator.eras import Era
from carillon_pronote_simulator.errors import access_denied
from carillon_pronote_simulator.school.accounts import Account, Kind
from carillon_pronote_simulator.school.school import School
from carillon_pronote_simulator.sessions import Attempt, Session
from carillon_pronote_simulator.typed import Json, datetime_value, explicit_set_value, set_value

LONGEST_DEVICE_NAME = 30
_SHORTEST_PIN = 4
_PIN_TRIES = 3
_QR_CODE_SECONDS = 600


@dataclass(frozen=True)
class _QrCode:
    token: str
    account: Account
    good_until: float


class SignIn:
    """The sign-in of one instance."""

    def __init__(self, era: Era, school: School) -> None:
        self._era = era
        self._school = school
        self._qr_codes: dict[str, _QrCode] = {}

    def account(self, kind: Kind, username: str) -> Account | None:
        """The account of that login; logins are compared without regard to case."""
        return self._school.accounts.get((kind, username.strip().lower()))

    def identification(self, session: Session, data: Json) -> Json:
        """Answer with the challenge; an unknown login gets one too, and fails later."""
        identifier = str(data.get("identifiant") or "")
        from_portal = data.get("pourENT") is True
        alea = "" if from_portal else secrets.token_hex(8).upper()
        attempt = self._attempt(session, data, identifier)
        account, secret = attempt
        # Stored logins are lower-case, so clients are told to lower theirs (modeCompLog).
        key = login_key(identifier.strip().lower(), secret, alea, from_portal=from_portal)
        challenge, answers = self._challenge(key, session.iv)
        device = str(data.get("uuidAppliMobile") or "")
        by_qr_code = data.get("demandeConnexionAppliMobileJeton") is True
        wants_token = (
            by_qr_code or data.get("enConnexionAppliMobile") is True or data.get("demandeConnexionAppliMobile") is True
        )
        session.attempt = Attempt(
            account=account,
            login_key=key,
            accepted_answers=frozenset(answers),
            device=device,
            gives_token=wants_token and bool(device),
            alias=identifier.lower() if by_qr_code else None,
            spent=identifier if by_qr_code else None,
        )
        answer: Json = {"challenge": challenge, "modeCompLog": 0 if from_portal else 1, "modeCompMdp": 0}
        if alea:
            answer["alea"] = alea
        if by_qr_code and account is not None:
            answer["login"] = account.username
        return answer

    def _attempt(self, session: Session, data: Json, identifier: str) -> tuple[Account | None, str]:
        """The account somebody claims to be, and the secret that would prove it."""
        unknown = secrets.token_hex(16)
        kind = session.space.kind
        if data.get("pourENT") is True:
            one_time = session.one_time
            if one_time is None or one_time[0] != identifier:
                return None, unknown
            return session.ticket_account, one_time[1]
        if data.get("demandeConnexionAppliMobileJeton") is True:
            code = self._qr_codes.get(identifier)
            fits = code is not None and code.account.kind == kind and time.monotonic() < code.good_until
            return (code.account, code.token) if code is not None and fits else (None, unknown)
        if data.get("enConnexionAppliMobile") is True:
            device = str(data.get("uuidAppliMobile") or "")
            known = next(self._known_as(kind, identifier, device), None)
            return (None, unknown) if known is None else (known, known.tokens.get(device, unknown))
        account = self.account(kind, identifier)
        return (account, account.password) if account is not None else (None, unknown)

    def _known_as(self, kind: Kind, identifier: str, device: str) -> Iterator[Account]:
        # pronotepy goes on with the temporary login of the QR code, pawnote with the real one.
        wanted = identifier.strip().lower()
        for account in self._school.accounts.values():
            if account.kind == kind and (account.username == wanted or account.aliases.get(device) == wanted):
                yield account

    def _challenge(self, key: bytes, iv: bytes) -> tuple[str, set[str]]:
        """A challenge in the style of the era, and the answers that solve it.

        Where the challenge is wrapped, the answer of a client that takes it for the plain text of the newest era is
        accepted too, since that proves the same knowledge.
        """
        plain = secrets.token_hex(16).upper()
        if self._era.challenge == "raw":
            return plain, {encrypt(plain.encode(), key, iv)}
        wrapped = encrypt(interleave_noise(plain).encode(), key, iv)
        return wrapped, {encrypt(plain.encode(), key, iv), encrypt(wrapped.encode(), key, iv)}

    def authentification(self, session: Session, data: Json) -> tuple[Json, bytes]:
        """The answer, and the session key to use after it (empty when refused)."""
        attempt, session.attempt = session.attempt, None
        if attempt is None or attempt.account is None:
            return {"Acces": 1}, b""
        if str(data.get("challenge") or "").lower() not in attempt.accepted_answers:
            return {"Acces": 1}, b""
        account = attempt.account
        if attempt.spent is not None:
            self._qr_codes.pop(attempt.spent, None)
        session.account = account
        new_key = secrets.token_bytes(16)
        answer: Json = {
            "libelleUtil": account.name,
            "cle": encrypt(byte_list(new_key), attempt.login_key, session.iv),
            "derniereConnexion": datetime_value(self._school.now - timedelta(days=1)),
            "login": account.username,
        }
        if attempt.gives_token:
            answer["jetonConnexionAppliMobile"] = self._new_token(account, attempt)
        security = account.security
        if security.actions and session.navigator not in security.known_devices:
            session.pending_actions = security.actions
            answer |= {
                "actionsDoubleAuth": explicit_set_value(security.actions),
                "modesPossibles": set_value((1, 2, 3)),
                "modeSecurisationParDefaut": security.mode,
                "reglesSaisieMDP": {"min": 8, "max": 64, "regles": set_value(range(5))},
                "codePINFixe": False,
            }
        return answer, new_key

    def _new_token(self, account: Account, attempt: Attempt) -> str:
        """A token for the device; the one it had before is worth nothing from now on."""
        token = secrets.token_hex(32).upper()
        account.tokens[attempt.device] = token
        if attempt.alias is not None:
            account.aliases[attempt.device] = attempt.alias
        return token

    def qr_code(self, session: Session, data: Json) -> Json:
        """`JetonAppliMobile`: a QR code for the account signed in, with the PIN the user chose."""
        pin = str(data.get("code") or "")
        if session.account is None or not pin.isdigit():
            raise access_denied()
        return self.make_qr_code(session.account, pin)

    def make_qr_code(self, account: Account, pin: str) -> Json:
        """The two members of a QR code: temporary login and token, ciphered with the PIN; good for ten minutes."""
        login, token = secrets.token_hex(8), secrets.token_hex(32)
        self._qr_codes[login] = _QrCode(token, account, time.monotonic() + _QR_CODE_SECONDS)
        return {
            "login": encrypt(login.encode(), pin.encode(), b""),
            "jeton": encrypt(token.encode(), pin.encode(), b""),
        }

    def second_factor(self, session: Session, data: Json) -> Json:
        """`SecurisationCompteDoubleAuth`: check a PIN or password, know a device name, or save all of it."""
        account = session.account
        if account is None:
            raise access_denied()
        action = data.get("action")
        if action == 0:
            return {"result": self._pin_fits(session, account, self._secret(session, data.get("codePin")))}
        if action == 1:
            return {"result": len(self._secret(session, data.get("nouveauMDP"))) >= 8}
        if action == 2:
            return {"dejaConnu": data.get("libelle") in account.security.known_devices.values()}
        if action == 3:
            return self._save(session, account, data)
        raise access_denied()

    @staticmethod
    def _secret(session: Session, ciphered: object) -> str:
        try:
            return decrypt(str(ciphered or ""), session.key, session.iv).decode()
        except (UnreadableError, UnicodeDecodeError):
            return ""

    @staticmethod
    def _pin_fits(session: Session, account: Account, pin: str) -> bool:
        security = account.security
        if security.wrong_pins >= _PIN_TRIES:
            return False
        session.pin_checked = pin == security.pin and bool(pin)
        security.wrong_pins = 0 if session.pin_checked else security.wrong_pins + 1
        return session.pin_checked

    def _save(self, session: Session, account: Account, data: Json) -> Json:
        """Register the device once everything the pending actions ask for is there."""
        security = account.security
        asked = set(session.pending_actions)
        name = str(data.get("strIdentification") or "")
        pin = self._secret(session, data.get("codePin"))
        password = self._secret(session, data.get("nouveauMDP"))
        complete = (
            (not asked & {2, 3, 4, 5} or 0 < len(name) <= LONGEST_DEVICE_NAME)
            and (3 not in asked or session.pin_checked)
            and (not asked & {2, 4} or (pin.isdigit() and len(pin) >= _SHORTEST_PIN))
            and (0 not in asked or len(password) >= 8)
            and (1 not in asked or data.get("mode") in (1, 2, 3))
        )
        if not complete:
            raise access_denied()
        if asked & {2, 4}:
            security.pin = pin
        if 0 in asked:
            account.password = password
        if 1 in asked:
            security.mode = int(data["mode"])
        security.known_devices[session.navigator] = name
        session.pending_actions = ()
        return {}
