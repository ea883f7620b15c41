"""Sign in, sign out, who one is."""

from carillon_kit.languages import Text
from carillon_pronote import AccountKind
from carillon_pronote.errors import UnknownAccountError
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from carillon_pronote_gateway import gateway
from carillon_pronote_gateway.rest.parameters import Reading, Token
from carillon_pronote_gateway.rest.problem_answers import PROBLEMS
from carillon_pronote_gateway.sessions.sign_in import NO_PORTAL, Wish

router = APIRouter(prefix="/pronote/v1", tags=["session"], responses=PROBLEMS)


class SignIn(BaseModel):
    """What a person signs in with; nothing of it is kept but, with `remember`, a token of Pronote."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(min_length=8, max_length=2000, description="The school's Pronote.")
    username: str = Field(min_length=1, max_length=2000)
    password: SecretStr = Field(min_length=1, max_length=2000)
    cas: str = Field(default=NO_PORTAL, max_length=64, description="A portal's id (GET /pronote/v1/ents).")
    account: str = Field(default="student", description="student, parent, teacher, administration, attendant …")
    remember: bool = Field(default=False, description="Keep a Pronote token, sealed, to sign in again with.")
    publish: bool = Field(default=False, description="Publish the courses of the class, without names.")
    pin: SecretStr | None = Field(default=None, description="For accounts with two-factor authentication.")

    @field_validator("password", "pin")
    @classmethod
    def _is_whole(cls, value: SecretStr | None) -> SecretStr | None:
        """Python's JSON allows halves of characters (surrogates), which can be sent nowhere."""
        try:
            (value or SecretStr("")).get_secret_value().encode()
        except UnicodeEncodeError:
            raise ValueError(Text("un caractère n’est pas entier.", "half of a character.")) from None
        return value

    @field_validator("account")
    @classmethod
    def _is_known(cls, value: str) -> str:
        try:
            return AccountKind.named(value).code
        except UnknownAccountError:
            raise ValueError(Text("cette sorte de compte n’existe pas.", "no such kind of account.")) from None


class SessionToken(BaseModel):
    """The token of a new session."""

    token: str


class Me(BaseModel):
    """Who is signed in."""

    name: str
    account: str
    school: str
    students: list[str]
    kept_alive: bool
    remembered: bool


@router.post("/session", status_code=201)
async def sign_in(request: Request, response: Response, body: SignIn) -> SessionToken:
    """Sign in; the token goes into `Authorization: Bearer`."""
    serving = gateway.of(request)
    wish = Wish(**{**body.model_dump(exclude={"account"}), "account": AccountKind.named(body.account)})
    limits = await serving.limits.count(gateway.caller(request), serving.sessions.sign_ins.labels(wish)[0])
    response.headers.update(limits)
    return SessionToken(token=await serving.sessions.sign_in(wish))


@router.get("/session")
async def me(reading: Reading) -> Me:
    """Who is signed in, and for whom the account may ask."""
    held, facts = reading.held, reading.session.facts
    return Me(
        name=facts.resource.name,
        account=reading.session.account.code,
        school=facts.establishment,
        students=[pupil.name for pupil in facts.pupils],
        kept_alive=held.record.kept_alive,
        remembered=held.remembered is not None,
    )


@router.delete("/session", status_code=204)
async def sign_out(request: Request, token: Token) -> None:
    """End the session, everywhere."""
    await gateway.of(request).sessions.end(token)


@router.put("/session/keep-alive", status_code=204)
async def keep_alive(request: Request, reading: Reading) -> None:
    """Let the gateway keep the session alive until told otherwise."""
    await gateway.of(request).sessions.set_kept_alive(reading.held, wanted=True)


@router.delete("/session/keep-alive", status_code=204)
async def do_not_keep_alive(request: Request, reading: Reading) -> None:
    """Let the session end when nobody uses it."""
    await gateway.of(request).sessions.set_kept_alive(reading.held, wanted=False)
