"""Fifty sessions at once in one process, with steady memory."""

import asyncio
import gc
import tracemalloc
from datetime import date

from carillon_pronote import HttpLimits, Pronote, Session, pages
from pronote_servers import TODAY

SESSIONS = 50
PATIENT = HttpLimits(connect_seconds=120, answer_seconds=120)  # one simulator serves them all
KIBIBYTE = 1024


async def one_session(pronote: Pronote, root: str) -> Session:
    session = await pronote.sign_in(root, "demonstration", "pronotevs")
    week = session.year.week_of(date.fromisoformat(TODAY))
    assert (await pages.timetable.read_week(session, week)).lessons
    return session


async def test_fifty_at_once_and_nothing_stays_behind(site):
    async with Pronote(limits=PATIENT) as pronote:

        async def round_of_sessions() -> int:
            sessions = await asyncio.gather(*(one_session(pronote, site.root("2025.2.8")) for _ in range(SESSIONS)))
            assert len({session.channel.state.session for session in sessions}) == SESSIONS
            gc.collect()
            held, _ = tracemalloc.get_traced_memory()
            await asyncio.gather(*(session.logout() for session in sessions))
            return held

        await round_of_sessions()
        tracemalloc.start()
        try:
            gc.collect()
            empty, _ = tracemalloc.get_traced_memory()
            full = await round_of_sessions()
            gc.collect()
            first, _ = tracemalloc.get_traced_memory()
            await round_of_sessions()
            gc.collect()
            last, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert (full - empty) / SESSIONS < 40 * KIBIBYTE
    assert last - first < 200 * KIBIBYTE
