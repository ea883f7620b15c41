"""What the operator can choose for the rooms service."""

from pathlib import Path

from carillon_kit.settings import RateLimitSettings, ServiceSettings
from pydantic import Field


class RoomsSettings(ServiceSettings, RateLimitSettings):
    """Field `x` is read from `CARILLON_X`."""

    room_policy: Path | None = Field(
        default=None, description="The TOML file with hidden rooms, opening hours, holidays and buildings."
    )
