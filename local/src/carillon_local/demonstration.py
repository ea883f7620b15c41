"""Without a sources file Carillon shows itself: a made-up faculty and a made-up school, published by simulators."""

from dataclasses import dataclass
from pathlib import Path

from carillon_local import stack
from carillon_local.data_folder import DataFolder
from carillon_local.part import Part

PRONOTE_VERSION = "2025.2.8"
"""What the made-up Pronote speaks as; `carillon simulate pronote` knows others."""


@dataclass(frozen=True)
class Demonstration:
    """The simulators, and the sources file that reads them."""

    parts: tuple[Part, ...]
    sources: Path
    pronote: str
    """The address of the made-up Pronote."""


def prepare(data: DataFolder) -> Demonstration:
    """Write the sources file. The simulators keep their ports over restarts: a source is known by its address.

    Raises:
        StartError: another program has taken such a port.
    """
    from carillon_celcat_simulator import demonstration_sources

    ports = {name: data.remembered_port(f"{name}-simulator") for name in ("celcat", "pronote")}
    sources = data.path / "demonstration.toml"
    sources.write_text(demonstration_sources(f"http://127.0.0.1:{ports['celcat']}"), encoding="utf-8")
    parts = (
        stack.simulator("celcat", ports["celcat"]),
        stack.simulator("pronote", ports["pronote"], "--era", PRONOTE_VERSION),
    )
    return Demonstration(parts, sources, f"http://127.0.0.1:{ports['pronote']}/pronote/")
