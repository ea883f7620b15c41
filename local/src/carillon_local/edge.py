"""Caddy from a pip wheel, with the same Caddyfile as in compose."""

import sysconfig
from pathlib import Path

from carillon_local.errors import StartError

CADDYFILE = Path("edge/Caddyfile")


def caddyfile() -> Path:
    """The project's Caddyfile, from its checkout (this package is installed from there)."""
    for parent in Path(__file__).parents:
        if (parent / CADDYFILE).is_file():
            return parent / CADDYFILE
    raise StartError(f"{CADDYFILE} is missing: Carillon's embedded mode runs from a checkout of its repository")


def command() -> list[str]:
    """Serve with the project's Caddyfile."""
    binary = Path(sysconfig.get_path("scripts")) / "caddy"
    return [str(binary), "run", "--config", str(caddyfile()), "--adapter", "caddyfile"]


def environment(host: str, port: int, upstreams: dict[str, int], folder: Path) -> dict[str, str]:
    """The Caddyfile's placeholders: where to listen, the services' loopback ports; its own files in `folder`."""
    ports = {f"CARILLON_{name.upper().replace('-', '_')}_ADDRESS": f"127.0.0.1:{p}" for name, p in upstreams.items()}
    return {
        "CARILLON_EDGE_ADDRESS": f"http://:{port}",
        "CARILLON_EDGE_BIND": host,
        "CARILLON_EDGE_GRACE": "300ms",
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        **ports,
    }
