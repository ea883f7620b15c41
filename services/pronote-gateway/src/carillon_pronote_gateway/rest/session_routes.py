"""Who one is, keeping alive, sign out."""

from fastapi import APIRouter, Request

from carillon_pronote_gateway import gateway
from carillon_pronote_gateway.reading import Me
from carillon_pronote_gateway.rest.parameters import Reading, Token
from carillon_pronote_gateway.rest.problem_answers import PROBLEMS

router = APIRouter(prefix="/pronote/v1", tags=["session"], responses=PROBLEMS)


@router.get("/session")
async def me(reading: Reading) -> Me:
    """Who is signed in, and for whom the account may ask."""
    return reading.me()


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
