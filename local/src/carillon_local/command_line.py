"""The command line `carillon`."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Carillon: an open timetable platform.",
)
simulate = typer.Typer(no_args_is_help=True, help="Run a simulator of an upstream alone.")
sources = typer.Typer(no_args_is_help=True, help="The sources file.", callback=lambda: None)
portals = typer.Typer(no_args_is_help=True, help="The portals (ENT, CAS) that guard Pronote.")
app.add_typer(simulate, name="simulate")
app.add_typer(sources, name="sources")
app.add_typer(portals, name="ent")
tokens = typer.Typer(no_args_is_help=True, help="API tokens, for webhooks.")
app.add_typer(tokens, name="token")

TokenName = Annotated[str, typer.Argument(help="Whose token it is.")]
SourcesFile = Annotated[Path, typer.Option("--sources", envvar="CARILLON_SOURCES", help="The sources file.")]

_PASSED_ON = {"ignore_unknown_options": True, "allow_extra_args": True}
"""A simulator reads its options itself, so that they are the same with `python -m carillon_…_simulator`."""


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
    except (StartError, OSError) as error:
        hint = "" if isinstance(error, StartError) else f" (the data are in {settings.data_folder})"
        sys.stderr.write(f"{error}{hint}\n")
        raise typer.Exit(1) from None


@tokens.command()
def create(name: TokenName) -> None:
    """Make a token in the database of the running Carillon, and show it this once."""
    _change_token("token", name)


@tokens.command()
def revoke(name: TokenName) -> None:
    """Make a token invalid."""
    _change_token("revoke-token", name)


def _change_token(command: str, name: str) -> None:
    import os
    import subprocess

    from carillon_local import postgresql
    from carillon_local.settings import LocalSettings

    settings = LocalSettings.from_environment()
    data = settings.data_dir.resolve()
    url = os.environ.get("CARILLON_DATABASE_URL")
    for folder in (data, settings.demonstration_folder.resolve()):
        url = url or postgresql.running_url(folder / "postgresql")
    if url is None:
        sys.stderr.write(f"No Carillon runs on {data}: start it with `carillon up`, or set CARILLON_DATA_DIR.\n")
        raise typer.Exit(1)
    words = (sys.executable, "-m", "carillon_timetable_api", command, name)
    done = subprocess.run(words, env={**os.environ, "CARILLON_DATABASE_URL": url}, check=False)
    raise typer.Exit(done.returncode)


@sources.command()
def check(file: SourcesFile) -> None:
    """Read every source of the file once and say what it shows or what is wrong; publishes nothing."""
    from carillon_local import sources_trial

    raise typer.Exit(asyncio.run(sources_trial.check(file)))


@app.command()
def scrape(
    slug: Annotated[str, typer.Argument(help="The source's slug.")],
    file: SourcesFile,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Publish nothing.")] = False,
) -> None:
    """Read one source as the scraper would, and show its courses."""
    from carillon_local import sources_trial

    if not dry_run:
        sys.stderr.write("Only the running service publishes: add --dry-run to see what it would read.\n")
        raise typer.Exit(2)
    raise typer.Exit(asyncio.run(sources_trial.scrape(file, slug)))


@portals.command("list")
def list_portals(search: Annotated[str, typer.Argument(help="Words that must occur, e.g. nantes.")] = "") -> None:
    """List the known portals: the name to sign in with, its other names, the portal, its academies."""
    from carillon_local.portals import list_portals as show

    show(search)


@portals.command()
def detect(
    url: Annotated[str, typer.Argument(help="The address of a Pronote, e.g. https://host/pronote/.")],
    *,
    allow_http: Annotated[bool, typer.Option(help="Visit addresses without TLS (the simulator).")] = False,
) -> None:
    """Say which portals may guard a Pronote, those to try first in front."""
    from carillon_local.portals import detect as show

    raise typer.Exit(asyncio.run(show(url, allow_http=allow_http)))


@simulate.command(add_help_option=False, context_settings=_PASSED_ON)
def celcat(context: typer.Context) -> None:
    """A made-up faculty, published as CELCAT does."""
    from carillon_celcat_simulator.__main__ import main

    main(context.args)


@simulate.command(add_help_option=False, context_settings=_PASSED_ON)
def pronote(context: typer.Context) -> None:
    """A made-up school that speaks the Pronote protocol."""
    from carillon_pronote_simulator.__main__ import main

    main(context.args)


@simulate.command(add_help_option=False, context_settings=_PASSED_ON)
def ent(context: typer.Context) -> None:
    """The sign-in pages of school portals (ENT)."""
    from carillon_ent_simulator.__main__ import main

    main(context.args)
