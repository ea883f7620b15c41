"""The second step some accounts ask for after the password (PROTOCOL.md §6.5)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from enum import IntEnum
from typing import TYPE_CHECKING

from carillon_pronote import crypto
from carillon_pronote.credentials import TokenCredentials
from carillon_pronote.errors import TwoFactorNeededError, WrongPinError
from carillon_pronote.reading import Json, domain, entry, flag, integer, number, text
from carillon_pronote.sign_in import Handshake

if TYPE_CHECKING:
    from carillon_pronote.session import Session

LONGEST_DEVICE_NAME = 30
SHORTEST_PIN = 4
FUNCTION = "SecurisationCompteDoubleAuth"


class SecurityAction(IntEnum):
    """What Pronote asks for."""

    CHANGE_PASSWORD = 0
    CHOOSE_MODE = 1
    CHOOSE_PIN = 2
    ENTER_PIN = 3
    RENEW_PIN = 4
    NAME_DEVICE = 5


class SecurityMode(IntEnum):
    """How an account is secured."""

    UNDECIDED = 0
    INACTIVE = 1
    NOTIFICATION = 2
    PIN = 3


class TwoFactorPending:
    """A sign-in whose password was right and whose second step is open.

    Attributes:
        actions: what is asked for.
        modes: what the account may choose from, for ``CHOOSE_MODE``.
        default_mode: the mode Pronote proposes.
        password_length: least and greatest number of characters of a new password.
    """

    def __init__(self, handshake: Handshake, establish: Callable[[Handshake], Awaitable["Session"]]) -> None:
        self._handshake = handshake
        self._establish = establish
        self.actions = frozenset(
            SecurityAction(action) for action in handshake.actions if action in set(SecurityAction)
        )
        answer = handshake.authentication
        self.modes = tuple(SecurityMode(mode) for mode in domain(answer, "modesPossibles") if mode in set(SecurityMode))
        default = integer(answer, "modeSecurisationParDefaut")
        self.default_mode = SecurityMode(default) if default in set(SecurityMode) else SecurityMode.UNDECIDED
        rules = entry(answer, "reglesSaisieMDP")
        self.password_length = (number(rules, "min"), number(rules, "max"))

    @property
    def handshake(self) -> Handshake:
        """The open sign-in, for storing and moving it."""
        return self._handshake

    async def verify_pin(self, pin: str) -> bool:
        """Ask whether the PIN is the account's; Pronote counts wrong ones and allows three."""
        return flag(await self._ask({"action": 0, "codePin": self._secret(pin)}), "result")

    async def check_new_password(self, password: str) -> bool:
        """Ask whether a new password satisfies the school's rules."""
        return flag(await self._ask({"action": 1, "nouveauMDP": self._secret(password)}), "result")

    async def device_is_known(self, name: str) -> bool:
        """Ask whether a device of that label is already registered."""
        return flag(await self._ask({"action": 2, "libelle": name}), "dejaConnu")

    async def finish(
        self,
        device_name: str | None = None,
        *,
        pin: str | None = None,
        new_password: str | None = None,
        mode: SecurityMode | None = None,
    ) -> "Session":
        """Give what is asked for and open the session; the device is then known and not asked again.

        Raises:
            WrongPinError: the PIN is not the account's.
            TwoFactorNeededError: something that is asked for was not given; ``detail`` names it.
        """
        name = (device_name or self._handshake.device.name)[:LONGEST_DEVICE_NAME]
        self._insist(pin, new_password, mode)
        data: Json = {"action": 3, "avecIdentification": True, "strIdentification": name}
        if mode is not None:
            data["mode"] = int(mode)
        if pin is not None:
            if SecurityAction.ENTER_PIN in self.actions and not await self.verify_pin(pin):
                raise WrongPinError
            data["codePin"] = self._secret(pin)
        if new_password is not None:
            data["nouveauMDP"] = self._secret(new_password)
        await self._keep_token(await self._ask(data), name)
        return await self._establish(self._handshake)

    def _insist(self, pin: str | None, new_password: str | None, mode: SecurityMode | None) -> None:
        with_pin = {SecurityAction.ENTER_PIN, SecurityAction.CHOOSE_PIN, SecurityAction.RENEW_PIN}
        missing = []
        if self.actions & with_pin and pin is None:
            missing.append("a PIN")
        elif self.actions & {SecurityAction.CHOOSE_PIN, SecurityAction.RENEW_PIN} and len(pin or "") < SHORTEST_PIN:
            missing.append(f"a PIN of at least {SHORTEST_PIN} digits")
        if SecurityAction.CHANGE_PASSWORD in self.actions and new_password is None:
            missing.append("a new password")
        if SecurityAction.CHOOSE_MODE in self.actions and mode is None:
            missing.append("a mode of securing the account")
        if missing:
            raise TwoFactorNeededError(self._handshake.actions, f"missing: {', '.join(missing)}", self)

    async def _keep_token(self, answer: Json, name: str) -> None:
        handshake = self._handshake
        handshake.device = replace(handshake.device, name=name)
        token = text(answer, "jetonConnexionAppliMobile")
        if not token:
            return
        if handshake.request.on_token is not None:
            await handshake.request.on_token(TokenCredentials(handshake.username, token), handshake.device)
        handshake.token = token

    async def _ask(self, data: Json) -> Json:
        return await self._handshake.channel.call(FUNCTION, data)

    def _secret(self, value: str) -> str:
        state = self._handshake.channel.state
        return crypto.encrypt_text(value, state.key, state.iv)
