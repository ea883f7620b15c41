"""Ordered faults: which requests they strike, and how often."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

FaultKind = Literal[
    "slow",
    "drip",
    "rate-limited",
    "redirect",
    "login-redirect",
    "login-page",
    "session-expired",
    "truncated",
    "cut-connection",
    "null",
    "wrong-content-type",
    "wrong-encoding",
    "server-error",
    "unauthorized",
    "forbidden",
    "not-found",
    "empty",
    "half-empty",
    "huge",
    "entity-bomb",
]


class FaultOrder(BaseModel):
    """One fault: it spares the first `after` requests to `path` (a pattern with `*`), then strikes `times` of them.

    `times` null: until cleared. `seconds` is the delay of `slow`, and the time that `drip` takes for the
    whole body; `location` where `redirect` leads; `retry_after` what `rate-limited` says (seconds or an
    HTTP date, null: nothing); `megabytes` the size of `huge`.
    """

    model_config = ConfigDict(extra="forbid")

    kind: FaultKind
    path: str = "*"
    times: int | None = Field(default=1, ge=1)
    after: int = Field(default=0, ge=0)
    seconds: float = Field(default=5, ge=0, le=600)
    location: str = "/"
    retry_after: str | None = "2"
    megabytes: int = Field(default=50, ge=1, le=1000)


@dataclass(slots=True)
class Faults:
    """The faults that are ordered and not used up, in their order."""

    ordered: list[FaultOrder] = field(default_factory=list)

    def order(self, fault: FaultOrder) -> None:
        """Let a fault strike from now on."""
        self.ordered.append(fault)

    def clear(self) -> None:
        """Forget all faults."""
        self.ordered.clear()

    def strike(self, path: str) -> FaultOrder | None:
        """The first fault that strikes a request to `path`; the counts of all that it meets go down."""
        struck = None
        for fault in list(self.ordered):
            if struck is not None or not fnmatchcase(path, fault.path):
                continue
            if fault.after:
                fault.after -= 1
                continue
            struck = fault
            if fault.times is not None:
                fault.times -= 1
                if fault.times == 0:
                    self.ordered.remove(fault)
        return struck
