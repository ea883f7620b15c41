"""Who one is, keeping alive, sign out."""

from fastapi import APIRouter, Request
from pydantic import BaseModel

from carillon_pronote_gateway import gateway
from carillon_pronote_gateway.rest.parameters import Reading, Token
from carillon_pronote_gateway.rest.problem_answers import PROBLEMS

router = APIRouter(prefix="/pronote/v1", tags=["session"], responses=PROBLEMS)


class Me(BaseModel):
    """Who is signed in."""

    name: str
    account: str
    school: str
    students: list[str]
    kept_alive: bool
    remembered: bool


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
