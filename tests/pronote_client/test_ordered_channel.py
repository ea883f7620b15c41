"""One request after the other, each with the next odd number, whatever happens to those who asked."""

import asyncio

import httpx
import pytest
from carillon_pronote import HostPauses
from carillon_pronote.errors import (
    PronoteError,
    ProtocolError,
    RateLimitedError,
    SessionExpiredError,
    SuspendedAddressError,
    UnreachableError,
)
from pronote_ordered_server import OrderedServer


async def begun(server: OrderedServer):
    """A channel, a call on it whose request has arrived, and the event that lets it be answered."""
    arrived, proceed = asyncio.Event(), asyncio.Event()

    async def wait(function):
        if function == "Slow":
            arrived.set()
            await proceed.wait()

    server.before = wait
    channel = server.channel()
    slow = asyncio.create_task(channel.call("Slow"))
    await arrived.wait()
    return channel, slow, proceed


async def test_calls_of_many_tasks_go_one_after_the_other():
    server = OrderedServer()
    channel = server.channel()
    answers = await asyncio.gather(*(channel.call(f"Page{number}") for number in range(20)))
    assert [answer["asked"] for answer in answers] == [f"Page{number}" for number in range(20)]
    assert server.received == list(range(1, 41, 2))
    assert server.most_at_once == 1


async def test_a_cancelled_call_is_ended_before_the_next_begins():
    server = OrderedServer()
    channel, slow, proceed = await begun(server)
    slow.cancel()
    with pytest.raises(asyncio.CancelledError):
        await slow
    following = asyncio.create_task(channel.call("Next"))
    proceed.set()
    assert await following == {"asked": "Next"}
    assert server.received == [1, 3]


async def test_a_call_that_was_cancelled_while_it_waited_its_turn_keeps_the_order():
    server = OrderedServer()
    channel, slow, proceed = await begun(server)
    waiting = asyncio.create_task(channel.call("Waiting"))
    await asyncio.sleep(0)
    waiting.cancel()
    proceed.set()
    await slow
    assert await channel.call("Next") == {"asked": "Next"}
    assert server.received == sorted(server.received)


async def test_after_a_lost_answer_the_request_counts_as_received():
    server = OrderedServer()
    channel = server.channel()

    async def cut(function):
        if function == "Lost":
            raise httpx.ReadTimeout("no answer")

    server.before = cut
    with pytest.raises(UnreachableError):
        await channel.call("Lost")
    assert await channel.call("Next") == {"asked": "Next"}
    assert server.received == [1, 3]


async def test_a_request_that_never_arrived_is_noticed_by_the_next():
    server = OrderedServer()
    channel = server.channel()
    await channel.call("First")
    server.lose_next = True
    with pytest.raises(UnreachableError):
        await channel.call("Lost")
    assert await channel.call("Next") == {"asked": "Next"}
    assert await channel.call("Last") == {"asked": "Last"}
    assert server.received == [1, 5, 3, 5]


async def test_a_request_that_never_left_does_not_count():
    server = OrderedServer()
    channel = server.channel()
    channel.http._transport = httpx.MockTransport(_refused)
    with pytest.raises(UnreachableError):
        await channel.call("Unsent")
    channel.http._transport = httpx.MockTransport(server)
    assert await channel.call("Next") == {"asked": "Next"}
    assert server.received == [1]


async def test_an_answer_to_another_request_is_not_taken():
    server = OrderedServer()
    channel = server.channel()

    async def stale(function):
        return server.reply(7, {"somebody": "else"})

    server.before = stale
    with pytest.raises(SessionExpiredError):
        await channel.call("Page")


async def test_a_long_operation_is_asked_again_until_it_is_ready():
    server = OrderedServer()
    channel = server.channel()
    left = [2]

    async def wait(function):
        if left[0]:
            left[0] -= 1
            answer = server.reply(server.received[-1], {}).json()
            answer["dataSec"]["SignatureAttente"] = {"ParametresAtt": {"delai": 1, "repeterRequete": True}}
            return httpx.Response(200, json=answer)
        return None

    server.before = wait
    assert await channel.call("GenerationPDF") == {"asked": "GenerationPDF"}
    assert server.received == [1, 3, 5]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"Erreur": {"G": 3, "Titre": "", "Message": "Accès refusé"}}, "AccessRefusedError"),
        ({"Erreur": {"G": 8, "Titre": "La page a expiré ! (1)", "Message": ""}}, "SessionExpiredError"),
        ({"Erreur": {"G": 10, "Titre": "", "Message": ""}}, "SessionExpiredError"),
        ({"Erreur": {"G": 11, "Titre": "", "Message": ""}}, "SessionExpiredError"),
        ({"Erreur": {"G": 14, "Titre": "", "Message": ""}}, "SessionExpiredError"),
        ({"Erreur": {"G": 22, "Titre": "", "Message": ""}}, "ExpiredObjectError"),
        (
            {"Erreur": {"G": 25, "Titre": "", "Message": "Vous avez dépassé le nombre d'autorisations"}},
            "RateLimitedError",
        ),
        (
            {"Erreur": {"G": 0, "Titre": "", "Message": "Votre adresse IP est provisoirement suspendue"}},
            "SuspendedAddressError",
        ),
        ({"Erreur": {"G": 99, "Titre": "Panne", "Message": "Réessayez"}}, "PronoteError"),
    ],
)
async def test_the_server_s_errors_are_told_apart(answer, error):
    server = OrderedServer()

    async def refuse(function):
        return httpx.Response(200, json=answer)

    server.before = refuse
    with pytest.raises(PronoteError) as caught:
        await server.channel().call("Page")
    assert type(caught.value).__name__ == error
    assert caught.value.french
    assert caught.value.english


@pytest.mark.parametrize(
    ("page", "error"),
    [
        ("<html>Votre adresse IP est provisoirement suspendue</html>", SuspendedAddressError),
        ("<html>Le site n'est pas disponible</html>", PronoteError),
        ("<html>?</html>", ProtocolError),
    ],
)
async def test_a_page_in_place_of_an_answer_is_the_notice_it_holds(page, error):
    server = OrderedServer()

    async def notice(function):
        return httpx.Response(200, text=page)

    server.before = notice
    with pytest.raises(error):
        await server.channel().call("Page")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_a_host_that_said_too_many_is_left_alone_by_all_its_sessions():
    server, clock = OrderedServer(), Clock()
    hosts = HostPauses(clock)

    async def refuse(function):
        return httpx.Response(200, json={"Erreur": {"G": 25, "Titre": "", "Message": "Vous avez dépassé le nombre"}})

    server.before = refuse
    first, second = server.channel(hosts), server.channel(hosts)
    with pytest.raises(RateLimitedError) as told:
        await first.call("Page")
    assert told.value.retry_after_seconds == 30
    asked = len(server.received)
    with pytest.raises(RateLimitedError) as held:
        await second.call("Page")
    assert len(server.received) == asked
    assert held.value.retry_after_seconds == 30
    clock.now = 31
    with pytest.raises(RateLimitedError) as again:
        await first.call("Page")
    assert again.value.retry_after_seconds == 60
    clock.now = 100
    server.before = None
    await first.call("Page")
    hosts.check("school.example")


def test_a_suspended_address_is_paused_longer_and_at_most_an_hour():
    clock = Clock()
    hosts = HostPauses(clock)
    for _ in range(10):
        hosts.note("school.example", SuspendedAddressError())
    clock.now = 3599
    with pytest.raises(SuspendedAddressError):
        hosts.check("school.example")
    hosts.check("other.example")
    clock.now = 3601
    hosts.check("school.example")


def _refused(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")
