"""`carillon up`: everything on this machine, without containers and without root."""

import asyncio
import contextlib
import os
import signal
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
from carillon_kit.cancellation import together
from carillon_kit.sources_file import SourcesFileError, load_institution, named_slugs

from carillon_local import addresses, demonstration, first_import, leftovers, log_lines, loopback, postgresql, stack
from carillon_local.announcements import Announcements
from carillon_local.data_folder import DataFolder
from carillon_local.demonstration import Demonstration
from carillon_local.errors import StartError
from carillon_local.settings import LocalSettings
from carillon_local.stack import Stack
from carillon_local.supervisor import Supervisor

_CHECK_S = 60


@dataclass(frozen=True)
class _Run:
    """What one run of the embedded mode works with."""

    settings: LocalSettings
    data: DataFolder
    client: httpx.AsyncClient
    supervisor: Supervisor
    announcements: Announcements

    @property
    def address(self) -> str:
        host = "127.0.0.1" if self.settings.host == "0.0.0.0" else self.settings.host  # noqa: S104 - not bound here
        return f"http://{host}:{self.settings.port}"


async def up(settings: LocalSettings, announcements: Announcements, *, verbose: bool = False) -> None:
    """Run Carillon until SIGINT, SIGTERM or SIGHUP.

    Raises:
        StartError: it cannot start.
    """
    data = DataFolder(settings.data_folder)
    async with AsyncExitStack() as held:
        held.enter_context(data.locked())
        await asyncio.to_thread(leftovers.end, data.path / "processes")
        _refuse_taken_port(settings)
        data.rotate_logs()
        client = await held.enter_async_context(
            httpx.AsyncClient(trust_env=False, timeout=10, headers={"Accept-Language": "en"})
        )
        socket = held.enter_context(data.socket_folder())
        supervisor = Supervisor(data, announcements)
        held.push_async_callback(supervisor.stop)
        run = _Run(settings, data, client, supervisor, announcements)
        held.callback(announcements.progress_ends)
        await _until_stopped(run, socket, verbose=verbose)
        announcements.progress_ends()
        announcements.line("Carillon stops.")


async def _until_stopped(run: _Run, socket: Path, *, verbose: bool) -> None:
    stop = asyncio.Event()
    hang_up = set() if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else {signal.SIGHUP}  # not under nohup
    for number in {signal.SIGINT, signal.SIGTERM} | hang_up:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    stopping = asyncio.create_task(stop.wait())
    working = [asyncio.create_task(_serve(run, socket))]
    if verbose:
        working.append(asyncio.create_task(log_lines.follow(run.data.path / "logs", run.announcements.line)))
    try:
        done, _ = await asyncio.wait([stopping, *working], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()  # its error, if it has one
    finally:
        for task in [stopping, *working]:
            task.cancel()
        await asyncio.wait([stopping, *working])


async def _serve(run: _Run, socket: Path) -> None:
    if run.settings.sources is None:
        shown = demonstration.prepare(run.data)
        sources = shown.sources
    else:
        shown, sources = None, run.settings.sources.resolve()
    now, slugs = _read_sources(sources)
    run.announcements.line(f"Carillon starts; its data are in {run.data.path}")
    await _start(run, socket, shown, {"CARILLON_SOURCES": str(sources), "CARILLON_TIMEZONE": str(now.tzinfo)})
    await first_import.follow(run.client, run.address, slugs, run.announcements)
    await _say_addresses(run, shown, now)
    while True:
        await asyncio.sleep(_CHECK_S)
        run.data.bound_logs()
        await run.supervisor.look()


async def _start(run: _Run, socket: Path, shown: Demonstration | None, told: dict[str, str]) -> None:
    settings = {"CARILLON_SECRET_KEYS": run.data.secret_key()}
    if shown is not None:  # the simulators are on this machine
        settings |= {"CARILLON_ALLOW_PRIVATE_ADDRESSES": "true", "CARILLON_REQUEST_PAUSE_S": "0.1"}
    chosen = {name: value for name, value in os.environ.items() if name in settings}
    settings |= chosen | told
    parts = stack.build(run.data, socket, (run.settings.host, run.settings.port), run.client, settings)
    postgresql.prepare(run.data.path / "postgresql", socket)
    await run.supervisor.start(parts.servers)
    await together(_start_database(run, parts), _start_reading(run, parts, shown), _start_others(run, parts))
    await run.supervisor.start([parts.edge])


async def _start_database(run: _Run, parts: Stack) -> None:
    await run.supervisor.run_once("migrations", parts.migrate, parts.environment)
    await run.supervisor.start([parts.services["timetable-api"]])


async def _start_reading(run: _Run, parts: Stack, shown: Demonstration | None) -> None:
    await run.supervisor.start(shown.parts if shown else ())
    await run.supervisor.start([parts.services["scraper"]])


async def _start_others(run: _Run, parts: Stack) -> None:
    await run.supervisor.start([parts.services["rooms"], parts.services["pronote-gateway"]])


def _read_sources(path: Path) -> tuple[datetime, frozenset[str]]:
    """The institution's time, and the sources' slugs."""
    try:
        return datetime.now(load_institution(path).timezone), named_slugs(path)
    except SourcesFileError as error:
        raise StartError(str(error)) from error


async def _say_addresses(run: _Run, shown: Demonstration | None, now: datetime) -> None:
    with contextlib.suppress(httpx.HTTPError):  # somebody restarts just now: they are only examples
        for what, url in await addresses.to_try(run.client, run.address, now):
            run.announcements.line(f"  {url}  {what}")
    if shown is not None:
        run.announcements.line(
            f"  {shown.pronote}  a made-up Pronote, for POST {run.address}/auth/login "
            '{"url": …, "username": "demonstration", "password": "pronotevs"}'
        )
    run.announcements.line(f"Carillon runs on {run.address}; Ctrl-C stops it.", "bold")


def _refuse_taken_port(settings: LocalSettings) -> None:
    if loopback.is_taken(settings.host, settings.port):
        raise StartError(
            f"Port {settings.port} of {settings.host} is taken by another program: "
            f"stop it, or choose another port, e.g. CARILLON_PORT={settings.port + 1}."
        )
