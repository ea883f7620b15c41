"""What every flow's parameters have in common: unknown keys are refused, hosts and addresses are checked."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

Host = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:\d{1,5})?$")
]
"""A host name in lower case, with a port where it is not the usual one."""

_PLACES = ("{service}", "{page}")


def _check_address(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError("an address begins with https:// (or http://)")
    plain = value
    for place in _PLACES:
        plain = plain.replace(place, "")
    if "{" in plain or "}" in plain:
        raise ValueError("only {service} and {page} can be filled in")
    return value


Address = Annotated[str, AfterValidator(_check_address)]
"""An absolute address; ``{service}`` in it stands for the Pronote root, ``{page}`` for the page, both quoted."""


class FlowParameters(BaseModel):
    """Parameters of one flow; a key the flow does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)
