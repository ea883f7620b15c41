"""How the sudden emptiness of an answer is handed to the code that makes it."""

from collections.abc import MutableMapping
from typing import Any

from fastapi import Request

_NAME = "carillon.share"


def keep_share(scope: MutableMapping[str, Any], share: float) -> None:
    """Let this request's answer hold about that part of the meetings."""
    scope[_NAME] = share


def share_of(request: Request) -> float:
    """The part of the meetings that the answer is to hold: 1 without a fault."""
    return float(request.scope.get(_NAME, 1))
