"""A real NATS server with JetStream from a pip wheel."""

import sysconfig
from pathlib import Path


def command(data: Path, ports: Path, port: int = -1) -> list[str]:
    """The server on a loopback port, a free one by default, which it writes into a file below `ports`."""
    return [
        str(Path(sysconfig.get_path("scripts")) / "nats-server"), "--addr", "127.0.0.1", "--port", str(port),
        "--jetstream", "--store_dir", str(data), "--ports_file_dir", str(ports),
    ]  # fmt: skip
