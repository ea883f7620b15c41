"""Sessions are kept alive, renewed once, stored and moved, and ended; every trouble has its error."""

import asyncio
import json
from collections.abc import Callable

import pytest
from carillon_pronote import HttpLimits, PasswordCredentials, Pronote, pages
from carillon_pronote.errors import (
    PronoteError,
    ProtocolError,
    RateLimitedError,
    SessionExpiredError,
    SiteBusyError,
    SiteClosedError,
    SuspendedAddressError,
    UnreachableError,
)

ERA = "2025.2.8"
CREDENTIALS = PasswordCredentials("demonstration", "pronotevs")


async def names(session) -> list[str]:
    return [item.title for item in await pages.news.read_news(session)]


async def sign_in(pronote: Pronote, site, era: str = ERA):
    return await pronote.sign_in(site.root(era), "demonstration", "pronotevs")


@pytest.mark.parametrize("trouble", ["expired-session", "wrong-order"])
async def test_an_expired_session_is_signed_in_again_once(pronote: Pronote, site, fault, trouble):
    session = await sign_in(pronote, site)
    before = await names(session)
    number = session.channel.state.session
    fault(trouble)
    assert await names(session) == before
    assert session.generation == 1
    assert session.channel.state.session != number


async def test_many_calls_that_meet_the_same_expiry_renew_it_together(pronote: Pronote, site, fault):
    session = await sign_in(pronote, site)
    fault("expired-session")
    answers = await asyncio.gather(*(names(session) for _ in range(5)))
    assert all(answer == answers[0] for answer in answers)
    assert session.generation == 1


async def test_a_session_that_expires_again_at_once_is_an_error(pronote: Pronote, site, fault):
    session = await sign_in(pronote, site)
    fault("expired-session", times=2, function="PageActualites")
    with pytest.raises(SessionExpiredError) as caught:
        await names(session)
    assert caught.value.code == 5
    assert session.generation == 1


async def test_object_numbers_of_before_are_found_again_by_name(pronote: Pronote, site, fault):
    session = await sign_in(pronote, site)
    period, child = session.year.periods[0], session.pupil()
    fault("expired-session")
    assert (await pages.marks.read_marks(session, period, child)).grades
    assert session.generation == 1
    assert session.pupil().id != child.id


async def test_a_stored_session_goes_on_in_another_process_without_any_exchange(pronote: Pronote, site, era):
    session = await sign_in(pronote, site, era)
    before = await names(session)
    state = json.loads(json.dumps(await session.export_state()))
    assert "pronotevs" not in json.dumps(state)
    async with Pronote() as other:
        moved = other.restore(state)
        assert moved.facts == session.facts
        assert moved.year == session.year
        assert await names(moved) == before
        back = json.loads(json.dumps(await moved.export_state()))
    assert await names(pronote.restore(back)) == before


async def test_a_stored_session_that_expired_is_signed_in_again_when_the_password_is_known(
    pronote: Pronote, site, fault
):
    state = await (await sign_in(pronote, site)).export_state()
    fault("expired-session")
    with pytest.raises(SessionExpiredError):
        await names(pronote.restore(state))
    renewed = pronote.restore(state, credentials=CREDENTIALS)
    assert await names(renewed)
    assert renewed.generation == 1


@pytest.mark.parametrize("bad", [{}, {"format": 99}, {"format": 1, "account": "student"}])
async def test_what_is_no_stored_session_is_said_so(pronote: Pronote, bad):
    with pytest.raises(ProtocolError, match="stored session"):
        pronote.restore(bad)


async def test_logout_ends_it_here_and_at_pronote(pronote: Pronote, site, era):
    session = await sign_in(pronote, site, era)
    state = await session.export_state()
    await session.logout()
    with pytest.raises(SessionExpiredError):
        await names(session)
    with pytest.raises(SessionExpiredError):
        await names(pronote.restore(state))


async def test_the_timer_keeps_a_session_alive_only_when_it_is_idle(pronote: Pronote, site, era):
    session = await sign_in(pronote, site, era)
    order = session.channel.state.order
    async with session.staying_alive(seconds=0.02):
        assert session.kept_alive
        await asyncio.wait_for(_until(lambda: session.channel.state.order >= order + 6), 10)
    assert not session.kept_alive
    assert await names(session)


async def test_the_timer_stops_at_the_first_failure_and_says_so(pronote: Pronote, site, fault):
    state = await (await sign_in(pronote, site)).export_state()
    session = pronote.restore(state)
    fault("expired-session")
    said: asyncio.Future[PronoteError] = asyncio.get_running_loop().create_future()
    session.start_keep_alive(0.01, said.set_result)
    assert isinstance(await asyncio.wait_for(said, 10), SessionExpiredError)
    session.stop_keep_alive()
    assert not session.kept_alive


NOTICES = {"suspended-ip": (SuspendedAddressError, 2), "closed": (SiteClosedError, 7), "busy": (SiteBusyError, 100)}


@pytest.mark.parametrize("trouble", NOTICES)
async def test_notices_at_sign_in(pronote: Pronote, site, fault, trouble):
    error, code = NOTICES[trouble]
    fault(trouble)
    with pytest.raises(error) as caught:
        await sign_in(pronote, site)
    assert caught.value.code == code


async def test_a_suspension_keeps_all_away_from_the_host(pronote: Pronote, site, fault):
    session = await sign_in(pronote, site)
    fault("suspended-ip")
    with pytest.raises(SuspendedAddressError):
        await sign_in(pronote, site)
    with pytest.raises(SuspendedAddressError, match="left alone"):
        await names(session)


async def test_too_many_requests_are_backed_off(pronote: Pronote, site, fault):
    session = await sign_in(pronote, site)
    fault("rate-limit")
    with pytest.raises(RateLimitedError) as caught:
        await names(session)
    assert (caught.value.code, caught.value.retry_after_seconds) == (6, 30)
    with pytest.raises(RateLimitedError, match="left alone"):
        await names(session)


async def test_a_slow_school_is_given_up_on_and_the_session_goes_on(site, fault):
    async with Pronote(limits=HttpLimits(answer_seconds=0.3)) as pronote:
        session = await sign_in(pronote, site)
        fault("slow", seconds=1)
        with pytest.raises(UnreachableError, match="ReadTimeout"):
            await names(session)
        assert await names(session)


async def test_a_truncated_answer_is_a_typed_error_and_the_session_goes_on(pronote: Pronote, site, fault):
    session = await sign_in(pronote, site)
    fault("truncated")
    with pytest.raises((ProtocolError, UnreachableError)):
        await names(session)
    assert await names(session)


async def _until(true: Callable[[], bool]) -> None:
    while not true():  # noqa: ASYNC110 (the order number has no event)
        await asyncio.sleep(0.01)
