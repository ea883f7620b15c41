"""The folder that the embedded mode keeps its data in: its layout, its lock, the ports it remembers."""

import base64
import fcntl
import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from carillon_local import loopback, postgresql
from carillon_local.errors import StartError

MAX_LOG_BYTES = 20 * 1024**2


@dataclass(frozen=True)
class DataFolder:
    """Where things are, below one folder."""

    path: Path

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for this process alone.

        Raises:
            StartError: another Carillon holds it, or it cannot be made.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = (self.path / "lock").open("a+")
        except OSError as error:
            raise StartError(f"{error}: set CARILLON_DATA_DIR to a folder that you may write to.") from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                lock.seek(0)
                raise StartError(
                    f"Another Carillon (process {lock.read().strip()}) uses {self.path}: "
                    "stop it, or set CARILLON_DATA_DIR to another folder."
                ) from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    @contextmanager
    def socket_folder(self) -> Iterator[Path]:
        """A folder for PostgreSQL's socket: below this one, or a temporary one where the path would be too long."""
        folder = self.path / "socket"
        if len(os.fsencode(folder)) + len("/.s.PGSQL.5432.lock") <= postgresql.SOCKET_PATH_LIMIT:
            yield folder
            return
        with tempfile.TemporaryDirectory(prefix="carillon-") as temporary:
            yield Path(temporary)

    def remembered_port(self, name: str) -> int:
        """A free loopback port, the same one at every start.

        Raises:
            StartError: another program has taken it since.
        """
        file = self.path / "ports.json"
        ports: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
        if name not in ports:
            ports[name] = loopback.free_port()
            _write(file, json.dumps(ports, indent=1))
        if loopback.is_taken("127.0.0.1", ports[name]):
            raise StartError(
                f"Port {ports[name]}, where the {name} has been since the first start, is taken by another program: "
                f"stop it, or set CARILLON_DATA_DIR to another folder and begin anew."
            )
        return ports[name]

    def secret_key(self) -> str:
        """The key that seals secrets in the database, made at the first start: 32 bytes in base64."""
        file = self.path / "secret-key"
        if not file.exists():
            _write(file, base64.b64encode(secrets.token_bytes(32)).decode())
        return file.read_text()

    def log(self, part: str) -> Path:
        """Where a part's output goes."""
        return self.path / "logs" / f"{part}.log"

    def rotate_logs(self) -> None:
        """Keep the logs of the last run beside those of this one."""
        for log in (self.path / "logs").glob("*.log"):
            log.replace(log.with_suffix(".log.1"))

    def bound_logs(self) -> None:
        """Keep the newest part of a log that has grown too large (parts append, so it can be cut under them)."""
        for log in (self.path / "logs").glob("*.log"):
            if log.stat().st_size > MAX_LOG_BYTES:
                log.with_suffix(".log.1").write_bytes(log.read_bytes()[-MAX_LOG_BYTES:])
                os.truncate(log, 0)


def _write(file: Path, text: str) -> None:
    """Whole or not at all: a disk may be full, and what is there is not made anew."""
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text(text)
    unfinished.replace(file)
