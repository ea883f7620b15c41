"""Faults a test can order; each strikes the given number of times, or until it is cleared."""

from dataclasses import dataclass
from typing import Literal, get_args

FaultName = Literal[
    "expired-session",
    "wrong-order",
    "suspended-ip",
    "busy",
    "closed",
    "slow",
    "truncated",
    "rate-limit",
    "token-lost",
]
FAULT_NAMES: tuple[str, ...] = get_args(FaultName)


@dataclass
class Fault:
    """One ordered fault.

    `times` is how often it still strikes (None: until cleared); `function` limits it to one function of the site, or
    to `page` for the start page; `seconds` is the delay of `slow`; `kind` the `G` of an expired session.
    """

    name: FaultName
    times: int | None = 1
    function: str | None = None
    seconds: float = 1.0
    kind: int = 8


class Faults:
    """The faults of one instance that have been ordered and not used up."""

    def __init__(self) -> None:
        self.ordered: list[Fault] = []

    def order(self, fault: Fault) -> None:
        """Let a fault strike from now on."""
        self.ordered.append(fault)

    def clear(self) -> None:
        """Forget every fault."""
        self.ordered.clear()

    def strike(self, *names: FaultName, function: str) -> Fault | None:
        """The first ordered fault of these names that applies to this request; its count goes down by one."""
        for fault in self.ordered:
            if fault.name in names and fault.function in (None, function):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self.ordered.remove(fault)
                return fault
        return None
