"""The command line `carillon`."""

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Carillon: an open timetable platform.")
simulate = typer.Typer(no_args_is_help=True, help="Run a simulator of an upstream alone.")
app.add_typer(simulate, name="simulate")

Port = Annotated[int, typer.Option(help="Where it listens.", min=1, max=65535)]
Host = Annotated[str, typer.Option(help="The address it listens on.")]


@app.command()
def up(
    *, verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show the logs of all parts.")] = False
) -> None:
    """Run everything on this machine: databases, services, edge (what `make run` calls)."""
    from carillon_local.announcements import Announcements
    from carillon_local.embedded_mode import up as run
    from carillon_local.errors import StartError
    from carillon_local.settings import LocalSettings

    settings = LocalSettings.from_environment()
    try:
        asyncio.run(run(settings, Announcements(), verbose=verbose))
    except StartError as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(1) from None


@simulate.command()
def celcat(
    port: Port,
    host: Host = "127.0.0.1",
    seed: Annotated[int, typer.Option(help="Another number, another faculty.")] = 1,
    today: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="By default today in Paris.")] = None,
    recorded: Annotated[Path | None, typer.Option(help="Serve the files of this folder at /recorded/, too.")] = None,
) -> None:
    """A made-up faculty, published as CELCAT does."""
    from carillon_celcat_simulator import run

    run(port=port, host=host, seed=seed, today=today.date() if today else None, recorded=recorded)


@simulate.command()
def pronote(
    port: Port,
    host: Host = "127.0.0.1",
    era: Annotated[str | None, typer.Option(help="Speak as this version only, e.g. 2025.2.8.")] = None,
    cas_url: Annotated[str | None, typer.Option(help="The address of a portal that signs users in.")] = None,
) -> None:
    """A made-up school that speaks the Pronote protocol."""
    from carillon_pronote_simulator import run

    run(port=port, host=host, era=era, cas_url=cas_url)


@simulate.command()
def ent(port: Port, host: Host = "127.0.0.1") -> None:
    """The sign-in pages of school portals (ENT)."""
    from carillon_ent_simulator import run

    run(port=port, host=host)
