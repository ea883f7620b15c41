"""Sign in: with a password, with a token of Pronote's mobile application, with a QR code."""

from typing import Annotated

from carillon_kit.languages import Text
from carillon_pronote import AccountKind, Device
from carillon_pronote.errors import UnknownAccountError
from fastapi import APIRouter, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from carillon_pronote_gateway import gateway
from carillon_pronote_gateway.rest.problem_answers import PROBLEMS
from carillon_pronote_gateway.sessions.record import Remembered
from carillon_pronote_gateway.sessions.sign_in import (
    NO_PORTAL,
    PasswordWish,
    QrCodeWish,
    SignedIn,
    TokenWish,
    Wish,
)

router = APIRouter(prefix="/pronote/v1", tags=["session"], responses=PROBLEMS)


def _whole(value: SecretStr) -> SecretStr:
    """Python's JSON allows halves of characters (surrogates), which can be sent nowhere."""
    try:
        value.get_secret_value().encode()
    except UnicodeEncodeError:
        raise ValueError(Text("un caractère n’est pas entier.", "half of a character.")) from None
    return value


def _known(value: str) -> str:
    try:
        return AccountKind.named(value).code
    except UnknownAccountError:
        raise ValueError(Text("cette sorte de compte n’existe pas.", "no such kind of account.")) from None


Secret = Annotated[SecretStr, AfterValidator(_whole)]
Address = Annotated[str, Field(min_length=8, max_length=2000, description="The school's Pronote.")]
Username = Annotated[str, Field(min_length=1, max_length=2000)]
Account = Annotated[
    str,
    AfterValidator(_known),
    Field(description="student, parent, teacher, administration, attendant …"),
]


class _SignIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    remember: bool = Field(default=False, description="Keep a Pronote token, sealed, to sign in again with.")
    publish: bool = Field(default=False, description="Publish the courses of the class, without names.")
    pin: Secret | None = Field(default=None, description="For accounts with two-factor authentication.")


class SignIn(_SignIn):
    """What a person signs in with; nothing of it is kept but, with `remember`, a token of Pronote."""

    url: Address
    username: Username
    password: Secret = Field(min_length=1, max_length=2000)
    cas: str = Field(default=NO_PORTAL, max_length=64, description="A portal's id (GET /pronote/v1/ents).")
    account: Account = "student"


class MobileDevice(BaseModel):
    """A device as Pronote knows it; its tokens are of use to it alone."""

    model_config = ConfigDict(extra="forbid")

    identifier: str = Field(min_length=1, max_length=64, description="A UUID of the device's own choosing.")
    navigator: str | None = Field(default=None, max_length=200, description="As Pronote gave it at the last sign-in.")
    name: str = Field(default="Carillon", max_length=30, description="Shown in the account's list of devices.")

    def known(self) -> Device:
        """As the client takes it."""
        return Device(self.identifier, self.navigator, self.name)


class TokenSignIn(_SignIn):
    """The last token that Pronote gave this device: every sign-in makes it worthless and gives the next one."""

    url: Address
    username: Username
    token: Secret = Field(min_length=1, max_length=2000)
    device: MobileDevice
    account: Account = "student"


class QrCode(BaseModel):
    """What Pronote's QR code holds, as it stands there. It is valid for ten minutes, and once."""

    login: str = Field(min_length=1, max_length=2000)
    jeton: str = Field(min_length=1, max_length=2000)
    url: Address


class QrCodeSignIn(_SignIn):
    """A QR code of Pronote ("Compte, code QR"), and the PIN that was chosen when it was made."""

    code: QrCode
    code_pin: Secret = Field(min_length=1, max_length=20)
    device: MobileDevice | None = Field(default=None, description="A new one without it.")


class SessionToken(BaseModel):
    """The token of a new session."""

    token: str


class PronoteToken(BaseModel):
    """What `POST /pronote/v1/session/token` takes the next time."""

    username: str
    token: str
    device: MobileDevice


class MobileSession(SessionToken):
    """The token of a new session, and Pronote's for the next one."""

    next: PronoteToken | None = Field(description="To be kept by the caller; null where the gateway does (`remember`).")


@router.post("/session", status_code=201)
async def sign_in(request: Request, response: Response, body: SignIn) -> SessionToken:
    """Sign in; the token goes into `Authorization: Bearer`."""
    wish = PasswordWish(**{**body.model_dump(), "account": AccountKind.named(body.account)})
    return SessionToken(token=(await _signed_in(request, response, wish)).token)


@router.post("/session/token", status_code=201)
async def sign_in_with_token(request: Request, response: Response, body: TokenSignIn) -> MobileSession:
    """Sign in with a token of Pronote's mobile application. An answer that is lost loses the next token with it."""
    given = {**body.model_dump(), "account": AccountKind.named(body.account), "device": body.device.known()}
    return _mobile(await _signed_in(request, response, TokenWish(**given)))


@router.post("/session/qr-code", status_code=201)
async def sign_in_with_qr_code(request: Request, response: Response, body: QrCodeSignIn) -> MobileSession:
    """Sign in with a QR code, also where a portal takes the password."""
    device = body.device.known() if body.device else Device()
    others = body.model_dump(exclude={"code", "code_pin", "device"})
    wish = QrCodeWish.reading(body.code.model_dump(), body.code_pin, device, **others)
    return _mobile(await _signed_in(request, response, wish))


async def _signed_in(request: Request, response: Response, wish: Wish) -> SignedIn:
    serving = gateway.of(request)
    limits = await serving.limits.count(gateway.caller(request), serving.sessions.sign_ins.labels(wish)[0])
    response.headers.update(limits)
    return await serving.sessions.sign_in(wish)


def _mobile(signed_in: SignedIn) -> MobileSession:
    kept = signed_in.handed_over
    return MobileSession(token=signed_in.token, next=None if kept is None else _shown(kept))


def _shown(kept: Remembered) -> PronoteToken:
    return PronoteToken(
        username=kept.username, token=kept.token.get_secret_value(), device=MobileDevice.model_validate(kept.device)
    )
