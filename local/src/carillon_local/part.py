"""What the supervisor has to know of a process."""

import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from carillon_local.readiness import Check


@dataclass(frozen=True)
class Part:
    """A process of the stack: how to start it, how to know that it is ready, how to stop it."""

    name: str
    command: Sequence[str]
    ready: Check
    environment: Mapping[str, str] = field(default_factory=dict)
    """In addition to our own environment."""
    stop_rank: int = 1
    """Parts of one rank stop side by side, those of a lower rank before."""
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within_s: float = 0.5
    last_signal: signal.Signals = signal.SIGKILL
    """For a process that did not stop in that time."""
    not_root: bool = False
    folder: Path | None = None
    """Its working folder; ours by default."""
